#define _GNU_SOURCE
#include "CMitoLab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

int mito_lab_packet_socket(int interface, int buffer_bytes) {
    // With the protocol 0 it takes nothing before it is bound.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    // The kernel frees what was sent as soon as it gets to it, and needs nobody for that: a short wait loses nothing.
    struct timeval patience = {.tv_usec = 100000};
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = interface};
    // Only root may have more than the system's limit; without, it is as much as that allows.
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes, sizeof buffer_bytes) < 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0
        || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) < 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int code = errno;
        close(fd);
        errno = code;
        return -1;
    }
    return fd;
}

int mito_lab_packets_missed(int fd) {
    struct tpacket_stats numbers = {0};
    socklen_t size = sizeof numbers;
    if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &numbers, &size) < 0) return -1;
    return (int)numbers.tp_drops;
}

/// What the two calls want: one header and one piece of memory for each packet.
struct batch {
    struct mmsghdr headers[MITO_LAB_BATCH];
    struct iovec pieces[MITO_LAB_BATCH];
};

static int fill(struct batch *batch, const struct mito_lab_packet *packets, int count, int is_sending) {
    if (count > MITO_LAB_BATCH) count = MITO_LAB_BATCH;
    for (int i = 0; i < count; i++) {
        batch->pieces[i] = (struct iovec){packets[i].bytes, is_sending ? packets[i].length : packets[i].room};
        batch->headers[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &batch->pieces[i], .msg_iovlen = 1}};
    }
    return count;
}

int mito_lab_receive(int fd, struct mito_lab_packet *packets, int count) {
    struct batch batch;
    int came = recvmmsg(fd, batch.headers, fill(&batch, packets, count, 0), MSG_DONTWAIT, NULL);
    for (int i = 0; i < came; i++) {
        // What did not fit into its buffer is no packet any more.
        int is_whole = !(batch.headers[i].msg_hdr.msg_flags & MSG_TRUNC);
        packets[i].length = is_whole ? batch.headers[i].msg_len : 0;
    }
    return came;
}

int mito_lab_send(int fd, const struct mito_lab_packet *packets, int count) {
    struct batch batch;
    return sendmmsg(fd, batch.headers, fill(&batch, packets, count, 1), 0);
}
