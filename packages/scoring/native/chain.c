#include "chain.h"

#include <stddef.h>

#include "column.h"
#include "dense.h"
#include "element.h"
#include "forest.h"

#if defined(__x86_64__)

/** Kinds of steps; from COLUMNS and ELEMENTS on the kernels of column.h and element.h. */
enum { FOREST, LAYER, ARG_MAX, COLUMNS, ELEMENTS = COLUMNS + 6 };

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

static void run_element(char *memory, const struct element_step *step, element_kernel *run) {
  run(floats_at(memory, step->a), floats_at(memory, step->b), floats_at(memory, step->c),
      (float *)(memory + step->out));
}

static void run_step(char *memory, const struct chain_step *step, uint32_t rows) {
  const void *at = memory + step->at;
  if (step->kind == FOREST) forest_here(memory, at, rows);
  else if (step->kind == LAYER) run_layer(memory, at);
  else if (step->kind == ARG_MAX) take_arg_max(memory, at);
  else if (step->kind < ELEMENTS) column_kernels[step->kind - COLUMNS](memory, at, rows);
  else run_element(memory, at, element_kernels[step->kind - ELEMENTS]);
}

static void point(char *memory, const struct chain_input *input, uint32_t row) {
  const uint32_t *targets = (const uint32_t *)(memory + input->targets);
  double place = input->place + (double)row * input->row_bytes;
  for (uint32_t i = 0; i < input->target_count; i++) *(double *)(memory + targets[i]) = place;
}

static void run_chain(char *memory, const struct chain *chain, uint32_t first, uint32_t end) {
  const struct chain_input *inputs = (const struct chain_input *)(memory + chain->inputs);
  const struct chain_step *steps = (const struct chain_step *)(memory + chain->steps);
  const struct column_output *outputs = (const struct column_output *)(memory + chain->outputs);
  for (uint32_t row = first; row < end; row += BLOCK_ROWS) {
    uint32_t rows = end - row < BLOCK_ROWS ? end - row : BLOCK_ROWS;
    for (uint32_t i = 0; i < chain->input_count; i++) point(memory, &inputs[i], row);
    for (uint32_t i = 0; i < chain->step_count; i++) run_step(memory, &steps[i], rows);
    for (uint32_t i = 0; i < chain->output_count; i++) write_output(memory, &outputs[i], row, rows);
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
