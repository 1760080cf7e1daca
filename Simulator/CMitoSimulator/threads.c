#define _GNU_SOURCE
#include "CMitoSimulator.h"
#include "machine.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct start {
    void (*body)(void *);
    void *argument;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.argument);
    return NULL;
}

int mito_thread_start(void (*body)(void *), void *argument) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct start){body, argument};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    // What a simulation makes for itself does not leave it.
    struct mito_machine *machine = mito_machine_entered();
    mito_machine_enter(NULL);
    int code = pthread_create(&thread, &attributes, run, start);
    mito_machine_enter(machine);
    pthread_attr_destroy(&attributes);
    if (code != 0) free(start);
    return code;
}

void mito_thread_vanish(void) { pthread_exit(NULL); }

int mito_thread_number(void) { return (int)mito_raw_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0); }

int mito_thread_is_asleep(int number) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", number);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    // NUMBER (NAME) STATE …, and a name may have brackets in it.
    const char *end = strrchr(text, ')');
    return end && end[1] == ' ' && (end[2] == 'S' || end[2] == 'D');
}
