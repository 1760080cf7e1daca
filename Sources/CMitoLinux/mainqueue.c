#include "CMitoLinux.h"

#include <stddef.h>
#include <unistd.h>

// What libdispatch offers to run loops of others on Linux: the main queue without its own, never-returning loop.
extern int _dispatch_get_main_queue_handle_4CF(void);
extern void _dispatch_main_queue_callback_4CF(void *message);

int mito_main_queue(void) { return _dispatch_get_main_queue_handle_4CF(); }

void mito_serve_main_queue(void) {
    eventfd_t count;
    eventfd_read(_dispatch_get_main_queue_handle_4CF(), &count);
    _dispatch_main_queue_callback_4CF(NULL);
}
