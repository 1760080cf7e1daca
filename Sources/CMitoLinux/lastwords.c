#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Everything here may run in a signal handler: only system calls, and memory that is there.
static atomic_int words = -1;
static atomic_int captured = -1;
/// The function that runs, and a 0. A name that changes while it is told is told half and half.
static _Atomic char running[256];
/// The thread that takes from `captured` and passes on what it took; 0 = none does.
static atomic_int taker;
static struct sigaction before[NSIG];

static void put(const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(words, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

/// Who has taken something may not have passed it on yet. It is given a tenth of a second, unless it is the one that
/// crashed: a process must not hang where it should die.
static void become_taker(void) {
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; i < 100; i++) {
        int other = 0;
        if (atomic_compare_exchange_strong(&taker, &other, gettid()) || other == gettid()) return;
        nanosleep(&pause, NULL);
    }
}

int mito_begin_taking(void) {
    int other = 0;
    return atomic_compare_exchange_strong(&taker, &other, gettid());
}

void mito_end_taking(void) { atomic_store(&taker, 0); }

static void tell_running(void) {
    char name[sizeof running];
    size_t length = 0;
    while ((name[length] = atomic_load_explicit(&running[length], memory_order_relaxed)) != 0) length++;
    if (length == 0) return;
    const char intro[] = "\n" MITO_RUNNING;
    put(intro, sizeof intro - 1);
    put(name, length);
    put("\n", 1);
}

static void speak(void) {
    if (words < 0) return;
    char buffer[4096];
    ssize_t count;
    become_taker();
    fcntl(words, F_SETFL, fcntl(words, F_GETFL) & ~O_NONBLOCK);
    while ((count = read(captured, buffer, sizeof buffer)) > 0) put(buffer, (size_t)count);
    tell_running();
    // Whoever still has something to say, as the backtracer of the runtime, says it there.
    dup2(words, 2);
}

static void crashed(int signal, siginfo_t *info, void *context) {
    speak();
    // The runtime's own handler, if any, says where this was.
    void (*handler)(int) = before[signal].sa_handler;
    if (before[signal].sa_flags & SA_SIGINFO) {
        before[signal].sa_sigaction(signal, info, context);
    } else if (handler != SIG_DFL && handler != SIG_IGN) {
        handler(signal);
    }
    // A fault comes again by itself as soon as this returns; a signal that was sent does not.
    struct sigaction deadly = {.sa_handler = SIG_DFL};
    sigaction(signal, &deadly, NULL);
    if (info->si_code <= 0) raise(signal);
}

int mito_prepare_last_words(int to, int from) {
    const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    captured = from;
    words = to;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (sigaction(signals[i], &action, &before[signals[i]]) != 0) return -1;
    }
    return atexit(speak) == 0 ? 0 : -1;
}

void mito_have_no_last_words(void) { words = -1; }

void mito_is_running(const char *function) {
    // Who has no last words may have several contexts, with a function each.
    if (words < 0) return;
    size_t length = 0;
    for (; length < sizeof running - 1 && function[length] != 0; length++) {
        atomic_store_explicit(&running[length], function[length], memory_order_relaxed);
    }
    atomic_store_explicit(&running[length], 0, memory_order_relaxed);
}
