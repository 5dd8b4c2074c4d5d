#include "script.h"

#include <stdio.h>
#include <stdlib.h>

/** What a thread that scores has of its own. */
struct script {
  napi_env env;
  napi_ref open;
  napi_ref score;
  struct seat *seat;
  /** Its JavaScript was ended from outside. */
  bool is_ended;
};

static _Thread_local struct script *here;

void script_enter(napi_env env, struct pool *pool, napi_value open, napi_value score) {
  here = calloc(1, sizeof *here);
  here->env = env;
  here->seat = seat_take(pool_seats(pool));
  napi_create_reference(env, open, 1, &here->open);
  napi_create_reference(env, score, 1, &here->score);
}

void script_leave(void) {
  seat_leave(here->seat);
  napi_delete_reference(here->env, here->open);
  napi_delete_reference(here->env, here->score);
  free(here);
  here = NULL;
}

struct seat *script_seat(void) { return here ? here->seat : NULL; }

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
static void score(struct chunk *chunk, struct seat *seat, struct desk *desk) {
  struct missing missing;
  idx_t rows = duckdb.data_chunk_get_size(chunk->input);
  take_columns(chunk->model, desk, chunk->input, &missing);
  if (is_direct(desk)) {
    --*desk->budget;
    seat_score(seat, chunk->model, desk, (uint32_t)rows);
  } else if (!call(chunk, here->score, rows)) {
    return;
  }
  give_scores(chunk->model, desk, chunk->output, rows, &missing);
}

/** The desk of a model that JavaScript has opened; NULL when the chunk has failed. */
static struct desk *open_desk(struct chunk *chunk) {
  struct desk *desk = seat_desk(here->seat, chunk->model);
  if (desk || !call(chunk, here->open, 0)) return desk;
  desk = seat_desk(here->seat, chunk->model);
  if (!desk) snprintf(chunk->error, ERROR_LENGTH, "The model has no room for its columns.");
  return desk;
}

static bool score_here(struct chunk *chunk) {
  napi_handle_scope scope;
  if (here->is_ended || napi_open_handle_scope(here->env, &scope) != napi_ok) return false;
  struct desk *desk = open_desk(chunk);
  if (desk) score(chunk, here->seat, desk);
  napi_close_handle_scope(here->env, scope);
  return true;
}

/** Scores on a desk of the thread that serves. */
static bool score_there(struct chunk *chunk, struct seat *seat) {
  struct desk *desk = seat_desk(seat, chunk->model);
  if (!desk || !is_direct(desk)) return false;
  score(chunk, seat, desk);
  return true;
}

bool script_score(struct chunk *chunk) {
  struct seat *seat = here ? here->seat : seat_lent(pool_seats(chunk->model->pool));
  if (!seat) return false;
  seat_lock(seat);
  bool is_scored = here ? score_here(chunk) : score_there(chunk, seat);
  seat_unlock(seat);
  return is_scored;
}
