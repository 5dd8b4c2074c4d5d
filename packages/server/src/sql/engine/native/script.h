// JavaScript on the threads that execute tasks: it scores a chunk right where it was read.
#ifndef CALLOSUM_SCRIPT_H
#define CALLOSUM_SCRIPT_H

#include <node_api.h>

#include "pool.h"

/** Makes this thread one that scores, with the functions `open(model)` and `score(model, rows)`. */
void script_enter(napi_env env, napi_value open, napi_value score);
/** Lends this thread's desks to those of its pool that have no JavaScript. */
void script_lend(struct pool *pool);
void script_leave(void);

/** Makes room for the addresses of a model's columns and outputs, all NULL. NULL when this thread does not score. */
struct desk *script_place(int32_t model, uint32_t column_count, uint32_t output_count);
void script_forget(int32_t model);

/** Scores a chunk here. False when this thread has no JavaScript, and that is needed. */
bool script_score(struct chunk *chunk);

#endif
