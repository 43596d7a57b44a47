#include <zmq.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

// As in <poll.h>, which declares it only for _GNU_SOURCE, and Swift's Glibc does without.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

// How much longer than asked the kernel may let the calling thread sleep; prctl has a variable number
// of arguments, which Swift cannot pass.
static inline int set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}
