#define _GNU_SOURCE
#include "CMitoLinux.h"

#include <sys/mount.h>
#include <sys/prctl.h>

int mito_mount_memory(const char *folder) {
    return mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
}

int mito_bind_mount(const char *source, const char *target) { return mount(source, target, NULL, MS_BIND, NULL); }

int mito_forget_ambient(void) { return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); }
