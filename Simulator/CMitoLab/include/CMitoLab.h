// What the lab asks of Linux and Swift's Glibc module leaves out: packet and netlink sockets, interfaces, timers.
// Nothing here decides anything. Every call returns -1 with errno set when it fails.
#pragma once
#include <stdint.h>

/// A close-on-exec socket for rtnetlink in the thread's network namespace.
int mito_lab_netlink_socket(void);

/// The number of a network interface in the thread's network namespace.
int mito_lab_interface_number(const char *name);
/// Lets TCP hand whole bunches of segments to an interface, or not; it holds for connections that exist, too.
/// `fd` is any socket of the interface's network namespace.
int mito_lab_set_segmentation_offload(int fd, const char *name, int is_on);

/// A close-on-exec socket that takes every IPv4 packet which comes in by an interface, whole: a header of
/// MITO_LAB_OFFLOAD_HEADER bytes that says what was left to the hardware, an Ethernet header, and the packet. It gives
/// packets to the interface in the same form.
int mito_lab_packet_socket(int interface, int buffer_bytes);
#define MITO_LAB_OFFLOAD_HEADER 10
/// How many packets the socket had no room for since the last question.
int mito_lab_packets_missed(int fd);

/// One packet in a buffer.
struct mito_lab_packet {
    void *bytes;
    /// How many there is room for.
    uint32_t room;
    /// How many there are.
    uint32_t length;
};
#define MITO_LAB_BATCH 64
/// Takes up to `count` packets that have come, at most MITO_LAB_BATCH; EAGAIN when there is none.
int mito_lab_receive(int fd, struct mito_lab_packet *packets, int count);
/// Gives up to `count` packets, at most MITO_LAB_BATCH, and waits a tenth of a second at most until there is room; the
/// number of those that were taken.
int mito_lab_send(int fd, const struct mito_lab_packet *packets, int count);

/// A close-on-exec descriptor that becomes readable at a time of CLOCK_MONOTONIC.
int mito_lab_timer(void);
/// Sets that time in nanoseconds; 0 = never.
int mito_lab_set_timer(int fd, int64_t nanoseconds);
