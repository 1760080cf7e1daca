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
