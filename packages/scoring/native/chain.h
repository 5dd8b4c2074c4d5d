// A model whose steps are all in machine code, scored from its columns to its outputs in one call.
#ifndef CALLOSUM_CHAIN_H
#define CALLOSUM_CHAIN_H

#include <stdint.h>

/** An input column, block after block: `target_count` addresses of doubles are told where it is, from the memory. */
struct chain_input {
  /** Where the column is: in the memory or elsewhere, hence no smaller type. */
  double place;
  uint32_t targets, target_count;
  uint32_t row_bytes, unused;
};

/** `kind` is a place in the list of chain.c; what it works on is at `at`. */
struct chain_step {
  uint32_t kind, at;
};

/** Addresses of lists, and their lengths; outputs are column.h's. */
struct chain {
  uint32_t inputs, input_count;
  uint32_t steps, step_count;
  uint32_t outputs, output_count;
};

/** Scores rows `first` to `end`. Floats are read by 512 rows: what is behind the last row must be readable. */
typedef void chain_kernel(char *memory, const struct chain *chain, uint32_t first, uint32_t end);

/** For the processor at hand; NULL when it lacks what the steps need. */
chain_kernel *chain_find(void);

#endif
