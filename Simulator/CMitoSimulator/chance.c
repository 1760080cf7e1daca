// Every source of chance of the C library. Swift's SystemRandomNumberGenerator asks through syscall.
#define _GNU_SOURCE
#include "CMitoSimulator.h"
#include "machine.h"
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

// SplitMix64, as in MitoLinks.
static uint64_t next(struct mito_machine *machine) {
    machine->chance += 0x9E3779B97F4A7C15u;
    uint64_t z = machine->chance;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void fill(struct mito_machine *machine, void *buffer, size_t length) {
    unsigned char *bytes = buffer;
    machine->drawn += length;
    while (length > 0) {
        uint64_t word = next(machine);
        size_t count = length < sizeof word ? length : sizeof word;
        memcpy(bytes, &word, count);
        bytes += count;
        length -= count;
    }
}

static long answer(long result) {
    if (result >= 0 || result < -4095) return result;
    errno = (int)-result;
    return -1;
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags) {
    struct mito_machine *machine = mito_machine_entered();
    if (!machine) return answer(mito_raw_syscall(SYS_getrandom, (long)buffer, (long)length, flags, 0, 0, 0));
    fill(machine, buffer, length);
    return (ssize_t)length;
}

int getentropy(void *buffer, size_t length) {
    if (length > 256) {
        errno = EIO;
        return -1;
    }
    return getrandom(buffer, length, 0) == (ssize_t)length ? 0 : -1;
}

void arc4random_buf(void *buffer, size_t length) {
    unsigned char *bytes = buffer;
    while (length > 0) {
        ssize_t count = getrandom(bytes, length < 256 ? length : 256, 0);
        if (count <= 0) continue;
        bytes += count;
        length -= (size_t)count;
    }
}

uint32_t arc4random(void) {
    uint32_t word;
    arc4random_buf(&word, sizeof word);
    return word;
}

uint32_t arc4random_uniform(uint32_t bound) {
    if (bound < 2) return 0;
    // The words below this would make some results likelier than others.
    uint32_t favoured = -bound % bound;
    uint32_t word;
    do word = arc4random();
    while (word < favoured);
    return word % bound;
}

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_getrandom) return getrandom((void *)a, (size_t)b, (unsigned)c);
    return answer(mito_raw_syscall(number, a, b, c, d, e, f));
}
