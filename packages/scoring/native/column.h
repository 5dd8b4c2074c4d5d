// Columns of other types as floats, and floats as what an output is: read-column.ts and write-output.ts have the same
// in JavaScript.
#ifndef CALLOSUM_COLUMN_H
#define CALLOSUM_COLUMN_H

#include <stdint.h>

/** Reads rows of a column that a double finds, as floats. */
struct column_step {
  double from;
  uint32_t out;
  /** Floats for the keys from `low` to `high`, which stand for all that is beyond them too. */
  uint32_t table;
  int64_t low, high;
};

typedef void column_kernel(char *memory, const struct column_step *step, uint32_t row_count);

/** By their places in `columnKinds` of chain.ts. */
extern column_kernel *const column_kernels[];

/** The place of the first largest of some floats, row by row: NaN never beats what came before it. */
struct arg_max_step {
  uint32_t out, operands, operand_count;
};

void take_arg_max(char *memory, const struct arg_max_step *step);

/** From 512 floats in the memory to a column in it, by `kind`: as they are, as places in a list, as whole numbers. */
struct column_output {
  uint32_t from, to, kind, labels;
};

void write_output(char *memory, const struct column_output *output, uint32_t first_row, uint32_t row_count);

#endif
