// What Swift's runtime reads of the environment makes it print things, or open a library of the caller's. The C library
// forgets what concerns itself where a file's capabilities or its user make a process more than its caller; this does
// the same for the runtime.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

// Before the runtime reads it. SWIFT_ROOT stays: the program may need it, and nothing here is looked for there.
__attribute__((constructor(101))) static void forget_wishes(int count, char **words, char **environment) {
    (void)count, (void)words;
    if (!getauxval(AT_SECURE)) return;
    char **kept = environment;
    for (char **variable = environment; *variable; variable++) {
        if (strncmp(*variable, "SWIFT_", 6) == 0 && strncmp(*variable, "SWIFT_ROOT=", 11) != 0) continue;
        *kept++ = *variable;
    }
    *kept = NULL;
}
