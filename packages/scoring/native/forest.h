// Tree ensembles in machine code: sixteen rows to a comparison, 512 to a step of a tree.
#ifndef CALLOSUM_FOREST_H
#define CALLOSUM_FOREST_H

#include <stdint.h>

/** A feature's values, 512 of them, and its thresholds. Addresses are in bytes from the memory. */
struct feature {
  /** In the memory or elsewhere, hence no smaller type. */
  double values;
  /** Where the thresholds are, in the order of a binary search: `struct candidates`. */
  uint32_t candidates;
  /** Bits of a value's rank among them: 1 to 8. */
  uint32_t rank_bits;
  uint32_t threshold_count;
  /** Where "value > threshold" goes: a plane for each. */
  uint32_t planes;
  /** NaN is above every threshold, else below. */
  uint32_t is_nan_above;
  uint32_t unused;
};

/** A plane that is made of two others: a and not b. */
struct derivation {
  uint32_t plane, a, b;
};

/** One split. `plane` is in bytes from the forest's planes; the slots are boundaries between leaves, in bytes. */
struct node {
  uint32_t plane;
  uint16_t low, high;
  uint32_t own;
};

/** Values of the leaves, by their Gray codes, and how far from the first sum they go. */
struct leaf_table {
  uint32_t sums, values;
};

/** `table_count` leaf tables follow. */
struct tree {
  uint32_t nodes, node_count, leaf_count, table_count;
};

struct forest {
  uint32_t features, feature_count;
  uint32_t derivations, derivation_count;
  uint32_t trees, tree_count;
  uint32_t planes;
  /** 512 floats for each target. */
  uint32_t sums, sums_bytes;
};

/** Leaves of the largest tree that it walks. */
#define FOREST_LEAVES_MAX 256

typedef void forest_kernel(char *memory, const struct forest *forest, uint32_t row_count);

/** For the processor at hand; NULL when there is none. */
forest_kernel *forest_find(void);

#endif
