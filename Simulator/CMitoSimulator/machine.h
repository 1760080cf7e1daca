// Shared by the files here.
#pragma once
#include <stdint.h>

/// The system's own function of this name, behind ours; NULL in a static program, which has only one of each.
void *mito_real(const char *name);

/// A system call without the C library's wrapper: the result, or minus an error number.
long mito_raw_syscall(long number, long a, long b, long c, long d, long e, long f);
