// Work that is given to a dispatch queue leaves a simulation: it is seen, and passed on.
//
// These are weak, so that a static program, which brings libdispatch along, keeps the real ones.
#include "CMitoSimulator.h"
#include "machine.h"
#include <stddef.h>
#include <stdlib.h>

static void seen(void) {
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

#define PASSED_ON(NAME, PARAMETERS, ARGUMENTS)                                                                         \
    __attribute__((weak)) void NAME PARAMETERS {                                                                       \
        seen();                                                                                                        \
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
