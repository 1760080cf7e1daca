// Every clock of the C library, under which lie all clocks of Swift and Foundation.
#define _GNU_SOURCE
#include "CMitoSimulator.h"
#include "machine.h"
#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

// Where a simulated machine's clocks stand when its simulation begins: 2024-01-01 UTC, and 1000 s after its start.
static const int64_t epoch_wall = 1704067200LL * 1000000000;
static const int64_t epoch_uptime = 1000LL * 1000000000;

static int real_clock_gettime(clockid_t clock, struct timespec *time) {
    typedef int function(clockid_t, struct timespec *);
    // Found twice when two threads are first at once, which changes nothing.
    static function *real;
    static int is_sought;
    if (!__atomic_load_n(&is_sought, __ATOMIC_ACQUIRE)) {
        __atomic_store_n(&real, (function *)mito_real("clock_gettime"), __ATOMIC_RELAXED);
        __atomic_store_n(&is_sought, 1, __ATOMIC_RELEASE);
    }
    function *found = __atomic_load_n(&real, __ATOMIC_RELAXED);
    if (found) return found(clock, time);
    long result = mito_raw_syscall(SYS_clock_gettime, clock, (long)time, 0, 0, 0, 0);
    if (result == 0) return 0;
    errno = (int)-result;
    return -1;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    struct mito_machine *machine = mito_machine_entered();
    if (!machine || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
        return real_clock_gettime(clock, time);
    int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
    int64_t now = machine->now + (is_wall ? epoch_wall : epoch_uptime);
    time->tv_sec = now / 1000000000;
    time->tv_nsec = now % 1000000000;
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *seconds) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (seconds) *seconds = now.tv_sec;
    return now.tv_sec;
}
