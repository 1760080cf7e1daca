#include "CMitoLinux.h"

// The runtimes of languages read /proc/self/cmdline, which not every root directory has. The C library hands what the
// kernel gave to the process to everything that runs before `main`.
static int count;
static char **words;

__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
    count = argc;
    words = argv;
}

int mito_argument_count(void) { return count; }

const char *mito_argument(int place) { return words[place]; }
