// JavaScript on the threads that execute tasks: it scores a chunk right where it was read.
#ifndef CALLOSUM_SCRIPT_H
#define CALLOSUM_SCRIPT_H

#include <node_api.h>

#include "pool.h"

/** Makes this thread one that scores for a pool, with the functions `open(model)` and `score(model, rows)`. */
void script_enter(napi_env env, struct pool *pool, napi_value open, napi_value score);
void script_leave(void);

/** Where this thread has its desks; NULL when it does not score. */
struct seat *script_seat(void);

/** Scores a chunk here. False when this thread has no JavaScript, and that is needed. */
bool script_score(struct chunk *chunk);

#endif
