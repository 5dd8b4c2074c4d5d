#include "chain.h"

#include <stddef.h>
#include <string.h>

#include "dense.h"
#include "element.h"
#include "forest.h"

#if defined(__x86_64__)

/** Kinds of steps; from ELEMENTS on the kernels of element.h. */
enum { FOREST, LAYER, ELEMENTS };

/** A layer whose inputs, weights and outputs are addresses. */
struct layer_step {
  uint32_t inputs, input_count, weights, outputs, output_count;
  float floor;
};

/** Operands are where chain_input says, or in the memory. */
struct element_step {
  double a, b, c;
  uint32_t out;
};

static forest_kernel *forest_here;
static dense_kernel *dense_here;

static void run_layer(const char *memory, const struct layer_step *step) {
  struct layer layer = {.inputs = (const double *)(memory + step->inputs),
                        .input_count = step->input_count,
                        .weights = (const float *)(memory + step->weights),
                        .outputs = (float *)(memory + step->outputs),
                        .output_count = step->output_count,
                        .floor = step->floor};
  dense_here(memory, &layer);
}

static const float *floats_at(const char *memory, double place) {
  return (const float *)(memory + (ptrdiff_t)place);
}

static void run_step(char *memory, const struct chain_step *step, uint32_t rows) {
  const void *at = memory + step->at;
  if (step->kind == FOREST) {
    forest_here(memory, at, rows);
  } else if (step->kind == LAYER) {
    run_layer(memory, at);
  } else {
    const struct element_step *element = at;
    element_kernels[step->kind - ELEMENTS](floats_at(memory, element->a), floats_at(memory, element->b),
                                           floats_at(memory, element->c), (float *)(memory + element->out));
  }
}

static void run_chain(char *memory, const struct chain *chain, uint32_t row_count) {
  const struct chain_input *inputs = (const struct chain_input *)(memory + chain->inputs);
  const struct chain_step *steps = (const struct chain_step *)(memory + chain->steps);
  const struct chain_output *outputs = (const struct chain_output *)(memory + chain->outputs);
  for (uint32_t row = 0; row < row_count; row += BLOCK_ROWS) {
    uint32_t rows = row_count - row < BLOCK_ROWS ? row_count - row : BLOCK_ROWS;
    for (uint32_t i = 0; i < chain->input_count; i++) {
      const uint32_t *targets = (const uint32_t *)(memory + inputs[i].targets);
      double place = inputs[i].place + (double)row * sizeof(float);
      for (uint32_t j = 0; j < inputs[i].target_count; j++) *(double *)(memory + targets[j]) = place;
    }
    for (uint32_t i = 0; i < chain->step_count; i++) run_step(memory, &steps[i], rows);
    for (uint32_t i = 0; i < chain->output_count; i++) {
      memcpy(memory + outputs[i].to + row * sizeof(float), memory + outputs[i].from, rows * sizeof(float));
    }
  }
}

chain_kernel *chain_find(void) {
  forest_here = forest_find();
  dense_here = dense_find(UINT32_MAX);
  // Its layers need AVX2, as the kernels of element.h do.
  return dense_here ? run_chain : NULL;
}

#else

chain_kernel *chain_find(void) { return NULL; }

#endif
