#define _GNU_SOURCE
#include "CReference.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char block[256 << 10];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static struct sockaddr_in at(const char *address) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(5001), .sin_addr.s_addr = inet_addr(address)};
}

double c_tcp_receive(double seconds) {
    struct sockaddr_in address = at("0.0.0.0");
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1) < 0) return -1;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return -1;
    double begin = now() + 0.5, time = begin;
    double bytes = 0;
    while (time < begin + seconds) {
        ssize_t count = read(fd, block, sizeof block);
        if (count <= 0) return -1;
        time = now();
        if (time > begin) bytes += count;
    }
    return bytes * 8 / (time - begin);
}

int c_tcp_send(const char *name) {
    struct sockaddr_in address = at(name);
    signal(SIGPIPE, SIG_IGN);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // The other side may not be there yet.
    while (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        if (errno != ECONNREFUSED) return -1;
        close(fd);
        usleep(10000);
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }
    while (write(fd, block, sizeof block) > 0) {}
    return 0;
}

double c_udp_receive(double seconds) {
    struct sockaddr_in address = at("0.0.0.0");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return -1;
    if (read(fd, block, sizeof block) < 0) return -1;
    double begin = now() + 0.5, time = begin;
    double packets = 0;
    while (time < begin + seconds) {
        if (read(fd, block, sizeof block) < 0) return -1;
        time = now();
        if (time > begin) packets++;
    }
    return packets / (time - begin);
}

int c_udp_send(const char *name, double seconds) {
    struct sockaddr_in address = at(name);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return -1;
    double end = now() + seconds;
    // Where nobody listens yet a write fails, and that is no reason to stop.
    while (now() < end) (void)!write(fd, block, 64);
    return 0;
}
