// The kernel of dense.c, included once for each width of vectors: LANES floats, of which ROW_VECTORS side by side take
// part in TILE_OUTPUTS outputs, as many as there are registers. DENSE names it, TARGET allows its instructions.

typedef float VECTOR __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define GROUP_ROWS (LANES * ROW_VECTORS)

/** A part of a layer's inputs for a group of rows, packed, and where its sums go on. */
struct PART {
  const float *packed;
  uint32_t input_count;
  /** From one output's weights to the next one's. */
  uint32_t stride;
  /** Sums begin with them, or NULL: with what the parts before have left in the outputs. */
  const float *biases;
  float floor;
};

TARGET static inline __attribute__((always_inline)) void TILE(const struct PART *part, const float *weights,
                                                              float *outputs, int first, const int output_count) {
  VECTOR sums[TILE_OUTPUTS][ROW_VECTORS];
  for (int o = 0; o < output_count; o++) {
    for (int v = 0; v < ROW_VECTORS; v++) {
      if (part->biases) sums[o][v] = (VECTOR){0} + part->biases[first + o];
      else sums[o][v] = ((const VECTOR *)(outputs + o * BLOCK_ROWS))[v];
    }
  }
  for (uint32_t i = 0; i < part->input_count; i++) {
    const VECTOR *inputs = (const VECTOR *)(part->packed + i * GROUP_ROWS);
    for (int o = 0; o < output_count; o++) {
      float weight = weights[o * part->stride + i];
      for (int v = 0; v < ROW_VECTORS; v++) sums[o][v] += inputs[v] * weight;
    }
  }
  for (int o = 0; o < output_count; o++) {
    for (int v = 0; v < ROW_VECTORS; v++) {
      float *to = outputs + o * BLOCK_ROWS + v * LANES;
      for (int i = 0; i < LANES; i++) to[i] = sums[o][v][i] < part->floor ? part->floor : sums[o][v][i];
    }
  }
}

TARGET static void OUTPUTS(const struct PART *part, const float *weights, float *outputs, uint32_t count) {
  uint32_t o = 0;
#define REST(n)                                                                              \
  case n:                                                                                    \
    TILE(part, weights + o * part->stride, outputs + o * BLOCK_ROWS, (int)o, n);             \
    break
  for (; o + TILE_OUTPUTS <= count; o += TILE_OUTPUTS) {
    TILE(part, weights + o * part->stride, outputs + o * BLOCK_ROWS, (int)o, TILE_OUTPUTS);
  }
  switch (count - o) {
    REST(1);
    REST(2);
    REST(3);
    REST(4);
    REST(5);
  }
#undef REST
}

TARGET static void DENSE(const char *memory, const struct layer *layer) {
  float packed[PART_INPUTS * GROUP_ROWS] __attribute__((aligned(64)));
  const float *weights = layer->weights + layer->output_count;
  for (uint32_t row = 0; row < BLOCK_ROWS; row += GROUP_ROWS) {
    for (uint32_t first = 0; first < layer->input_count; first += PART_INPUTS) {
      uint32_t left = layer->input_count - first, count = left < PART_INPUTS ? left : PART_INPUTS;
      for (uint32_t i = 0; i < count; i++) {
        double place = layer->inputs[first + i];
        const char *input = memory + (ptrdiff_t)place + row * sizeof(float);
        if (is_elsewhere(place)) fetch_next(input, GROUP_ROWS * sizeof(float));
        memcpy(packed + i * GROUP_ROWS, input, GROUP_ROWS * sizeof(float));
      }
      struct PART part = {packed, count, layer->input_count, first == 0 ? layer->weights : NULL,
                          count == left ? layer->floor : -INFINITY};
      OUTPUTS(&part, weights + first, layer->outputs + row, layer->output_count);
    }
  }
}

#undef GROUP_ROWS
#undef LANES
#undef ROW_VECTORS
#undef TARGET
#undef VECTOR
#undef PART
#undef TILE
#undef OUTPUTS
#undef DENSE
