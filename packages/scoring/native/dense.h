// Linear layers in machine code. WebAssembly's vectors have four floats, this processor's eight or sixteen.
#ifndef CALLOSUM_DENSE_H
#define CALLOSUM_DENSE_H

#include <stdint.h>

/** Rows of a block: KERNEL_ROWS of packages/scoring. */
#define BLOCK_ROWS 512

/** Where a layer's inputs are and its outputs go, BLOCK_ROWS floats each. */
struct layer {
  /** Where the inputs are, in bytes from `memory` on: in it or elsewhere, hence no smaller type. */
  const double *inputs;
  uint32_t input_count;
  /** The biases of all outputs, then the weights of one output after the other. */
  const float *weights;
  float *outputs;
  uint32_t output_count;
  /** Outputs below it are raised to it: 0 for ReLU, else -INFINITY. */
  float floor;
};

typedef void dense_kernel(const char *memory, const struct layer *layer);

/** With the widest vectors that the processor has, of `lanes_max` floats at most; NULL when WebAssembly's are as wide. */
dense_kernel *dense_find(uint32_t lanes_max);

#endif
