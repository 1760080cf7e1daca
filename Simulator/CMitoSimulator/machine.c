#include "CMitoSimulator.h"
#include "machine.h"
#include <stdlib.h>

static __thread struct mito_machine *entered;

struct mito_machine *mito_machine_entered(void) { return entered; }
void mito_machine_enter(struct mito_machine *machine) { entered = machine; }

// Swift's runtime keeps the seed of all hash tables here.
struct hashing_parameters {
    uint64_t seed0, seed1;
    _Bool is_deterministic;
};
extern struct hashing_parameters _swift_stdlib_Hashing_parameters;

void mito_fix_hash_seeds(void) {
    _swift_stdlib_Hashing_parameters = (struct hashing_parameters){0, 0, 1};
}

__attribute__((swiftcall)) extern uint64_t swift_task_getJobTaskId(const void *job);

uint64_t mito_task_number(const void *job) { return swift_task_getJobTaskId(job); }

// The beginning of a task, as the runtime of Swift 6.3 has it on a machine of 64 bits. A test sees tasks end, wait and
// be children, so that another layout is noticed.
struct task_head {
    void *object[2], *scheduler[2];
    uint32_t flags, id;
    void *reserved[2], *resume, *context, *more;
    uintptr_t exclusivity[2];
    uint32_t status;
};

enum {
    TASK_IS_CHILD = 1 << 24,
    TASK_IS_GROUP_CHILD = 1 << 26,
    TASK_IS_ASYNC_LET = 1 << 28,
    STATUS_IS_COMPLETE = 1 << 13,
};

_Static_assert(sizeof(void *) == 8, "a task has another layout here");

int mito_task_is_child(const void *task) {
    const struct task_head *head = task;
    return (head->flags & (TASK_IS_CHILD | TASK_IS_GROUP_CHILD | TASK_IS_ASYNC_LET)) != 0;
}

int mito_task_has_ended(const void *task) {
    const struct task_head *head = task;
    return (__atomic_load_n(&head->status, __ATOMIC_ACQUIRE) & STATUS_IS_COMPLETE) != 0;
}
