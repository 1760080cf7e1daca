// The last step: `mito-ns` has executed a copy of itself in memory, and that executes the program.
//
// A container's program may be a link to /proc/self/exe, or a script that names it as its interpreter. What it leads to
// is then executed, and while it runs its file can be opened by the container's other processes: it must not be a file
// of the host's.
#define _GNU_SOURCE
#include "CMitoNamespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *mito_last_step(void) { return "mito-ns: last step"; }

/// One line, whatever the program is called.
static void tell(int descriptor, const char *program, int code) {
    char line[4096];
    int length = descriptor == 2 ? snprintf(line, sizeof line - 1, "mito-ns: %s: %s", program, strerror(code))
                                 : snprintf(line, sizeof line - 1, "start %d %s: %s", code, program, strerror(code));
    if (length < 0) return;
    if (length > (int)sizeof line - 2) length = sizeof line - 2;
    for (int place = 0; place < length; place++) {
        unsigned char byte = (unsigned char)line[place];
        if (byte < 0x20 || byte == 0x7f) line[place] = '?';
    }
    line[length] = '\n';
    if (write(descriptor, line, (size_t)length + 1) < 0) _exit(126);
}

// Before any other: a runtime may want a /proc that is not there.
__attribute__((constructor(101))) static void take_last_step(int count, char **words, char **environment) {
    if (count < 3 || strcmp(words[0], mito_last_step()) != 0) return;
    int descriptor = atoi(words[1]);
    if (descriptor > 2) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    execvpe(words[2], words + 2, environment);
    int code = errno;
    tell(descriptor, words[2], code);
    _exit(code == ENOENT ? 127 : 126);
}
