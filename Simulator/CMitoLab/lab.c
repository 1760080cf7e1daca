#define _GNU_SOURCE
#include "CMitoLab.h"

#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

int mito_lab_netlink_socket(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE); }

int mito_lab_interface_number(const char *name) {
    unsigned number = if_nametoindex(name);
    return number == 0 ? -1 : (int)number;
}

int mito_lab_set_segmentation_offload(int fd, const char *name, int is_on) {
    struct ethtool_value value = {.cmd = ETHTOOL_STSO, .data = is_on != 0};
    struct ifreq request = {.ifr_data = (char *)&value};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return ioctl(fd, SIOCETHTOOL, &request);
}

int mito_lab_timer(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

int mito_lab_set_timer(int fd, int64_t nanoseconds) {
    struct itimerspec time = {.it_value = {nanoseconds / 1000000000, nanoseconds % 1000000000}};
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &time, NULL);
}
