#include "forest.h"

#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,gfni")))
#define INLINE TARGET static inline __attribute__((always_inline))

#define BLOCK_ROWS 512
#define GROUP_ROWS 16
#define GROUPS (BLOCK_ROWS / GROUP_ROWS)
#define BLOCK_BYTES (BLOCK_ROWS * sizeof(float))
#define PLANE_BYTES 64
#define RANK_BITS_MAX 8
/** Ranking so many features takes about as long as memory does. */
#define FEATURES_AHEAD 3

// A plane has a bit for each row. Row 16 j + i is bit j of lane i, so that shifting brings sixteen rows' bits down.

/** Masks of sixteen rows, one after the other, as a plane: rows of 8 × 8 bits change places with their columns. */
INLINE __m512i plane_of(const uint16_t *masks) {
  // Byte 7 - r of square (h, q) is byte h of mask 8 q + r: the instruction has its rows upside down.
#define SQUARE(h, q) \
  (char)(16 * q + 14 + h), (char)(16 * q + 12 + h), (char)(16 * q + 10 + h), (char)(16 * q + 8 + h), \
      (char)(16 * q + 6 + h), (char)(16 * q + 4 + h), (char)(16 * q + 2 + h), (char)(16 * q + h)
  static const char squares[64] = {SQUARE(0, 0), SQUARE(0, 1), SQUARE(0, 2), SQUARE(0, 3),
                                   SQUARE(1, 0), SQUARE(1, 1), SQUARE(1, 2), SQUARE(1, 3)};
  // Byte q of lane 8 h + c is byte c of square (h, q).
#define LANE(h, c) (char)(32 * h + c), (char)(32 * h + 8 + c), (char)(32 * h + 16 + c), (char)(32 * h + 24 + c)
  static const char lanes[64] = {LANE(0, 0), LANE(0, 1), LANE(0, 2), LANE(0, 3), LANE(0, 4), LANE(0, 5),
                                 LANE(0, 6), LANE(0, 7), LANE(1, 0), LANE(1, 1), LANE(1, 2), LANE(1, 3),
                                 LANE(1, 4), LANE(1, 5), LANE(1, 6), LANE(1, 7)};
  const __m512i one_bit_each = _mm512_set1_epi64(0x8040201008040201);
  __m512i in_squares = _mm512_permutexvar_epi8(_mm512_loadu_si512(squares), _mm512_loadu_si512(masks));
  __m512i turned = _mm512_gf2p8affine_epi64_epi8(one_bit_each, in_squares, 0);
  return _mm512_permutexvar_epi8(_mm512_loadu_si512(lanes), turned);
}

INLINE __mmask16 above(__m512 values, __m512 thresholds, const int is_nan_above) {
  return is_nan_above ? _mm512_cmp_ps_mask(values, thresholds, _CMP_NLE_UQ)
                      : _mm512_cmp_ps_mask(values, thresholds, _CMP_GT_OQ);
}

/**
 * What a binary search may come upon at its first three steps, and tables of what it may at the next ones: by the
 * outcomes of those before, bit j for step j.
 */
struct candidates {
  float steps[7];
  float unused[9];
  float fourth[16], fifth[16], sixth[32], seventh[64], eighth[128];
};

INLINE __m512 look_up(const float *table, __m512i at) {
  return _mm512_permutex2var_ps(_mm512_load_ps(table), at, _mm512_load_ps(table + 16));
}

/** Ranks of values by binary search, which compares once per bit: bit b of rows' ranks is in `masks[b]`. */
INLINE void rank(const float *values, const char *next, const struct candidates *candidates, int groups,
                 uint16_t masks[][GROUPS], const int rank_bits, const int is_nan_above) {
  __m512 steps[7];
  for (int i = 0; i < 7 && i < (1 << rank_bits) - 1; i++) steps[i] = _mm512_set1_ps(candidates->steps[i]);
  const __m512 fourth = _mm512_load_ps(candidates->fourth), fifth = _mm512_load_ps(candidates->fifth);
  for (int group = 0; group < groups; group++) {
    __m512 x = _mm512_loadu_ps(values + group * GROUP_ROWS);
    _mm_prefetch(next + group * GROUP_ROWS * sizeof(float), _MM_HINT_T0);
    __mmask16 a = above(x, steps[0], is_nan_above);
    masks[rank_bits - 1][group] = a;
    if (rank_bits == 1) continue;
    __mmask16 b = above(x, _mm512_mask_blend_ps(a, steps[1], steps[2]), is_nan_above);
    masks[rank_bits - 2][group] = b;
    if (rank_bits == 2) continue;
    __m512 low = _mm512_mask_blend_ps(a, steps[3], steps[5]), high = _mm512_mask_blend_ps(a, steps[4], steps[6]);
    __mmask16 c = above(x, _mm512_mask_blend_ps(b, low, high), is_nan_above);
    masks[rank_bits - 3][group] = c;
    if (rank_bits == 3) continue;
    __m512i at = _mm512_maskz_mov_epi32(a, _mm512_set1_epi32(1));
    at = _mm512_mask_or_epi32(at, b, at, _mm512_set1_epi32(2));
    at = _mm512_mask_or_epi32(at, c, at, _mm512_set1_epi32(4));
    __mmask16 d = above(x, _mm512_permutexvar_ps(at, fourth), is_nan_above);
    masks[rank_bits - 4][group] = d;
    if (rank_bits == 4) continue;
    at = _mm512_mask_or_epi32(at, d, at, _mm512_set1_epi32(8));
    __mmask16 e = above(x, _mm512_permutexvar_ps(at, fifth), is_nan_above);
    masks[rank_bits - 5][group] = e;
    if (rank_bits == 5) continue;
    at = _mm512_mask_or_epi32(at, e, at, _mm512_set1_epi32(16));
    __mmask16 f = above(x, look_up(candidates->sixth, at), is_nan_above);
    masks[rank_bits - 6][group] = f;
    if (rank_bits == 6) continue;
    const float *seventh = candidates->seventh, *eighth = candidates->eighth;
    __mmask16 g = above(x, _mm512_mask_blend_ps(f, look_up(seventh, at), look_up(seventh + 32, at)), is_nan_above);
    masks[rank_bits - 7][group] = g;
    if (rank_bits == 7) continue;
    low = _mm512_mask_blend_ps(f, look_up(eighth, at), look_up(eighth + 32, at));
    high = _mm512_mask_blend_ps(f, look_up(eighth + 64, at), look_up(eighth + 96, at));
    masks[0][group] = above(x, _mm512_mask_blend_ps(g, low, high), is_nan_above);
  }
}

/**
 * Planes "rank > k", `count` of them, from those of the rank's bits. A new highest bit b turns rank > k of n bits into
 * b | old(k) below 2^n - 1, b there, and b & old(k - 2^n) above.
 */
INLINE void threshold_planes(__m512i *planes, uint16_t masks[][GROUPS], int count, const int rank_bits) {
#pragma GCC unroll 8
  for (int bit = 0; bit < rank_bits; bit++) {
    __m512i plane = plane_of(masks[bit]);
    const int known = (1 << bit) - 1;
    const int above_known = bit < rank_bits - 1 ? known : count - known - 1;
    for (int k = 0; k < above_known; k++) {
      __m512i old = _mm512_load_si512(planes + k);
      _mm512_store_si512(planes + k + known + 1, _mm512_and_si512(plane, old));
      _mm512_store_si512(planes + k, _mm512_or_si512(plane, old));
    }
    for (int k = above_known; k < known; k++)
      _mm512_store_si512(planes + k, _mm512_or_si512(plane, _mm512_load_si512(planes + k)));
    _mm512_store_si512(planes + known, plane);
  }
}

INLINE void rank_feature(char *memory, const struct feature *feature, const char *next, int groups,
                         uint16_t masks[][GROUPS], const int rank_bits) {
  const float *values = (const float *)(memory + (ptrdiff_t)feature->values);
  const struct candidates *candidates = (const struct candidates *)(memory + feature->candidates);
  if (feature->is_nan_above) rank(values, next, candidates, groups, masks, rank_bits, 1);
  else rank(values, next, candidates, groups, masks, rank_bits, 0);
}

/** A call for a rank's bits as a constant. */
#define BY_RANK_BITS(rank_bits, CALL) \
  switch (rank_bits) { \
    case 1: CALL(1); break; \
    case 2: CALL(2); break; \
    case 3: CALL(3); break; \
    case 4: CALL(4); break; \
    case 5: CALL(5); break; \
    case 6: CALL(6); break; \
    case 7: CALL(7); break; \
    default: CALL(8); \
  }

/**
 * Masks are written by halves of words and read by vectors, which must wait until they are in the cache: so a feature's
 * planes are made when the next one has been ranked. Values are fetched some features ahead, after the last ones the
 * first ones' of the next block.
 */
TARGET static void rank_features(char *memory, const struct feature *features, uint32_t count, int groups) {
  uint16_t masks[2][RANK_BITS_MAX][GROUPS] __attribute__((aligned(PLANE_BYTES)));
  for (uint32_t i = 0; i <= count; i++) {
    if (i < count) {
      const struct feature *feature = &features[i];
      uint32_t ahead = i + FEATURES_AHEAD;
      const char *next = memory + (ptrdiff_t)features[ahead % count].values + ahead / count * BLOCK_BYTES;
#define RANK(bits) rank_feature(memory, feature, next, groups, masks[i % 2], bits)
      BY_RANK_BITS(feature->rank_bits, RANK)
    }
    if (i > 0) {
      __m512i *planes = (__m512i *)(memory + features[i - 1].planes);
      int count_of = (int)features[i - 1].threshold_count;
#define PLANES(bits) threshold_planes(planes, masks[(i - 1) % 2], count_of, bits)
      BY_RANK_BITS(features[i - 1].rank_bits, PLANES)
    }
  }
}

TARGET static void derive(char *planes, const struct derivation *derivations, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    __m512i a = _mm512_load_si512(planes + derivations[i].a), b = _mm512_load_si512(planes + derivations[i].b);
    _mm512_store_si512(planes + derivations[i].plane, _mm512_andnot_si512(b, a));
  }
}

/**
 * Fills the slots between a tree's leaves: slot k says of each row "its leaf is number k or higher". A split between
 * leaves low and high divides its range: slot = high | (low & plane).
 */
INLINE void walk(char *slots, const char *planes, const struct node *nodes, const struct tree *tree,
                 const int leaves_max) {
  const int low_and_plane_or_high = 0xf8;
  for (int leaf = (int)tree->leaf_count; leaf <= leaves_max; leaf++)
    _mm512_store_si512(slots + leaf * PLANE_BYTES, _mm512_setzero_si512());
  for (uint32_t i = 0; i < tree->node_count; i++) {
    __m512i low = _mm512_load_si512(slots + nodes[i].low), high = _mm512_load_si512(slots + nodes[i].high);
    __m512i plane = _mm512_load_si512(planes + nodes[i].plane);
    _mm512_store_si512(slots + nodes[i].own, _mm512_ternarylogic_epi64(high, low, plane, low_and_plane_or_high));
  }
}

/** Bit b of a leaf's Gray code flips at slots 2^b, 3 · 2^b, 5 · 2^b, … */
INLINE __m512i leaf_bit(const __m512i *slots, const int b, const int leaves_max) {
  __m512i bits = _mm512_load_si512(slots + (1 << b));
  for (int k = 3 << b; k < leaves_max; k += 2 << b) bits = _mm512_xor_si512(bits, _mm512_load_si512(slots + k));
  return bits;
}

/** Where a byte of `mask` has ones a's bits, else b's. */
#define SELECT(mask, a, b) _mm512_ternarylogic_epi64(_mm512_set1_epi8(mask), a, b, 0xca)
#define UP(a, n) _mm512_slli_epi32(a, n)
#define DOWN(a, n) _mm512_srli_epi32(a, n)

/** Four planes, bits of the leaves, as four vectors of leaves: `leaves[k]` has those of groups k, k + 4, k + 8, …, four
 * bits each. */
INLINE void gather_leaves(__m512i leaves[4], const __m512i bits[4]) {
  __m512i even_low = SELECT(0x55, bits[0], UP(bits[1], 1)), even_high = SELECT(0x55, bits[2], UP(bits[3], 1));
  __m512i odd_low = SELECT(0x55, DOWN(bits[0], 1), bits[1]), odd_high = SELECT(0x55, DOWN(bits[2], 1), bits[3]);
  leaves[0] = SELECT(0x33, even_low, UP(even_high, 2));
  leaves[1] = SELECT(0x33, odd_low, UP(odd_high, 2));
  leaves[2] = SELECT(0x33, DOWN(even_low, 2), even_high);
  leaves[3] = SELECT(0x33, DOWN(odd_low, 2), odd_high);
}

INLINE void add(float *sums, int group, __m512 values) {
  float *at = sums + group * GROUP_ROWS;
  _mm512_store_ps(at, _mm512_add_ps(_mm512_load_ps(at), values));
}

INLINE void add16(float *sums, const float *values, const __m512i leaves[4]) {
  __m512 table = _mm512_load_ps(values);
  for (int k = 0; k < 4; k++) {
    for (int n = 0; n < 8; n++) add(sums, 4 * n + k, _mm512_permutexvar_ps(DOWN(leaves[k], 4 * n), table));
  }
}

/** A leaf's value; `leaf` has anything above its bits. */
INLINE __m512 value_of(const float *values, __m512i leaf, const int leaf_bits) {
  if (leaf_bits == 5) return look_up(values, leaf);
  if (leaf_bits == 6) {
    __mmask16 is_high = _mm512_test_epi32_mask(leaf, _mm512_set1_epi32(32));
    return _mm512_mask_blend_ps(is_high, look_up(values, leaf), look_up(values + 32, leaf));
  }
  return _mm512_i32gather_ps(_mm512_and_si512(leaf, _mm512_set1_epi32(0xff)), values, sizeof(float));
}

/** Leaves of more bits: their high ones come beside the low ones, in the place of the next leaf's, and that one's too. */
INLINE void add_wide(float *sums, const float *values, const __m512i low[4], const __m512i high[4],
                     const int leaf_bits) {
  for (int k = 0; k < 4; k++) {
    __m512i even = SELECT(0x0f, low[k], UP(high[k], 4)), odd = SELECT(0x0f, DOWN(low[k], 4), high[k]);
    for (int n = 0; n < 4; n++) {
      add(sums, 8 * n + k, value_of(values, DOWN(even, 8 * n), leaf_bits));
      add(sums, 8 * n + 4 + k, value_of(values, DOWN(odd, 8 * n), leaf_bits));
    }
  }
}

INLINE const struct tree *add_tree(char *memory, const struct forest *forest, const struct tree *tree, char *slots,
                                   const int leaf_bits) {
  const int leaves_max = 1 << leaf_bits;
  walk(slots, memory + forest->planes, (const struct node *)(memory + tree->nodes), tree, leaves_max);
  __m512i bits[8], low[4], high[4];
  for (int b = 0; b < 8; b++) {
    if (b < leaf_bits) bits[b] = leaf_bit((const __m512i *)slots, b, leaves_max);
    else bits[b] = _mm512_setzero_si512();
  }
  gather_leaves(low, bits);
  if (leaf_bits > 4) gather_leaves(high, bits + 4);
  const struct leaf_table *tables = (const struct leaf_table *)(tree + 1);
  for (uint32_t i = 0; i < tree->table_count; i++) {
    float *sums = (float *)(memory + forest->sums + tables[i].sums);
    const float *values = (const float *)(memory + tables[i].values);
    if (leaf_bits == 4) add16(sums, values, low);
    else add_wide(sums, values, low, high, leaf_bits);
  }
  return (const struct tree *)(tables + tree->table_count);
}

TARGET static void forest16(char *memory, const struct forest *forest, uint32_t row_count) {
  int groups = (int)((row_count + GROUP_ROWS - 1) / GROUP_ROWS);
  rank_features(memory, (const struct feature *)(memory + forest->features), forest->feature_count, groups);
  char *planes = memory + forest->planes;
  derive(planes, (const struct derivation *)(memory + forest->derivations), forest->derivation_count);
  memset(memory + forest->sums, 0, forest->sums_bytes);
  char slots[(FOREST_LEAVES_MAX + 1) * PLANE_BYTES] __attribute__((aligned(PLANE_BYTES)));
  _mm512_store_si512(slots, _mm512_set1_epi8(-1));
  const struct tree *tree = (const struct tree *)(memory + forest->trees);
  for (uint32_t i = 0; i < forest->tree_count; i++) {
    if (tree->leaf_count <= 16) tree = add_tree(memory, forest, tree, slots, 4);
    else if (tree->leaf_count <= 32) tree = add_tree(memory, forest, tree, slots, 5);
    else if (tree->leaf_count <= 64) tree = add_tree(memory, forest, tree, slots, 6);
    else tree = add_tree(memory, forest, tree, slots, 8);
  }
}

forest_kernel *forest_find(void) {
  int has_all = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("gfni");
  return has_all ? forest16 : NULL;
}

#else

forest_kernel *forest_find(void) { return NULL; }

#endif
