// The threads that execute a database's tasks: our own until a model is first called, then those of JavaScript.
#ifndef CALLOSUM_POOL_H
#define CALLOSUM_POOL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "duckdb.h"
#include "model.h"
#include "seat.h"

#define ERROR_LENGTH 512

/** One call of a model's function, on the stack of the thread that waits for it. */
struct chunk {
  const struct model *model;
  handle input;
  handle output;
  /** Empty when the chunk was scored. */
  char error[ERROR_LENGTH];
  struct chunk *next;
  atomic_bool is_done;
};

struct pool;

/** Says that nobody was there to score it. */
void chunk_fail(struct chunk *chunk);

/** Starts `thread_count` threads of our own on a database that was opened without any. NULL when they cannot start. */
struct pool *pool_open(handle database, uint32_t thread_count);

/** The id of the next model. */
int32_t pool_next_model(struct pool *pool);

/** Of the threads with JavaScript. */
struct seats *pool_seats(struct pool *pool);

/** Executes tasks on this thread until `pool_finish`. */
void pool_execute(struct pool *pool);

/** Lets the threads of our own end after their tasks: those of JavaScript have taken over. Does not wait. */
void pool_retire(struct pool *pool);

/** Has a chunk scored by the thread that serves, and waits. For threads that have no JavaScript. */
void pool_hand_over(struct pool *pool, struct chunk *chunk);

/** Waits for a chunk that was handed over. NULL when there will be no more. */
struct chunk *pool_take(struct pool *pool);

/** Gives a scored chunk back to the thread that waits for it. The chunk is gone then. */
void pool_give_back(struct pool *pool, struct chunk *chunk);

/** Nobody serves any more: chunks that were handed over fail, and so do all later ones. */
void pool_desert(struct pool *pool);

/** Lets all threads end after their tasks. Does not wait. */
void pool_finish(struct pool *pool);

/** Waits for the threads of our own and frees the pool. No other thread may be in it; the database is still open. */
void pool_close(struct pool *pool);

#endif
