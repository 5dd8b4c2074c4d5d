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
  /** NULL when it keeps its desks for itself. */
  struct lent *lent;
};

static _Thread_local struct script *here;

void script_enter(napi_env env, napi_value open, napi_value score) {
  here = calloc(1, sizeof *here);
  here->env = env;
  napi_create_reference(env, open, 1, &here->open);
  napi_create_reference(env, score, 1, &here->score);
}

static void lend(struct lent *lent, struct script *script) {
  pthread_mutex_lock(&lent->lock);
  lent->by = script;
  pthread_mutex_unlock(&lent->lock);
}

void script_lend(struct pool *pool) {
  here->lent = pool_lent(pool);
  lend(here->lent, here);
}

void script_leave(void) {
  if (here->lent) lend(here->lent, NULL);
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

static const struct desk *desk_of(const struct script *script, const struct model *model) {
  if (model->id >= script->desk_count || !script->desks[model->id].columns) return NULL;
  return &script->desks[model->id];
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

static bool is_direct(const struct desk *desk) { return desk->direct && *desk->budget > 0; }

/** Without JavaScript if it allows that. */
static void score(struct chunk *chunk, const struct desk *desk) {
  struct missing missing;
  idx_t rows = duckdb.data_chunk_get_size(chunk->input);
  take_columns(chunk->model, desk, chunk->input, &missing);
  if (is_direct(desk)) {
    --*desk->budget;
    desk->direct->score(desk->direct, (uint32_t)rows);
  } else if (!call(chunk, here->score, rows)) {
    return;
  }
  give_scores(chunk->model, desk, chunk->output, rows, &missing);
}

/** The desk of a model that JavaScript has opened; NULL when the chunk has failed. */
static const struct desk *open_desk(struct chunk *chunk) {
  const struct desk *desk = desk_of(here, chunk->model);
  if (desk || !call(chunk, here->open, 0)) return desk;
  desk = desk_of(here, chunk->model);
  if (!desk) snprintf(chunk->error, ERROR_LENGTH, "The model has no room for its columns.");
  return desk;
}

static bool score_here(struct chunk *chunk) {
  napi_handle_scope scope;
  if (here->is_ended || napi_open_handle_scope(here->env, &scope) != napi_ok) return false;
  const struct desk *desk = open_desk(chunk);
  if (desk) score(chunk, desk);
  napi_close_handle_scope(here->env, scope);
  return true;
}

/** Scores on a desk of the thread that serves. */
static bool score_there(struct chunk *chunk, const struct script *script) {
  const struct desk *desk = script ? desk_of(script, chunk->model) : NULL;
  if (!desk || !is_direct(desk)) return false;
  score(chunk, desk);
  return true;
}

bool script_score(struct chunk *chunk) {
  if (here && !here->lent) return score_here(chunk);
  struct lent *lent = pool_lent(chunk->model->pool);
  pthread_mutex_lock(&lent->lock);
  bool is_scored = here ? score_here(chunk) : score_there(chunk, lent->by);
  pthread_mutex_unlock(&lent->lock);
  return is_scored;
}
