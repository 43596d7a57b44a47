#include <zmq.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

// As in <poll.h>, which declares it only for _GNU_SOURCE, and Swift's Glibc does without.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
