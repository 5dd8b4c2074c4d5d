// Floats against thresholds in machine code: sixteen rows to a comparison, WebAssembly's vectors have four.
#ifndef CALLOSUM_COMPARE_H
#define CALLOSUM_COMPARE_H

#include <stdint.h>

/** A feature's values, 512 of them, and some of its thresholds. Addresses are in bytes from the memory. */
struct comparison {
  /** In the memory or elsewhere, hence no smaller type. */
  double values;
  uint32_t thresholds;
  uint32_t threshold_count;
  /** A plane of 64 bytes for each threshold: "value > threshold", in the order of rows of kernel-plane.ts. */
  uint32_t planes;
  /** NaN is above every threshold, else below. */
  uint32_t is_nan_above;
};

typedef void compare_kernel(char *memory, const struct comparison *comparisons, uint32_t count);

/** For the processor at hand; NULL when there is none. */
compare_kernel *compare_find(void);

#endif
