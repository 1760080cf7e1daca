// Work that is given to a dispatch queue or to a new thread leaves a simulation: it is seen, and passed on.
//
// Sanitizers have functions of their own in the place of these.
#if !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)
#define _GNU_SOURCE
#include "CMitoSimulator.h"
#include "machine.h"
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <threads.h>

static void saw_dispatch(void) {
    struct mito_machine *machine = mito_machine_entered();
    if (machine) machine->used_dispatch = 1;
}

/// Whoever calls a function of libdispatch has it loaded.
static void *behind(void **known, const char *name) {
    void *real = __atomic_load_n(known, __ATOMIC_RELAXED);
    if (real) return real;
    real = mito_real(name);
    if (!real) abort();
    __atomic_store_n(known, real, __ATOMIC_RELAXED);
    return real;
}

// These are weak, so that a static program, which brings libdispatch along, keeps the real ones.
#define PASSED_ON(NAME, PARAMETERS, ARGUMENTS)                                                                         \
    __attribute__((weak)) void NAME PARAMETERS {                                                                       \
        saw_dispatch();                                                                                                \
        typedef void function PARAMETERS;                                                                              \
        static void *known;                                                                                            \
        ((function *)behind(&known, #NAME)) ARGUMENTS;                                                                 \
    }

PASSED_ON(dispatch_async, (void *queue, void *block), (queue, block))
PASSED_ON(dispatch_async_f, (void *queue, void *context, void *work), (queue, context, work))
PASSED_ON(dispatch_barrier_async, (void *queue, void *block), (queue, block))
PASSED_ON(dispatch_barrier_async_f, (void *queue, void *context, void *work), (queue, context, work))
PASSED_ON(dispatch_group_async, (void *group, void *queue, void *block), (group, queue, block))
PASSED_ON(dispatch_group_notify, (void *group, void *queue, void *block), (group, queue, block))
PASSED_ON(dispatch_after, (uint64_t when, void *queue, void *block), (when, queue, block))
PASSED_ON(dispatch_after_f, (uint64_t when, void *queue, void *context, void *work), (when, queue, context, work))

typedef int make_thread(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

// In a static program the real one goes by this name too, and thrd_create needs it to be there.
extern make_thread __pthread_create __attribute__((weak));
__attribute__((used)) static const void *const needed = (const void *)thrd_create;

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*body)(void *),
                   void *restrict argument) {
    struct mito_machine *machine = mito_machine_entered();
    if (machine) machine->made_thread = 1;
    static void *known;
    make_thread *real = &__pthread_create ? __pthread_create : (make_thread *)behind(&known, "pthread_create");
    return real(thread, attributes, body, argument);
}
#endif
