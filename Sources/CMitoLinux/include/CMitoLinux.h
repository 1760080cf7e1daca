// What Swift cannot do or cannot see on Linux: the window between fork and exec, variadic calls, and headers that
// its Glibc module leaves out. Nothing here decides anything.
#pragma once
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

#include "MitoNamespaces.h"

/// The numbers of what a child is handed beside its stdio: `NamespaceContract` says what they are for.
enum {
    MITO_FIRST_HANDED = 3,
    MITO_IMAGE = 4,
    MITO_HANDED_MAX = 3,
};

/// What a child process is to be.
struct mito_child {
    /// The program: a path, or a name to be looked up in PATH; NULL = what MITO_IMAGE is open on.
    const char *program;
    /// Both end with NULL.
    char *const *arguments;
    char *const *environment;
    /// Becomes the child's fd 0 and 1.
    int stream;
    /// Becomes the child's fd 2; -1 = the caller's own.
    int errors;
    /// Become the child's fd 3 and those after it; -1 leaves a number free.
    int handed[MITO_HANDED_MAX];
    int handed_count;
};

/// Starts a child that dies with the calling *thread*, holds stdio and what it is handed and no other descriptor, and
/// has default signals.
/// Returns its pid and puts a close-on-exec pidfd into `*pidfd`; or -1 with errno set, also when exec failed.
pid_t mito_spawn(const struct mito_child *child, int *pidfd);

/// Sends `signal` to the process behind a pidfd: never to another that got its number.
int mito_pidfd_send_signal(int pidfd, int signal);

/// Collects an exited child without waiting. 1 = collected, 0 = still there, -1 = errno.
/// `*is_signal` tells whether `*status` is the signal that ended it or its exit status.
int mito_reap(int pidfd, int *is_signal, int *status);

/// Duplicates `fd` as a close-on-exec descriptor of at least 3.
int mito_duplicate(int fd);
/// Whether a program that is executed has `fd`.
int mito_set_close_on_exec(int fd, int is_on);
int mito_set_nonblocking(int fd, int is_on);

/// What this process was started with, its own name first.
int mito_argument_count(void);
const char *mito_argument(int place);

/// How many processors this process may run on; 1 when that cannot be told.
int mito_usable_processors(void);

/// What `ps` and `top` show for the calling thread, and for the process when it is the main one: at most 15 bytes.
int mito_set_thread_name(const char *name);

/// Lets every line of stdout leave at once, also when it is no terminal.
void mito_line_buffer_stdout(void);

/// Hands what stdout has buffered to the system.
void mito_flush_stdout(void);

/// Blocks or unblocks one signal in the calling thread.
int mito_block_signal(int signal, int is_on);

/// Blocks SIGPIPE in the calling thread: 1, or 0 when it was blocked before.
int mito_hold_broken_pipe(void);
/// Forgets a SIGPIPE that waits for the calling thread, and blocks it no longer.
void mito_release_broken_pipe(void);

/// From now on SIGINT, SIGTERM and SIGHUP do no more than to be remembered and to ring the eventfd `bell`; the second
/// of them ends the process at once, with status 128 + its number.
int mito_catch_interrupts(int bell);
/// The first such signal; 0 when none has come.
int mito_interrupt(void);

/// From now on the signal does nothing. Programs that are started later are not affected.
int mito_disregard_signal(int signal);

/// Rings an eventfd whenever SIGUSR1 comes to this process; with -1 the signal does nothing from then on.
int mito_ring_on_request(int bell);

/// A descriptor of the main dispatch queue that is readable when it has work; served by `mito_serve_main_queue`.
int mito_main_queue(void);
/// Does what waits on the main dispatch queue. Only for the main thread.
void mito_serve_main_queue(void);

/// From now on, when this process crashes or calls `exit`: what can be read from `from`, a non-blocking descriptor, is
/// moved to `to`, then comes a line of MITO_RUNNING and the name of the function that runs, and fd 2 is `to` again.
int mito_prepare_last_words(int to, int from);
/// To be called around taking from `from` and passing on what was taken, so that last words come before or after it.
/// Returns 0, and wants no end, when last words are being said: what was printed is among them.
int mito_begin_taking(void);
void mito_end_taking(void);
/// It ends in order: there is nothing to be said.
void mito_have_no_last_words(void);
/// Names the function that runs; "" = none.
void mito_is_running(const char *function);
#define MITO_RUNNING "mitoscope: running "

/// A close-on-exec file in memory, which may be run as a program; `name` is for people.
int mito_memory_file(const char *name);
/// From now on nobody can change what a file in memory holds, nor take this back.
int mito_seal(int fd);

/// Both close-on-exec; 0 is read from, 1 is written to.
int mito_pipe(int pipe[2]);

/// What the kernel sends to this process when the parent ends, as far as the calling *thread* has asked for it.
int mito_parent_death_signal(void);
int mito_set_parent_death_signal(int signal);

/// TCP over IPv4. Address and port are numbers as people write them; the sockets are close-on-exec and never wait.
int mito_tcp_listen(uint32_t address, uint16_t port);
/// The port that a socket is bound to.
int mito_tcp_port(int fd);
/// Begins a connection: it is made, or has failed, when the socket is writable.
int mito_tcp_connect(uint32_t address, uint16_t port);
/// Small writes leave at once, and what is lost is sent again without ever longer waits.
int mito_tcp_hasten(int fd);
/// The error that waits on a socket, as errno; 0 = none.
int mito_socket_error(int fd);
/// The next connection of a listening socket, close-on-exec and never waiting.
int mito_accept(int fd);

/// Unix sockets with a name that is in no folder, and gone with its last user.
int mito_abstract_listen(const char *name);
int mito_abstract_connect(const char *name);
/// Who is at the other end of a unix socket.
int mito_peer(int fd, uid_t *user);

/// Sends bytes, and with the first of them descriptors, at most MITO_DESCRIPTORS_MAX.
ssize_t mito_send_descriptors(int fd, const void *bytes, size_t count, const int *descriptors, int number);
/// Receives bytes, and the descriptors that came with them, close-on-exec; what is too many is closed.
ssize_t mito_receive_descriptors(int fd, void *bytes, size_t count, int *descriptors, int *number);
#define MITO_DESCRIPTORS_MAX 8

/// Blocks these signals in the calling thread, and gives a descriptor that is readable when one has come.
int mito_signal_descriptor(const int *signals, int count);
/// The next signal that has come; 0 when none has.
int mito_take_signal(int fd);
/// Ends this process by a signal, as it would end who has never heard of it, but without a core.
void mito_end_by_signal(int number);
/// Collects one child that has ended, whichever; 0 when none has.
int mito_reap_any(void);
