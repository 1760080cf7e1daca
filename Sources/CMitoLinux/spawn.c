#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Shared by the caller and the child: until exec they have one memory, and the caller stands still.
struct window {
    const struct mito_child *child;
    pid_t parent;
    int error;
};

// Until exec the child has the caller's memory, and with it the book that a sanitizer keeps of the caller: its stack,
// its descriptors, its wish to end. So what runs there is not watched, and what it changes it says to the kernel
// itself, past what a sanitizer puts in place of the C library's functions.
#if defined(__clang__)
#define UNWATCHED __attribute__((disable_sanitizer_instrumentation))
#else
#define UNWATCHED
#endif
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// It would take every clone for a fork.
extern int __clone(int (*run)(void *), void *stack, int flags, void *argument, ...);
#define clone __clone
#endif
#endif

/// The kernel's own form of "no handler, no flags, no mask", and of "no signal".
static const unsigned long kernel_default[4] = {0};
static const unsigned long kernel_no_signal = 0;
enum { kernel_set_bytes = 8, first_handed = MITO_FIRST_HANDED };

UNWATCHED static void end_child(void) {
    for (;;) syscall(SYS_exit_group, 127);
}

/// Another name for `fd` that none of the child's own numbers is.
UNWATCHED static int move_above(int last, int fd) {
    return fd > last ? fd : (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, last + 1);
}

UNWATCHED static void close_above(int last) {
    if (syscall(SYS_close_range, (unsigned)last + 1, ~0U, 0U) == 0) return;
    long limit = sysconf(_SC_OPEN_MAX);
    for (long fd = last + 1; fd < limit; fd++) syscall(SYS_close, (int)fd);
}

/// Gives the child's descriptors their numbers. All are moved out of the way before the first of them is put there.
UNWATCHED static int arrange(const struct mito_child *child) {
    int last = first_handed - 1 + child->handed_count;
    int stream = move_above(last, child->stream);
    int errors = child->errors < 0 ? -1 : move_above(last, child->errors);
    if (stream < 0 || (child->errors >= 0 && errors < 0)) return -1;
    int handed[MITO_HANDED_MAX];
    for (int place = 0; place < child->handed_count; place++) {
        handed[place] = child->handed[place] < 0 ? -1 : move_above(last, child->handed[place]);
        if (child->handed[place] >= 0 && handed[place] < 0) return -1;
    }
    if (syscall(SYS_dup3, stream, 0, 0) < 0 || syscall(SYS_dup3, stream, 1, 0) < 0) return -1;
    if (errors >= 0 && syscall(SYS_dup3, errors, 2, 0) < 0) return -1;
    for (int place = 0; place < child->handed_count; place++) {
        int number = first_handed + place;
        if (handed[place] < 0) syscall(SYS_close, number);
        else if (syscall(SYS_dup3, handed[place], number, 0) < 0) return -1;
    }
    close_above(last);
    return 0;
}

/// Runs on a stack of its own in the caller's memory: only system calls from here to exec.
UNWATCHED static int run_child(void *argument) {
    struct window *window = argument;
    const struct mito_child *child = window->child;

    // A handler of the caller must not run in this memory, so signals are still blocked; ignored ones would stay
    // ignored across exec.
    for (int number = 1; number < NSIG; number++) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        syscall(SYS_rt_sigaction, number, kernel_default, NULL, kernel_set_bytes);
    }
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    // The parent may have died before the line above took effect.
    if (syscall(SYS_getppid) != window->parent) end_child();

    if (arrange(child) != 0) goto failed;

    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kernel_no_signal, NULL, kernel_set_bytes);
    if (child->program) execvpe(child->program, child->arguments, child->environment);
    else syscall(SYS_execveat, MITO_IMAGE, "", child->arguments, child->environment, AT_EMPTY_PATH);
failed:
    window->error = errno;
    end_child();
    return 127;
}

pid_t mito_spawn(const struct mito_child *child, int *pidfd) {
    if (child->handed_count < 0 || child->handed_count > MITO_HANDED_MAX) {
        errno = EINVAL;
        return -1;
    }
    const size_t size = 256 * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -1;

    struct window window = {.child = child, .parent = getpid(), .error = 0};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(run_child, stack + size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &window, pidfd);
    int error = pid < 0 ? errno : window.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, size);

    if (pid >= 0 && error != 0) {
        siginfo_t info;
        waitid(P_PIDFD, (id_t)*pidfd, &info, WEXITED);
        close(*pidfd);
        pid = -1;
    }
    errno = error;
    return pid;
}
