#include "bounds.h"

#include <math.h>
#include <string.h>

#define LANES 4

typedef float floats __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(float))));

static floats choose(masks mask, floats yes, floats no) { return (floats)((mask & (masks)yes) | (~mask & (masks)no)); }

struct bounds bounds_of(const float *values, uint32_t count) {
  floats low = {INFINITY, INFINITY, INFINITY, INFINITY}, high = -low;
  masks missing = {0};
  for (uint32_t at = 0; at < count; at += LANES) {
    floats some;
    if (at + LANES <= count) {
      memcpy(&some, values + at, sizeof some);
    } else {
      for (uint32_t lane = 0; lane < LANES; lane++) some[lane] = values[at + lane < count ? at + lane : at];
    }
    low = choose(some < low, some, low);
    high = choose(some > high, some, high);
    missing |= some != some;
  }
  struct bounds bounds = {low[0], high[0], 0};
  for (int lane = 0; lane < LANES; lane++) {
    if (low[lane] < bounds.low) bounds.low = low[lane];
    if (high[lane] > bounds.high) bounds.high = high[lane];
    if (missing[lane]) bounds.has_nan = 1;
  }
  return bounds;
}
