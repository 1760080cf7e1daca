// The floor under every figure: the least that two processes need to exchange the same bytes.
#define _GNU_SOURCE
#include "CReference.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { header_size = 26, batch_size = 64 * 1024, warm_up = 1000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static int epoll_on(int fd) {
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -1 : epoll;
}

/// Waits until something can be read; returns its length, 0 at the end of the stream.
static ssize_t wait_and_read(int epoll, int fd, char *buffer, size_t size) {
    struct epoll_event event;
    for (;;) {
        if (epoll_wait(epoll, &event, 1, -1) < 0 && errno != EINTR) return -1;
        ssize_t got = read(fd, buffer, size);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR)) return got;
    }
}

static int read_whole(int epoll, int fd, char *buffer, int size) {
    for (int have = 0; have < size;) {
        ssize_t got = wait_and_read(epoll, fd, buffer + have, (size_t)(size - have));
        if (got <= 0) return -1;
        have += (int)got;
    }
    return 0;
}

static int write_whole(int fd, const char *buffer, size_t size) {
    while (size > 0) {
        ssize_t put = write(fd, buffer, size);
        if (put < 0 && errno != EINTR && errno != EAGAIN) return -1;
        if (put > 0) {
            buffer += put;
            size -= (size_t)put;
        }
    }
    return 0;
}

double c_round_trip(int count, int size) {
    int pair[2];
    char *buffer = calloc(1, (size_t)size);
    double *times = malloc(sizeof(double) * (size_t)count);
    if (!buffer || !times || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return -1;

    pid_t child = fork();
    if (child == 0) {
        close(pair[0]);
        int epoll = epoll_on(pair[1]);
        while (read_whole(epoll, pair[1], buffer, size) == 0) write_whole(pair[1], buffer, (size_t)size);
        _exit(0);
    }
    close(pair[1]);
    int epoll = epoll_on(pair[0]), failed = child < 0 || epoll < 0;
    for (int i = -warm_up; i < count && !failed; i++) {
        double start = now();
        failed = write_whole(pair[0], buffer, (size_t)size) < 0 || read_whole(epoll, pair[0], buffer, size) < 0;
        if (i >= 0) times[i] = now() - start;
    }
    close(epoll);
    close(pair[0]);
    waitpid(child, NULL, 0);
    qsort(times, (size_t)count, sizeof(double), ascending);
    double median = times[count / 2];
    free(times);
    free(buffer);
    return failed ? -1 : median;
}

/// Parses frames, none longer than `frame_max`, until the stream ends; the count of them.
static long count_frames(int epoll, int fd, size_t frame_max) {
    size_t room = frame_max + 2 * batch_size, have = 0;
    char *buffer = malloc(room);
    long frames = 0;
    for (;;) {
        ssize_t got = buffer ? wait_and_read(epoll, fd, buffer + have, room - have) : -1;
        if (got <= 0) {
            free(buffer);
            return frames;
        }
        have += (size_t)got;
        size_t start = 0;
        while (have - start >= header_size) {
            uint32_t length;
            memcpy(&length, buffer + start + 22, sizeof length);
            size_t frame = header_size + ntohl(length);
            if (have - start < frame) break;
            start += frame;
            frames++;
        }
        memmove(buffer, buffer + start, have - start);
        have -= start;
    }
}

double c_stream(long count, int size) {
    int pair[2];
    size_t frame = header_size + (size_t)size, per_batch = frame < batch_size ? batch_size / frame : 1;
    char *batch = calloc(per_batch, frame);
    if (!batch || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return -1;
    for (size_t i = 0; i < per_batch; i++) {
        uint32_t length = htonl((uint32_t)size);
        memcpy(batch + i * frame + 22, &length, sizeof length);
    }

    double start = now();
    pid_t child = fork();
    if (child == 0) {
        close(pair[0]);
        for (long left = count; left > 0; left -= (long)per_batch) {
            size_t frames = left < (long)per_batch ? (size_t)left : per_batch;
            if (write_whole(pair[1], batch, frames * frame) < 0) _exit(1);
        }
        _exit(0);
    }
    close(pair[1]);
    int epoll = epoll_on(pair[0]);
    long frames = child < 0 || epoll < 0 ? -1 : count_frames(epoll, pair[0], frame);
    double seconds = (now() - start) / 1e9;
    close(epoll);
    close(pair[0]);
    waitpid(child, NULL, 0);
    free(batch);
    return frames == count ? (double)count / seconds : -1;
}
