#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

// Handlers run on any thread, also several at once.
static atomic_int interrupt = 0;
static atomic_int interrupt_bell = -1;

static void interrupted(int signal) {
    const int saved = errno;
    if (atomic_exchange(&interrupt, signal) != 0) _exit(128 + signal);
    eventfd_write(interrupt_bell, 1);
    errno = saved;
}

static void disregarded(int signal) { (void)signal; }

static int handle(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    return sigaction(signal, &action, NULL);
}

int mito_catch_interrupts(int bell) {
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;
    sigemptyset(&set);
    interrupt_bell = bell;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&set, signals[i]);
        if (handle(signals[i], interrupted) != 0) return -1;
    }
    // Whoever started us may have had them blocked, and a blocked signal is inherited.
    return pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static atomic_int request_bell = -1;

static void requested(int signal) {
    (void)signal;
    const int saved = errno;
    const int bell = request_bell;
    if (bell >= 0) eventfd_write(bell, 1);
    errno = saved;
}

int mito_ring_on_request(int bell) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    request_bell = bell;
    if (handle(SIGUSR1, requested) != 0) return -1;
    return pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int mito_interrupt(void) { return interrupt; }

int mito_disregard_signal(int signal) { return handle(signal, disregarded); }
