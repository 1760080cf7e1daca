#define _GNU_SOURCE
#include "CMitoLinux.h"

// The thread sanitizer sees the fast path of Synchronization.Mutex, which is compiled into its user, and not the slow
// one, which is in a library of the toolchain: whatever two threads do under a mutex that they both want, it would call
// a race. Here the slow path says what it does.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFTCALL __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFTCALL void (*lock_slow)(uint32_t thread, SELF void *mutex);
typedef SWIFTCALL void (*unlock_slow)(SELF void *mutex);

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

SWIFTCALL void mito_lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFTCALL void mito_unlock_slow(SELF void *mutex) __asm__(UNLOCK_SLOW);

SWIFTCALL void mito_lock_slow(uint32_t thread, SELF void *mutex) {
    static _Atomic lock_slow real;
    if (atomic_load(&real) == NULL) atomic_store(&real, (lock_slow)dlsym(RTLD_NEXT, LOCK_SLOW));
    atomic_load(&real)(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFTCALL void mito_unlock_slow(SELF void *mutex) {
    static _Atomic unlock_slow real;
    if (atomic_load(&real) == NULL) atomic_store(&real, (unlock_slow)dlsym(RTLD_NEXT, UNLOCK_SLOW));
    __tsan_release(mutex);
    atomic_load(&real)(mutex);
}
#endif
#endif
