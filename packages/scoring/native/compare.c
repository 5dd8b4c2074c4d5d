#include "compare.h"

#include <stddef.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))

/** Planes of 128 rows: 8 groups of 16, of which group g is bit g of 16 bytes. */
#define PART_ROWS 128
#define PART_BYTES 16
#define GROUPS 8
#define PLANE_BYTES 64

TARGET static inline __attribute__((always_inline)) void compare_part(const float *values, const float *thresholds,
                                                                      uint32_t count, char *planes,
                                                                      const int predicate) {
  __m512 rows[GROUPS];
  for (int g = 0; g < GROUPS; g++) rows[g] = _mm512_loadu_ps(values + g * 16);
  for (uint32_t i = 0; i < count; i++) {
    __m512 threshold = _mm512_set1_ps(thresholds[i]);
    __m128i bits = _mm_setzero_si128();
    for (int g = 0; g < GROUPS; g++) {
      __mmask16 above = predicate == _CMP_GT_OQ ? _mm512_cmp_ps_mask(rows[g], threshold, _CMP_GT_OQ)
                                                : _mm512_cmp_ps_mask(rows[g], threshold, _CMP_NLE_UQ);
      bits = _mm_mask_add_epi8(bits, above, bits, _mm_set1_epi8((char)(1 << g)));
    }
    _mm_storeu_si128((__m128i *)(planes + i * PLANE_BYTES), bits);
  }
}

#define BLOCK_BYTES 2048
#define LINE_BYTES 64
/** Features that lie between fetching a block's values and comparing them: about as long as memory takes. */
#define AHEAD 3

/** Fetches what is compared after some more features: after the last one, the first one's values of the next block. */
TARGET static inline void fetch_ahead(const char *memory, const struct comparison *comparisons, uint32_t count,
                                      uint32_t i) {
  uint32_t next = i + AHEAD;
  const char *values = memory + (ptrdiff_t)comparisons[next % count].values + next / count * BLOCK_BYTES;
  for (int at = 0; at < BLOCK_BYTES; at += LINE_BYTES) _mm_prefetch(values + at, _MM_HINT_T0);
}

TARGET static void compare16(char *memory, const struct comparison *comparisons, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    fetch_ahead(memory, comparisons, count, i);
    const struct comparison *one = &comparisons[i];
    const float *values = (const float *)(memory + (ptrdiff_t)one->values);
    const float *thresholds = (const float *)(memory + one->thresholds);
    char *planes = memory + one->planes;
    for (int part = 0; part < PLANE_BYTES / PART_BYTES; part++) {
      const float *from = values + part * PART_ROWS;
      char *to = planes + part * PART_BYTES;
      if (one->is_nan_above) compare_part(from, thresholds, one->threshold_count, to, _CMP_NLE_UQ);
      else compare_part(from, thresholds, one->threshold_count, to, _CMP_GT_OQ);
    }
  }
}

compare_kernel *compare_find(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") ? compare16 : NULL;
}

#else

compare_kernel *compare_find(void) { return NULL; }

#endif
