#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int closing(int fd) {
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

static struct sockaddr_in internet(uint32_t address, uint16_t port) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    place.sin_addr.s_addr = htonl(address);
    return place;
}

int mito_tcp_listen(uint32_t address, uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int on = 1;
    struct sockaddr_in place = internet(address, port);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return closing(fd);
    if (bind(fd, (struct sockaddr *)&place, sizeof place) != 0 || listen(fd, SOMAXCONN) != 0) return closing(fd);
    return fd;
}

int mito_tcp_port(int fd) {
    struct sockaddr_in place;
    socklen_t length = sizeof place;
    if (getsockname(fd, (struct sockaddr *)&place, &length) != 0) return -1;
    return ntohs(place.sin_port);
}

int mito_tcp_connect(uint32_t address, uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    struct sockaddr_in place = internet(address, port);
    if (connect(fd, (struct sockaddr *)&place, sizeof place) != 0 && errno != EINPROGRESS) return closing(fd);
    return fd;
}

int mito_tcp_hasten(int fd) {
    int on = 1;
    // Kernels without the second wait longer after each time that they sent something again.
    setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof on);
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int mito_socket_error(int fd) {
    int code = 0;
    socklen_t length = sizeof code;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) != 0) return -1;
    errno = code;
    return code == 0 ? 0 : -1;
}

int mito_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

static socklen_t abstract(const char *name, struct sockaddr_un *place) {
    size_t length = strlen(name);
    if (length == 0 || length > sizeof place->sun_path - 1) return 0;
    memset(place, 0, sizeof *place);
    place->sun_family = AF_UNIX;
    memcpy(place->sun_path + 1, name, length);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
}

static int abstract_socket(const char *name, int listens) {
    struct sockaddr_un place;
    socklen_t length = abstract(name, &place);
    if (length == 0) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (listens ? bind(fd, (struct sockaddr *)&place, length) != 0 || listen(fd, 16) != 0
                : connect(fd, (struct sockaddr *)&place, length) != 0)
        return closing(fd);
    return fd;
}

int mito_abstract_listen(const char *name) { return abstract_socket(name, 1); }
int mito_abstract_connect(const char *name) { return abstract_socket(name, 0); }

int mito_peer(int fd, uid_t *user) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    *user = peer.uid;
    return 0;
}

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(MITO_DESCRIPTORS_MAX * sizeof(int))];
};

ssize_t mito_send_descriptors(int fd, const void *bytes, size_t count, const int *descriptors, int number) {
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (number > MITO_DESCRIPTORS_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (number > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE((size_t)number * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN((size_t)number * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, (size_t)number * sizeof(int));
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t mito_receive_descriptors(int fd, void *bytes, size_t count, int *descriptors, int *number) {
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    union control control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *number = 0;
    ssize_t received = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int here = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int index = 0; index < here; index++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + (size_t)index * sizeof(int), sizeof descriptor);
            if (*number < MITO_DESCRIPTORS_MAX) descriptors[(*number)++] = descriptor;
            else close(descriptor);
        }
    }
    return received;
}
