// The smallest and largest of some floats, wherever they are: WebAssembly's own kernel reads its memory only.
#ifndef CALLOSUM_BOUNDS_H
#define CALLOSUM_BOUNDS_H

#include <stdint.h>

/** NaN is passed over; `has_nan` is then 1. Without any number `low` is INFINITY and `high` -INFINITY. */
struct bounds {
  float low, high, has_nan;
};

struct bounds bounds_of(const float *values, uint32_t count);

#endif
