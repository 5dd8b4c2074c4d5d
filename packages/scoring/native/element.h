// Arithmetic, comparison and choice over columns of 512 floats, as kernel-element.ts and kernel-exponential.ts have
// them in WebAssembly: the same results to the last bit. Truth values are 0 and 1.
#ifndef CALLOSUM_ELEMENT_H
#define CALLOSUM_ELEMENT_H

typedef void element_kernel(const float *a, const float *b, const float *c, float *out);

/** By their places in `elementKinds` of chain.ts. */
extern element_kernel *const element_kernels[];

#endif
