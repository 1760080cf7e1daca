// A process that waits for another one in its stead: signals that are meant for the child are passed on to it.
#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static sigset_t before;
static struct sigaction child_action;

static sigset_t held(void) {
    static const int passed[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD};
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < sizeof passed / sizeof *passed; index++) sigaddset(&set, passed[index]);
    return set;
}

void mito_hold_signals(void) {
    // Where SIGCHLD is ignored the kernel collects children itself, and nobody learns how they ended.
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &usual, &child_action);
    sigset_t set = held();
    sigprocmask(SIG_BLOCK, &set, &before);
}

void mito_release_signals(void) {
    sigaction(SIGCHLD, &child_action, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int mito_next_signal(void) {
    sigset_t set = held();
    for (;;) {
        siginfo_t info;
        int number = sigwaitinfo(&set, &info);
        if (number < 0) continue;
        if (number == SIGCHLD) return 0;
        if (info.si_code != SI_KERNEL) return number;
    }
}
