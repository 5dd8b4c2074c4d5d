// Kernels in machine code over a WebAssembly memory; kernel-addon.ts in src/program declares and explains them.
#include <node_api.h>
#include <stdlib.h>

#include "compare.h"
#include "dense.h"

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

static void free_bound(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

/** dense(memory, lanesMax): kernel, or null */
static napi_value open_dense(napi_env env, napi_callback_info info) {
  napi_value arguments[2], kernel;
  size_t count = 2;
  void *memory;
  uint32_t lanes_max;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (napi_get_typedarray_info(env, arguments[0], NULL, NULL, &memory, NULL, NULL) != napi_ok)
    return fail(env, "Memory is a typed array.");
  if (napi_get_value_uint32(env, arguments[1], &lanes_max) != napi_ok) return fail(env, "Lanes are counted.");
  dense_kernel *run = dense_find(lanes_max);
  if (!run) {
    napi_get_null(env, &kernel);
    return kernel;
  }
  struct bound *bound = malloc(sizeof *bound);
  *bound = (struct bound){run, memory};
  napi_create_function(env, "dense", NAPI_AUTO_LENGTH, run_dense, bound, &kernel);
  napi_add_finalizer(env, kernel, bound, free_bound, NULL, NULL);
  return kernel;
}

static compare_kernel *compare_here;

/** What `compare` answers: (comparisons, count), an address in its memory. */
static napi_value run_compare(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  void *memory;
  uint32_t at, comparison_count;
  napi_get_cb_info(env, info, &count, arguments, NULL, &memory);
  if (napi_get_value_uint32(env, arguments[0], &at) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &comparison_count) != napi_ok) {
    return fail(env, "Addresses and counts are numbers.");
  }
  compare_here(memory, (const struct comparison *)((char *)memory + at), comparison_count);
  return NULL;
}

/** compare(memory): kernel, or null */
static napi_value open_compare(napi_env env, napi_callback_info info) {
  napi_value argument, kernel;
  size_t count = 1;
  void *memory;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_typedarray_info(env, argument, NULL, NULL, &memory, NULL, NULL) != napi_ok)
    return fail(env, "Memory is a typed array.");
  if (compare_here) napi_create_function(env, "compare", NAPI_AUTO_LENGTH, run_compare, memory, &kernel);
  else napi_get_null(env, &kernel);
  return kernel;
}

NAPI_MODULE_INIT() {
  compare_here = compare_find();
  napi_value function;
  napi_create_function(env, "dense", NAPI_AUTO_LENGTH, open_dense, NULL, &function);
  napi_set_named_property(env, exports, "dense", function);
  napi_create_function(env, "compare", NAPI_AUTO_LENGTH, open_compare, NULL, &function);
  napi_set_named_property(env, exports, "compare", function);
  return exports;
}
