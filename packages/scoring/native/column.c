#include "column.h"

#include <stddef.h>
#include <string.h>

#include "dense.h"

#define CONVERT(name, type) \
  static void name(char *memory, const struct column_step *step, uint32_t row_count) { \
    const type *from = (const type *)(memory + (ptrdiff_t)step->from); \
    float *out = (float *)(memory + step->out); \
    for (uint32_t row = 0; row < row_count; row++) out[row] = (float)(double)from[row]; \
  }

CONVERT(convert_double, double)
CONVERT(convert_int32, int32_t)
CONVERT(convert_int64, int64_t)
CONVERT(convert_bool, uint8_t)

#define LOOK_UP(name, type) \
  static void name(char *memory, const struct column_step *step, uint32_t row_count) { \
    const type *from = (const type *)(memory + (ptrdiff_t)step->from); \
    const float *table = (const float *)(memory + step->table); \
    float *out = (float *)(memory + step->out); \
    for (uint32_t row = 0; row < row_count; row++) { \
      int64_t key = from[row] < step->low ? step->low : from[row] > step->high ? step->high : from[row]; \
      out[row] = table[key - step->low]; \
    } \
  }

LOOK_UP(look_up_int32, int32_t)
LOOK_UP(look_up_int64, int64_t)

column_kernel *const column_kernels[] = {
    convert_double, convert_int32, convert_int64, convert_bool, look_up_int32, look_up_int64,
};

void take_arg_max(char *memory, const struct arg_max_step *step) {
  const double *operands = (const double *)(memory + step->operands);
  float *out = (float *)(memory + step->out), best[BLOCK_ROWS];
  memcpy(best, memory + (ptrdiff_t)operands[0], sizeof best);
  memset(out, 0, sizeof best);
  for (uint32_t place = 1; place < step->operand_count; place++) {
    const float *values = (const float *)(memory + (ptrdiff_t)operands[place]);
    for (int row = 0; row < BLOCK_ROWS; row++) {
      int is_larger = values[row] > best[row];
      best[row] = is_larger ? values[row] : best[row];
      out[row] = is_larger ? (float)place : out[row];
    }
  }
}

enum { FLOATS, LABELS };

void write_output(char *memory, const struct column_output *output, uint32_t first_row, uint32_t row_count) {
  const float *from = (const float *)(memory + output->from);
  if (output->kind == FLOATS) {
    memcpy((float *)(memory + output->to) + first_row, from, row_count * sizeof(float));
    return;
  }
  const int64_t *labels = (const int64_t *)(memory + output->labels);
  int64_t *to = (int64_t *)(memory + output->to) + first_row;
  for (uint32_t row = 0; row < row_count; row++) {
    int64_t whole = (int64_t)from[row];
    to[row] = output->kind == LABELS ? labels[whole] : whole;
  }
}
