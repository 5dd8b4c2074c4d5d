#include "model.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static size_t width_of(enum duckdb_type type) {
  return type == TYPE_DOUBLE || type == TYPE_BIGINT ? 8 : 4;
}

struct model *model_new(struct pool *pool, int32_t id, uint32_t column_count, uint32_t output_count) {
  struct model *model = calloc(1, sizeof *model);
  model->pool = pool;
  model->id = id;
  model->column_count = column_count;
  model->columns = calloc(column_count, sizeof *model->columns);
  model->output_count = output_count;
  model->outputs = calloc(output_count, sizeof *model->outputs);
  return model;
}

void model_free(void *pointer) {
  struct model *model = pointer;
  for (uint32_t i = 0; i < model->column_count; i++) texts_free(model->columns[i].texts);
  for (uint32_t i = 0; i < model->output_count; i++) free(model->outputs[i].name);
  free(model->columns);
  free(model->outputs);
  free(model);
}

void column_add_text(struct column *column, const char *bytes, uint32_t length) {
  if (!column->texts) column->texts = texts_new();
  texts_add(column->texts, bytes, length);
}

static handle struct_of(const struct model *model) {
  handle *types = calloc(model->output_count, sizeof *types);
  const char **names = calloc(model->output_count, sizeof *names);
  for (uint32_t i = 0; i < model->output_count; i++) {
    types[i] = duckdb.create_logical_type(model->outputs[i].type);
    names[i] = model->outputs[i].name;
  }
  handle type = duckdb.create_struct_type(types, names, model->output_count);
  for (uint32_t i = 0; i < model->output_count; i++) duckdb.destroy_logical_type(&types[i]);
  free(types);
  free(names);
  return type;
}

bool model_register(struct model *model, handle connection, const char *name, scalar_function *run) {
  handle function = duckdb.create_scalar_function();
  duckdb.scalar_function_set_name(function, name);
  for (uint32_t i = 0; i < model->column_count; i++) {
    handle type = duckdb.create_logical_type(model->columns[i].type);
    duckdb.scalar_function_add_parameter(function, type);
    duckdb.destroy_logical_type(&type);
  }
  handle type = struct_of(model);
  duckdb.scalar_function_set_return_type(function, type);
  duckdb.destroy_logical_type(&type);
  duckdb.scalar_function_set_special_handling(function);
  duckdb.scalar_function_set_extra_info(function, model, model_free);
  duckdb.scalar_function_set_function(function, run);
  bool is_registered = duckdb.register_scalar_function(connection, function) == 0;
  duckdb.destroy_scalar_function(&function);
  return is_registered;
}

static void put_nan(void *values, enum duckdb_type type, idx_t row) {
  if (type == TYPE_FLOAT) ((float *)values)[row] = NAN;
  else ((double *)values)[row] = NAN;
}

static bool has_nan(enum duckdb_type type) { return type == TYPE_FLOAT || type == TYPE_DOUBLE; }

/** Notes rows without a value; whole words of valid rows are passed over. */
static void take_nulls(const struct column *column, void *values, const uint64_t *validity, idx_t rows,
                       struct missing *missing) {
  for (idx_t word = 0; word * 64 < rows; word++) {
    uint64_t invalid = ~validity[word];
    if (rows - word * 64 < 64) invalid &= (UINT64_C(1) << (rows - word * 64)) - 1;
    if (invalid == 0) continue;
    if (!has_nan(column->type)) {
      missing->any = true;
      missing->rows[word] |= invalid;
      continue;
    }
    for (; invalid != 0; invalid &= invalid - 1) {
      put_nan(values, column->type, word * 64 + (idx_t)__builtin_ctzll(invalid));
    }
  }
}

/** Tells the model where a column is. Answers whether it need not be copied. */
static bool refer(const struct desk *desk, uint32_t index, const void *given, bool is_whole) {
  if (!desk->places[index]) return false;
  const char *at = is_whole ? given : desk->columns[index];
  *desk->places[index] = (double)((intptr_t)at - (intptr_t)desk->memory);
  return is_whole;
}

void take_columns(const struct model *model, const struct desk *desk, handle input, struct missing *missing) {
  idx_t rows = duckdb.data_chunk_get_size(input);
  memset(missing, 0, sizeof *missing);
  for (uint32_t i = 0; i < model->column_count; i++) {
    void *values = desk->columns[i];
    if (!values) continue;
    const struct column *column = &model->columns[i];
    handle vector = duckdb.data_chunk_get_vector(input, i);
    const void *given = duckdb.vector_get_data(vector);
    const uint64_t *validity = duckdb.vector_get_validity(vector);
    if (refer(desk, i, given, rows == CHUNK_ROWS && !validity)) continue;
    if (column->texts) texts_find(column->texts, given, validity, rows, values);
    else memcpy(values, given, rows * width_of(column->type));
    if (validity) take_nulls(column, values, validity, rows, missing);
  }
}

static const char *column_of(const struct desk *desk, uint32_t index) {
  const double *place = desk->places[index];
  return place ? desk->memory + (intptr_t)*place : desk->columns[index];
}

void borrow_columns(const struct model *model, const struct desk *desk, const struct desk *from, uint32_t first,
                    uint32_t end) {
  for (uint32_t i = 0; i < model->column_count; i++) {
    char *values = desk->columns[i];
    if (!values) continue;
    const char *given = column_of(from, i);
    size_t width = width_of(model->columns[i].type);
    if (!refer(desk, i, given, true)) memcpy(values + first * width, given + first * width, (end - first) * width);
  }
}

void bring_scores(const struct model *model, const struct desk *desk, const struct desk *to, uint32_t first,
                  uint32_t end) {
  for (uint32_t i = 0; i < model->output_count; i++) {
    size_t width = width_of(model->outputs[i].type), at = first * width;
    memcpy((char *)to->outputs[i] + at, (const char *)desk->outputs[i] + at, (end - first) * width);
  }
}

#define COUNT_NAN(values, rows, count) \
  for (idx_t row = 0; row < (rows); row++) count += (values)[row] != (values)[row]

static bool any_nan(const void *values, enum duckdb_type type, idx_t rows) {
  uint32_t count = 0;
  if (type == TYPE_FLOAT) COUNT_NAN((const float *)values, rows, count);
  else if (type == TYPE_DOUBLE) COUNT_NAN((const double *)values, rows, count);
  return count > 0;
}

static bool is_nan(const void *values, enum duckdb_type type, idx_t row) {
  return isnan(type == TYPE_FLOAT ? ((const float *)values)[row] : ((const double *)values)[row]);
}

void give_scores(const struct model *model, const struct desk *desk, handle output, idx_t rows,
                 const struct missing *missing) {
  for (uint32_t i = 0; i < model->output_count; i++) {
    enum duckdb_type type = model->outputs[i].type;
    const void *scores = desk->outputs[i];
    handle vector = duckdb.struct_vector_get_child(output, i);
    memcpy(duckdb.vector_get_data(vector), scores, rows * width_of(type));
    bool has_nans = any_nan(scores, type, rows);
    if (!missing->any && !has_nans) continue;
    duckdb.vector_ensure_validity_writable(vector);
    uint64_t *validity = duckdb.vector_get_validity(vector);
    for (idx_t word = 0; word * 64 < rows; word++) validity[word] &= ~missing->rows[word];
    if (!has_nans) continue;
    for (idx_t row = 0; row < rows; row++) {
      if (is_nan(scores, type, row)) validity[row / 64] &= ~(UINT64_C(1) << (row % 64));
    }
  }
}
