#include "dense.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)

/** Outputs that are summed up together. */
#define TILE_OUTPUTS 6
/** Inputs that are packed together: what a group of rows has of them stays in the nearest cache. */
#define PART_INPUTS 128

/** Whether an input is not in WebAssembly's memory but where the engine has it, and so hardly in a cache. */
static inline int is_elsewhere(double place) { return place < 0 || place >= 4294967296.0; }

/** Fetches the same rows of the next block, which follows as a rule. */
static inline void fetch_next(const char *rows, size_t size) {
  const size_t line = 64;
  for (size_t at = 0; at < size; at += line) __builtin_prefetch(rows + BLOCK_ROWS * sizeof(float) + at);
}

#define LANES 16
#define ROW_VECTORS 4
#define TARGET __attribute__((target("avx512f")))
#define VECTOR vector16
#define PART part16
#define TILE tile16
#define OUTPUTS outputs16
#define DENSE dense16
#include "dense-kernel.h"

#define LANES 8
#define ROW_VECTORS 2
#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR vector8
#define PART part8
#define TILE tile8
#define OUTPUTS outputs8
#define DENSE dense8
#include "dense-kernel.h"

dense_kernel *dense_find(uint32_t lanes_max) {
  if (lanes_max >= 16 && __builtin_cpu_supports("avx512f")) return dense16;
  if (lanes_max >= 8 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return dense8;
  return NULL;
}

#else

dense_kernel *dense_find(uint32_t lanes_max) {
  (void)lanes_max;
  return NULL;
}

#endif
