#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int mito_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0U); }

int mito_setns(int fd, int kinds) { return setns(fd, kinds); }

int mito_unshare(int kinds) { return unshare(kinds); }

int mito_namespace_kind(int fd) { return ioctl(fd, NS_GET_NSTYPE); }

static int is_of(int fd, long kind) {
    struct statfs status;
    return fstatfs(fd, &status) != 0 ? -1 : status.f_type == kind;
}

int mito_is_namespace(int fd) { return is_of(fd, NSFS_MAGIC); }

int mito_is_proc(int fd) { return is_of(fd, PROC_SUPER_MAGIC); }

int mito_open_folder(int below, const char *path, int is_followed) {
    return openat(below, path, O_PATH | O_DIRECTORY | O_CLOEXEC | (is_followed ? 0 : O_NOFOLLOW));
}

int mito_place(int folder, const char *path, struct mito_place *place) {
    struct statx status = {0};
    int flags = AT_NO_AUTOMOUNT | (*path == 0 ? AT_EMPTY_PATH : 0);
    if (statx(folder, path, flags, STATX_INO | 0x1000U /* STATX_MNT_ID, since 5.8 */, &status) != 0) return -1;
    place->device = (unsigned long long)status.stx_dev_major << 32 | status.stx_dev_minor;
    place->file = status.stx_ino;
    place->mount = status.stx_mask & 0x1000U ? status.stx_mnt_id : 0;
    return 0;
}

int mito_close_on_exec_from(int first) {
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) == 0) return 0;
    long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < limit; fd++) mito_set_close_on_exec(fd, 1);
    return 0;
}

void mito_close_between(int first, int last) {
    if (first > last || syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0U) == 0) return;
    long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd <= last && fd < limit; fd++) close(fd);
}

int mito_make_mounts_private(void) { return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL); }

int mito_mount_proc(void) { return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL); }

int mito_mount_memory(const char *folder) {
    return mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
}

int mito_bind_mount(const char *source, const char *target) { return mount(source, target, NULL, MS_BIND, NULL); }

int mito_set_groups(size_t count, const gid_t *groups) { return setgroups(count, groups); }

int mito_set_group(gid_t group) { return setresgid(group, group, group); }

int mito_set_user(uid_t user) { return setresuid(user, user, user); }

int mito_keep_capabilities(int is_on) { return prctl(PR_SET_KEEPCAPS, is_on, 0, 0, 0); }

int mito_drop_bounding(int capability) { return prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); }

int mito_forget_ambient(void) { return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); }

int mito_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int mito_set_dumpable(int is_on) { return prctl(PR_SET_DUMPABLE, is_on, 0, 0, 0); }

pid_t mito_fork(void) { return fork(); }

int mito_execute(int image, char *const *arguments, char *const *environment) {
    return (int)syscall(SYS_execveat, image, "", arguments, environment, AT_EMPTY_PATH);
}

int mito_execute_program(const char *program, char *const *arguments, char *const *environment) {
    return execvpe(program, arguments, environment);
}
