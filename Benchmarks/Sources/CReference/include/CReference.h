#ifndef C_REFERENCE_H
#define C_REFERENCE_H

/// The median time in nanoseconds of `count` echoes of `size` bytes between two processes over a socketpair, each side
/// waiting in epoll: what a broker cannot beat without spinning. Negative on failure.
double c_round_trip(int count, int size);

/// Frames per second, one way, between two processes over a socketpair: `count` frames of a 26-byte header and `size`
/// bytes, written 64 KiB or one frame at a time, and parsed by the reader. Negative on failure.
double c_stream(long count, int size);

/// Waits for one TCP connection, and gives the bits per second that come in by it, without those of the first half
/// second. Negative on failure.
double c_tcp_receive(double seconds);

/// Connects to an IPv4 address where that is done, and sends until the other side has enough. -1 on failure.
int c_tcp_send(const char *address);

/// The packets per second that come in by UDP, without those of the first half second. Negative on failure.
double c_udp_receive(double seconds);

/// Sends packets of 64 bytes by UDP for so long, whether they come in or not. -1 on failure.
int c_udp_send(const char *address, double seconds);

#endif
