#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int mito_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int mito_reap(int pidfd, int *is_signal, int *status) {
    siginfo_t info = {0};
    if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) != 0) return -1;
    if (info.si_pid == 0) return 0;
    *is_signal = info.si_code != CLD_EXITED;
    *status = info.si_status;
    return 1;
}

int mito_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

int mito_set_close_on_exec(int fd, int is_on) { return fcntl(fd, F_SETFD, is_on ? FD_CLOEXEC : 0); }

int mito_memory_file(const char *name) {
    // Kernels before 6.3 do not know that such a file can be said to be a program, and let every one be.
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x0010U /* MFD_EXEC */);
    return fd < 0 && errno == EINVAL ? memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

int mito_seal(int fd) { return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE); }

int mito_pipe(int pipe[2]) { return pipe2(pipe, O_CLOEXEC); }

int mito_parent_death_signal(void) {
    int signal = 0;
    return prctl(PR_GET_PDEATHSIG, &signal) == 0 ? signal : 0;
}

int mito_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int mito_set_nonblocking(int fd, int is_on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, is_on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int mito_usable_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int mito_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name); }

void mito_line_buffer_stdout(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

void mito_flush_stdout(void) { fflush(stdout); }

int mito_hold_broken_pipe(void) {
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return pthread_sigmask(SIG_BLOCK, &set, &before) == 0 && !sigismember(&before, SIGPIPE);
}

void mito_release_broken_pipe(void) {
    const struct timespec at_once = {0, 0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR) {}
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int mito_block_signal(int signal, int is_on) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return pthread_sigmask(is_on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}
