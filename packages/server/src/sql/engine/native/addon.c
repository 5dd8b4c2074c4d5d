// The threads of a DuckDB database as JavaScript sees them; duckdb-threads.ts declares and explains these functions.
#include <node_api.h>
#include <stdlib.h>

#include "duckdb.h"
#include "model.h"
#include "pool.h"
#include "script.h"

#define POOLS_MAX 1024

/** Shared by all JavaScript threads of the process, which know a pool by its place. */
static struct pool *pools[POOLS_MAX];
static pthread_mutex_t pools_lock = PTHREAD_MUTEX_INITIALIZER;

/** The binding's own marks on what it hands out: bindings/src/type_tags.h in duckdb/duckdb-node-neo. */
static const napi_type_tag database_tag = {0x835A8533653C40D1, 0x83B3BE2B233BA8F3};
static const napi_type_tag connection_tag = {0x922B9BF54AB04DFC, 0x8A258578D371DB71};

/** The mark of packages/scoring/native/addon.c on a model that needs no JavaScript. */
static const napi_type_tag direct_tag = {0x1D6E3C5A0B7F4E92, 0xA4C85F2E97D1306B};

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

/** A database or connection of the binding: it keeps a pointer to DuckDB's. NULL when it is something else. */
static handle handle_of(napi_env env, napi_value value, const napi_type_tag *tag) {
  bool is_one = false;
  handle *holder;
  if (napi_check_object_type_tag(env, value, tag, &is_one) != napi_ok || !is_one) return NULL;
  return napi_get_value_external(env, value, (void **)&holder) == napi_ok ? *holder : NULL;
}

static void arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
}

static int32_t integer_of(napi_env env, napi_value value) {
  int32_t integer = -1;
  napi_get_value_int32(env, value, &integer);
  return integer;
}

static napi_value integer_to(napi_env env, int32_t integer) {
  napi_value value;
  napi_create_int32(env, integer, &value);
  return value;
}

static uint32_t length_of(napi_env env, napi_value array) {
  uint32_t length = 0;
  napi_get_array_length(env, array, &length);
  return length;
}

static napi_value element_of(napi_env env, napi_value array, uint32_t index) {
  napi_value element;
  napi_get_element(env, array, index, &element);
  return element;
}

static napi_value property_of(napi_env env, napi_value object, const char *name) {
  napi_value value;
  napi_get_named_property(env, object, name, &value);
  return value;
}

/** Memory of its own. */
static char *text_of(napi_env env, napi_value value, size_t *length) {
  napi_get_value_string_utf8(env, value, NULL, 0, length);
  char *text = malloc(*length + 1);
  napi_get_value_string_utf8(env, value, text, *length + 1, length);
  return text;
}

static struct pool *pool_of(napi_env env, napi_value value) {
  int32_t place = integer_of(env, value);
  struct pool *pool = place >= 0 && place < POOLS_MAX ? pools[place] : NULL;
  if (!pool) fail(env, "There is no such pool.");
  return pool;
}

static int32_t keep(struct pool *pool) {
  int32_t place = 0;
  pthread_mutex_lock(&pools_lock);
  while (place < POOLS_MAX && pools[place]) place++;
  if (place < POOLS_MAX) pools[place] = pool;
  pthread_mutex_unlock(&pools_lock);
  return place < POOLS_MAX ? place : -1;
}

/** open(database, threads): pool */
static napi_value open_pool(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  arguments_of(env, info, 2, arguments);
  const char *lacking = duckdb_find();
  if (lacking) return fail(env, lacking);
  handle database = handle_of(env, arguments[0], &database_tag);
  if (!database) return fail(env, "This is no database of the binding.");
  struct pool *pool = pool_open(database, (uint32_t)integer_of(env, arguments[1]));
  if (!pool) return fail(env, "The system has no threads left.");
  int32_t place = keep(pool);
  if (place >= 0) return integer_to(env, place);
  pool_finish(pool);
  pool_close(pool);
  return fail(env, "Too many pools are open.");
}

static void read_column(napi_env env, napi_value value, struct column *column) {
  column->type = (enum duckdb_type)integer_of(env, property_of(env, value, "type"));
  napi_value texts = property_of(env, value, "texts");
  for (uint32_t i = 0; i < length_of(env, texts); i++) {
    size_t length;
    char *text = text_of(env, element_of(env, texts, i), &length);
    column_add_text(column, text, (uint32_t)length);
    free(text);
  }
}

static void run_model(handle info, handle input, handle output) {
  struct chunk chunk = {.model = duckdb.scalar_function_get_extra_info(info), .input = input, .output = output};
  if (!script_score(&chunk)) pool_hand_over(chunk.model->pool, &chunk);
  if (chunk.error[0]) duckdb.scalar_function_set_error(info, chunk.error);
}

/** register(pool, connection, name, columns, outputs): model */
static napi_value register_model(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  arguments_of(env, info, 5, arguments);
  struct pool *pool = pool_of(env, arguments[0]);
  if (!pool) return NULL;
  handle connection = handle_of(env, arguments[1], &connection_tag);
  if (!connection) return fail(env, "This is no connection of the binding.");
  uint32_t column_count = length_of(env, arguments[3]), output_count = length_of(env, arguments[4]);
  int32_t id = pool_next_model(pool);
  struct model *model = model_new(pool, id, column_count, output_count);
  for (uint32_t i = 0; i < column_count; i++) read_column(env, element_of(env, arguments[3], i), &model->columns[i]);
  size_t length;
  for (uint32_t i = 0; i < output_count; i++) {
    napi_value output = element_of(env, arguments[4], i);
    model->outputs[i].type = (enum duckdb_type)integer_of(env, property_of(env, output, "type"));
    model->outputs[i].name = text_of(env, property_of(env, output, "name"), &length);
  }
  char *name = text_of(env, arguments[2], &length);
  bool is_registered = model_register(model, connection, name, run_model);
  free(name);
  return is_registered ? integer_to(env, id) : fail(env, "The function could not be registered.");
}

/** Writes the addresses of typed arrays; null has none. */
static bool read_addresses(napi_env env, napi_value vectors, void **addresses) {
  for (uint32_t i = 0; i < length_of(env, vectors); i++) {
    napi_value vector = element_of(env, vectors, i);
    napi_valuetype type;
    if (napi_typeof(env, vector, &type) != napi_ok) return false;
    if (type == napi_null) continue;
    if (napi_get_typedarray_info(env, vector, NULL, NULL, &addresses[i], NULL, NULL) != napi_ok) return false;
  }
  return true;
}

/** What a desk may be scored with instead of JavaScript; null has none. */
static bool read_direct(napi_env env, napi_value value, napi_value budget, struct desk *desk) {
  napi_valuetype type;
  bool is_one = false;
  if (napi_typeof(env, value, &type) != napi_ok) return false;
  if (type == napi_null) return true;
  return napi_check_object_type_tag(env, value, &direct_tag, &is_one) == napi_ok && is_one &&
         napi_get_value_external(env, value, (void **)&desk->direct) == napi_ok &&
         napi_get_typedarray_info(env, budget, NULL, NULL, (void **)&desk->budget, NULL, NULL) == napi_ok;
}

/** place(model, columns, places, memory, outputs, direct, budget) */
static napi_value place_model(napi_env env, napi_callback_info info) {
  napi_value arguments[7];
  arguments_of(env, info, 7, arguments);
  int32_t model = integer_of(env, arguments[0]);
  uint32_t column_count = length_of(env, arguments[1]), output_count = length_of(env, arguments[4]);
  struct seat *seat = script_seat();
  if (!seat || model < 0) return fail(env, "Only a thread that scores has room for models.");
  struct desk *desk = seat_place(seat, model, column_count, output_count);
  void *memory;
  if (read_addresses(env, arguments[1], desk->columns) &&
      read_addresses(env, arguments[2], (void **)desk->places) &&
      napi_get_typedarray_info(env, arguments[3], NULL, NULL, &memory, NULL, NULL) == napi_ok &&
      read_addresses(env, arguments[4], desk->outputs) && read_direct(env, arguments[5], arguments[6], desk)) {
    desk->memory = memory;
    return NULL;
  }
  seat_forget(seat, model);
  return fail(env, "Columns, places, memory and outputs are typed arrays.");
}

/** forget(model) */
static napi_value forget_model(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  arguments_of(env, info, 1, arguments);
  int32_t model = integer_of(env, arguments[0]);
  if (script_seat() && model >= 0) seat_forget(script_seat(), model);
  return NULL;
}

/** Makes this thread one that scores for a pool: (pool, open, score). */
static struct pool *enter(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  arguments_of(env, info, 3, arguments);
  struct pool *pool = pool_of(env, arguments[0]);
  if (pool) script_enter(env, pool, arguments[1], arguments[2]);
  return pool;
}

/** execute(pool, open, score) */
static napi_value execute(napi_env env, napi_callback_info info) {
  struct pool *pool = enter(env, info);
  if (!pool) return NULL;
  pool_execute(pool);
  script_leave();
  return NULL;
}

/** serve(pool, open, score) */
static napi_value serve(napi_env env, napi_callback_info info) {
  struct pool *pool = enter(env, info);
  if (!pool) return NULL;
  seat_lend(script_seat());
  for (struct chunk *chunk; (chunk = pool_take(pool)) != NULL;) {
    if (!script_score(chunk)) {
      chunk_fail(chunk);
      pool_desert(pool);
    }
    pool_give_back(pool, chunk);
  }
  script_leave();
  return NULL;
}

static napi_value with_pool(napi_env env, napi_callback_info info, void (*act)(struct pool *)) {
  napi_value arguments[1];
  arguments_of(env, info, 1, arguments);
  struct pool *pool = pool_of(env, arguments[0]);
  if (pool) act(pool);
  return NULL;
}

static napi_value retire(napi_env env, napi_callback_info info) { return with_pool(env, info, pool_retire); }
static napi_value finish(napi_env env, napi_callback_info info) { return with_pool(env, info, pool_finish); }

/** close(pool) */
static napi_value close_pool(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  arguments_of(env, info, 1, arguments);
  struct pool *pool = pool_of(env, arguments[0]);
  if (!pool) return NULL;
  pool_close(pool);
  pthread_mutex_lock(&pools_lock);
  pools[integer_of(env, arguments[0])] = NULL;
  pthread_mutex_unlock(&pools_lock);
  return NULL;
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback run;
  } functions[] = {
      {"open", open_pool},        {"register", register_model}, {"place", place_model}, {"forget", forget_model},
      {"execute", execute},       {"serve", serve},             {"retire", retire},     {"finish", finish},
      {"close", close_pool},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].run, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
