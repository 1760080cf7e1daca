// What simulated code sees in place of the machine: clocks and chance.
//
// A program that links this has its own clock_gettime, gettimeofday, time, getrandom, getentropy, arc4random* and
// syscall. On a thread that has entered a machine they answer from it; on every other thread they do what the system's
// do. It works in dynamic and in static programs, since the linker takes a program's own symbols first.
#pragma once
#include <stdint.h>

/// A machine under virtual time. Threads enter one each, and one thread at a time uses it.
struct mito_machine {
    /// Whose machine it is; nothing here looks at it.
    void *owner;
    /// Nanoseconds since the simulation began.
    int64_t now;
    /// Of the generator that answers for the system's.
    uint64_t chance;
    /// How many bytes of chance were asked for.
    uint64_t drawn;
    /// Was work given to a dispatch queue? Only seen in dynamic programs: a static one has libdispatch's own functions.
    int used_dispatch;
    /// Was a thread made?
    int made_thread;
};

/// The calling thread's machine; NULL where it has none.
struct mito_machine *mito_machine_entered(void);

/// Lets the calling thread use `machine` from now on; with NULL it is back in the real world.
void mito_machine_enter(struct mito_machine *machine);

/// Starts a detached thread that runs `body(argument)`. 0 or an error number.
int mito_thread_start(void (*body)(void *), void *argument);

/// Ends the calling thread where it stands: nothing on its stack is unwound by Swift code.
void mito_thread_vanish(void) __attribute__((noreturn));

/// The calling thread's number, for `mito_thread_is_asleep`.
int mito_thread_number(void);

/// Is this thread of the process waiting for something, rather than running or wanting to? 0 where one cannot tell.
int mito_thread_is_asleep(int number);

/// The number by which the runtime knows the task that a job is a piece of.
uint64_t mito_task_number(const void *job);

/// Does another task wait for this one by structure: is it a child of a group, or an `async let`?
int mito_task_is_child(const void *task);

/// Has this task come to its end? It must be kept alive by whoever asks.
int mito_task_has_ended(const void *task);

/// Gives every hash table that is made from now on the same seed. Tables that exist are lost: nothing is found in them.
void mito_fix_hash_seeds(void);
