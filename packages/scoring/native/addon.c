// Kernels in machine code over a WebAssembly memory; kernel-addon.ts in src/program declares and explains them.
#include <node_api.h>
#include <stddef.h>
#include <stdlib.h>

#include "bounds.h"
#include "chain.h"
#include "dense.h"
#include "forest.h"

/** A kernel and the memory that its addresses are in. */
struct bound {
  dense_kernel *run;
  char *memory;
};

static napi_value fail(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return NULL;
}

/** What `dense` answers: (columns, columnCount, weights, out, outputCount, floor), addresses in its memory. */
static napi_value run_dense(napi_env env, napi_callback_info info) {
  napi_value arguments[6];
  size_t count = 6;
  void *data;
  uint32_t words[5];
  double floor;
  napi_get_cb_info(env, info, &count, arguments, NULL, &data);
  for (size_t i = 0; i < 5; i++) {
    if (napi_get_value_uint32(env, arguments[i], &words[i]) != napi_ok) return fail(env, "Addresses are numbers.");
  }
  if (napi_get_value_double(env, arguments[5], &floor) != napi_ok) return fail(env, "A floor is a number.");
  const struct bound *bound = data;
  char *memory = bound->memory;
  struct layer layer = {.inputs = (double *)(memory + words[0]),
                        .input_count = words[1],
                        .weights = (float *)(memory + words[2]),
                        .outputs = (float *)(memory + words[3]),
                        .output_count = words[4],
                        .floor = (float)floor};
  bound->run(memory, &layer);
  return NULL;
}

static void free_data(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

/** The memory that an argument is a view of; NULL when it is none. */
static void *memory_of(napi_env env, napi_value argument) {
  void *memory;
  if (napi_get_typedarray_info(env, argument, NULL, NULL, &memory, NULL, NULL) == napi_ok) return memory;
  return fail(env, "Memory is a typed array.");
}

static napi_value null_of(napi_env env) {
  napi_value null;
  napi_get_null(env, &null);
  return null;
}

/** A kernel over the memory that is the only argument; null when there is nothing to run. */
static napi_value open_kernel(napi_env env, napi_callback_info info, napi_callback run) {
  napi_value argument, kernel;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  void *memory = memory_of(env, argument);
  if (!memory) return NULL;
  if (!run) return null_of(env);
  napi_create_function(env, NULL, 0, run, memory, &kernel);
  return kernel;
}

/** dense(memory, lanesMax): kernel, or null */
static napi_value open_dense(napi_env env, napi_callback_info info) {
  napi_value arguments[2], kernel;
  size_t count = 2;
  uint32_t lanes_max;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  void *memory = memory_of(env, arguments[0]);
  if (!memory) return NULL;
  if (napi_get_value_uint32(env, arguments[1], &lanes_max) != napi_ok) return fail(env, "Lanes are counted.");
  dense_kernel *run = dense_find(lanes_max);
  if (!run) return null_of(env);
  struct bound *bound = malloc(sizeof *bound);
  *bound = (struct bound){run, memory};
  napi_create_function(env, "dense", NAPI_AUTO_LENGTH, run_dense, bound, &kernel);
  napi_add_finalizer(env, kernel, bound, free_data, NULL, NULL);
  return kernel;
}

static forest_kernel *forest_here;

/** What `forest` answers: (forest, rowCount), an address in its memory. */
static napi_value run_forest(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  void *memory;
  uint32_t at, row_count;
  napi_get_cb_info(env, info, &count, arguments, NULL, &memory);
  if (napi_get_value_uint32(env, arguments[0], &at) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &row_count) != napi_ok) {
    return fail(env, "Addresses and counts are numbers.");
  }
  forest_here(memory, (const struct forest *)((char *)memory + at), row_count);
  return NULL;
}

/** forest(memory): kernel, or null */
static napi_value open_forest(napi_env env, napi_callback_info info) {
  return open_kernel(env, info, forest_here ? run_forest : NULL);
}

/** What `bounds` answers: (values, count, out), the values' distance from its memory and an address in it. */
static napi_value run_bounds(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  void *memory;
  double values;
  uint32_t value_count, out;
  napi_get_cb_info(env, info, &count, arguments, NULL, &memory);
  if (napi_get_value_double(env, arguments[0], &values) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &value_count) != napi_ok ||
      napi_get_value_uint32(env, arguments[2], &out) != napi_ok) {
    return fail(env, "Addresses and counts are numbers.");
  }
  *(struct bounds *)((char *)memory + out) = bounds_of((const float *)((char *)memory + (ptrdiff_t)values), value_count);
  return NULL;
}

/** bounds(memory): kernel */
static napi_value open_bounds(napi_env env, napi_callback_info info) { return open_kernel(env, info, run_bounds); }

/** What the engine's addon calls without JavaScript: it knows the mark and the first field. */
static const napi_type_tag direct_tag = {0x1D6E3C5A0B7F4E92, 0xA4C85F2E97D1306B};

struct direct {
  void (*score)(const struct direct *direct, uint32_t first, uint32_t end);
  char *memory;
  const struct chain *chain;
};

static chain_kernel *chain_here;

static void score_directly(const struct direct *direct, uint32_t first, uint32_t end) {
  chain_here(direct->memory, direct->chain, first, end);
}

/** What `chain` answers: (rowCount) */
static napi_value run_chain(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  void *direct;
  uint32_t row_count;
  napi_get_cb_info(env, info, &count, &argument, NULL, &direct);
  if (napi_get_value_uint32(env, argument, &row_count) != napi_ok) return fail(env, "Counts are numbers.");
  score_directly(direct, 0, row_count);
  return NULL;
}

/** chain(memory, chain): kernel, with what `direct_tag` marks as its `direct`; or null */
static napi_value open_chain(napi_env env, napi_callback_info info) {
  napi_value arguments[2], external, kernel;
  size_t count = 2;
  uint32_t at;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  char *memory = memory_of(env, arguments[0]);
  if (!memory) return NULL;
  if (napi_get_value_uint32(env, arguments[1], &at) != napi_ok) return fail(env, "Addresses are numbers.");
  if (!chain_here) return null_of(env);
  struct direct *direct = malloc(sizeof *direct);
  *direct = (struct direct){score_directly, memory, (const struct chain *)(memory + at)};
  napi_create_external(env, direct, free_data, NULL, &external);
  napi_type_tag_object(env, external, &direct_tag);
  napi_create_function(env, "chain", NAPI_AUTO_LENGTH, run_chain, direct, &kernel);
  napi_set_named_property(env, kernel, "direct", external);
  return kernel;
}

NAPI_MODULE_INIT() {
  chain_here = chain_find();
  forest_here = forest_find();
  napi_value function;
  napi_create_function(env, "bounds", NAPI_AUTO_LENGTH, open_bounds, NULL, &function);
  napi_set_named_property(env, exports, "bounds", function);
  napi_create_function(env, "chain", NAPI_AUTO_LENGTH, open_chain, NULL, &function);
  napi_set_named_property(env, exports, "chain", function);
  napi_create_function(env, "dense", NAPI_AUTO_LENGTH, open_dense, NULL, &function);
  napi_set_named_property(env, exports, "dense", function);
  napi_create_function(env, "forest", NAPI_AUTO_LENGTH, open_forest, NULL, &function);
  napi_set_named_property(env, exports, "forest", function);
  return exports;
}
