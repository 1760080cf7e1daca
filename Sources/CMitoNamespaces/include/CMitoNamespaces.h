// What `mito-ns` does before anything of a language's runtime runs.
#pragma once

/// The name under which `mito-ns` is executed for its last step. Two words follow, the descriptor that a failure is
/// told on (3 = as a report) and the program; then its arguments.
const char *mito_last_step(void);
