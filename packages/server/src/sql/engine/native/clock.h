// Time, and short waits that do not fall asleep.
#ifndef CALLOSUM_CLOCK_H
#define CALLOSUM_CLOCK_H

#include <sched.h>
#include <stdint.h>
#include <time.h>

static inline int64_t nanoseconds_of(clockid_t clock) {
  struct timespec time = {0};
  clock_gettime(clock, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static inline int64_t nanoseconds(void) { return nanoseconds_of(CLOCK_MONOTONIC); }

/** Lets others run, for so long at most, while `condition` does not hold. */
#define WATCH(condition, duration) \
  for (int64_t until = nanoseconds() + (duration); !(condition) && nanoseconds() < until;) sched_yield()

#endif
