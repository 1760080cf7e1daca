// Namespaces, and what a program does before it becomes another one. Nothing here decides anything.
#pragma once
#include <sys/types.h>

/// The kinds of namespaces, as `setns` and `unshare` take them. One may be added to another.
enum {
    MITO_TIME = 0x00000080,
    MITO_MOUNT = 0x00020000,
    MITO_CGROUP = 0x02000000,
    MITO_UTS = 0x04000000,
    MITO_IPC = 0x08000000,
    MITO_USER = 0x10000000,
    MITO_PID = 0x20000000,
    MITO_NET = 0x40000000,
};

/// A close-on-exec descriptor of a process, which never becomes that of its successor.
int mito_pidfd_open(pid_t pid);
/// Joins the namespace behind a descriptor, or those of these kinds that the process behind a pidfd is in.
int mito_setns(int fd, int kinds);
int mito_unshare(int kinds);
/// Of which kind a namespace is; -1 with errno set.
int mito_namespace_kind(int fd);
/// 1 = `fd` is open on a namespace, 0 = on something else, -1 = errno. The same for what /proc has.
int mito_is_namespace(int fd);
int mito_is_proc(int fd);

/// Holds a folder without reading it; close-on-exec. `path` may be relative to the folder `below`; -1 with ELOOP or
/// ENOTDIR where its last part is a symbolic link that must not be followed.
int mito_open_folder(int below, const char *path, int is_followed);

/// Where a folder is: which device, which file there, and by which mount it was reached.
struct mito_place {
    unsigned long long device, file, mount;
};
/// Of `path` below `folder`, or of `folder` itself when `path` is empty.
int mito_place(int folder, const char *path, struct mito_place *place);

/// Makes every descriptor from `first` on close-on-exec.
int mito_close_on_exec_from(int first);
/// Closes every descriptor from `first` to `last`.
void mito_close_between(int first, int last);

/// In a mount namespace of the calling process's own: no mount is passed on to, or taken over from, other ones.
int mito_make_mounts_private(void);
/// Mounts a /proc that shows the pid namespace of the calling process.
int mito_mount_proc(void);
/// Mounts an empty file system in memory, which everybody may write to, at a folder.
int mito_mount_memory(const char *folder);
/// Puts one file or folder in the place of another.
int mito_bind_mount(const char *source, const char *target);

int mito_set_groups(size_t count, const gid_t *groups);
int mito_set_group(gid_t group);
int mito_set_user(uid_t user);
/// Whether a change of user leaves the permitted capabilities alone; forgotten by exec.
int mito_keep_capabilities(int is_on);
int mito_no_new_privileges(void);
/// No program that is executed from here on can get this capability.
int mito_drop_bounding(int capability);
/// No program that is executed from here on has a capability for the sake of this process.
int mito_forget_ambient(void);
/// Whether a user's other processes may look into this one, as far as its capabilities let them.
int mito_set_dumpable(int is_on);

pid_t mito_fork(void);
/// Both replace the calling process: by the file behind a descriptor, or by a program that is looked up in PATH.
int mito_execute(int image, char *const *arguments, char *const *environment);
int mito_execute_program(const char *program, char *const *arguments, char *const *environment);

/// From here to `mito_release_signals`, what is to be passed on to a child, and its end, wait.
void mito_hold_signals(void);
void mito_release_signals(void);
/// Waits for one of them. 0 = a child has ended, or another signal that one must pass on; a terminal's, which the child
/// got too, is not among them.
int mito_next_signal(void);
