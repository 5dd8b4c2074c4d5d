#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** What a thread that scores has of its own. */
struct script {
  napi_env env;
  napi_ref open;
  napi_ref score;
  /** By the ids of the models; those that are not open have no columns. */
  struct desk *desks;
  int32_t desk_count;
  /** Its JavaScript was ended from outside. */
  bool is_ended;
};

static _Thread_local struct script *here;

void script_enter(napi_env env, napi_value open, napi_value score) {
  here = calloc(1, sizeof *here);
  here->env = env;
  napi_create_reference(env, open, 1, &here->open);
  napi_create_reference(env, score, 1, &here->score);
}

void script_leave(void) {
  for (int32_t i = 0; i < here->desk_count; i++) script_forget(i);
  napi_delete_reference(here->env, here->open);
  napi_delete_reference(here->env, here->score);
  free(here->desks);
  free(here);
  here = NULL;
}

struct desk *script_place(int32_t model, uint32_t column_count, uint32_t output_count) {
  if (!here || model < 0) return NULL;
  if (model >= here->desk_count) {
    here->desks = realloc(here->desks, (size_t)(model + 1) * sizeof *here->desks);
    memset(&here->desks[here->desk_count], 0, (size_t)(model + 1 - here->desk_count) * sizeof *here->desks);
    here->desk_count = model + 1;
  }
  script_forget(model);
  struct desk *desk = &here->desks[model];
  desk->columns = calloc(column_count, sizeof *desk->columns);
  desk->places = calloc(column_count, sizeof *desk->places);
  desk->outputs = calloc(output_count, sizeof *desk->outputs);
  return desk;
}

void script_forget(int32_t model) {
  if (!here || model < 0 || model >= here->desk_count) return;
  struct desk *desk = &here->desks[model];
  free(desk->columns);
  free(desk->places);
  free(desk->outputs);
  *desk = (struct desk){0};
}

static const struct desk *desk_of(const struct model *model) {
  if (model->id >= here->desk_count || !here->desks[model->id].columns) return NULL;
  return &here->desks[model->id];
}

/** What a failed call threw, as the chunk's error. */
static void note_exception(struct chunk *chunk) {
  napi_value exception, message;
  bool is_pending = false;
  napi_is_exception_pending(here->env, &is_pending);
  if (!is_pending || napi_get_and_clear_last_exception(here->env, &exception) != napi_ok) {
    here->is_ended = true;
  } else if (napi_get_named_property(here->env, exception, "message", &message) == napi_ok) {
    napi_get_value_string_utf8(here->env, message, chunk->error, ERROR_LENGTH, NULL);
  }
  if (!chunk->error[0]) snprintf(chunk->error, ERROR_LENGTH, "The model could not be scored.");
}

/** Calls `open(model)` or, with rows, `score(model, rows)`. */
static bool call(struct chunk *chunk, napi_ref reference, idx_t rows) {
  napi_env env = here->env;
  napi_value function, receiver, arguments[2];
  napi_get_reference_value(env, reference, &function);
  napi_get_undefined(env, &receiver);
  napi_create_int32(env, chunk->model->id, &arguments[0]);
  napi_create_uint32(env, (uint32_t)rows, &arguments[1]);
  if (napi_call_function(env, receiver, function, 2, arguments, NULL) == napi_ok) return true;
  note_exception(chunk);
  return false;
}

/** False when JavaScript is to be asked. */
static bool run_directly(const struct desk *desk, idx_t rows) {
  if (!desk->direct || *desk->budget <= 0) return false;
  --*desk->budget;
  desk->direct->score(desk->direct, (uint32_t)rows);
  return true;
}

static void score(struct chunk *chunk, const struct desk *desk) {
  struct missing missing;
  idx_t rows = duckdb.data_chunk_get_size(chunk->input);
  take_columns(chunk->model, desk, chunk->input, &missing);
  if (run_directly(desk, rows) || call(chunk, here->score, rows)) {
    give_scores(chunk->model, desk, chunk->output, rows, &missing);
  }
}

/** The desk of a model that JavaScript has opened; NULL when the chunk has failed. */
static const struct desk *open_desk(struct chunk *chunk) {
  const struct desk *desk = desk_of(chunk->model);
  if (desk || !call(chunk, here->open, 0)) return desk;
  desk = desk_of(chunk->model);
  if (!desk) snprintf(chunk->error, ERROR_LENGTH, "The model has no room for its columns.");
  return desk;
}

bool script_score(struct chunk *chunk) {
  if (!here || here->is_ended) return false;
  napi_handle_scope scope;
  if (napi_open_handle_scope(here->env, &scope) != napi_ok) return false;
  const struct desk *desk = open_desk(chunk);
  if (desk) score(chunk, desk);
  napi_close_handle_scope(here->env, scope);
  return true;
}
