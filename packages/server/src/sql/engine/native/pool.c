#include "pool.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

/** Falling asleep and waking takes longer than small models take for a chunk, and chunks come one after the other. */
#define WATCH_NANOSECONDS 50000

struct pool {
  /** Tasks are executed for a state until it is finished: one for the threads of our own, one for JavaScript's. */
  handle own;
  handle script;
  pthread_t *threads;
  uint32_t thread_count;
  int32_t model_count;
  struct seats *seats;
  /** Guards what follows, and every chunk in the queue. */
  pthread_mutex_t lock;
  pthread_cond_t arrived;
  pthread_cond_t given_back;
  struct chunk *_Atomic first;
  struct chunk *last;
  bool is_deserted;
};

static void *execute_own(void *pool) {
  duckdb.execute_tasks_state(((struct pool *)pool)->own);
  return NULL;
}

struct pool *pool_open(handle database, uint32_t thread_count) {
  struct pool *pool = calloc(1, sizeof *pool);
  pool->own = duckdb.create_task_state(database);
  pool->script = duckdb.create_task_state(database);
  pool->threads = calloc(thread_count + 1, sizeof *pool->threads);
  pool->seats = seats_open();
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->arrived, NULL);
  pthread_cond_init(&pool->given_back, NULL);
  for (; pool->thread_count < thread_count; pool->thread_count++) {
    if (pthread_create(&pool->threads[pool->thread_count], NULL, execute_own, pool) != 0) {
      pool_finish(pool);
      pool_close(pool);
      return NULL;
    }
  }
  return pool;
}

int32_t pool_next_model(struct pool *pool) { return pool->model_count++; }

struct seats *pool_seats(struct pool *pool) { return pool->seats; }

void pool_execute(struct pool *pool) { duckdb.execute_tasks_state(pool->script); }

void pool_retire(struct pool *pool) { duckdb.finish_execution(pool->own); }

void chunk_fail(struct chunk *chunk) { snprintf(chunk->error, ERROR_LENGTH, "The threads that score have ended."); }

void pool_hand_over(struct pool *pool, struct chunk *chunk) {
  pthread_mutex_lock(&pool->lock);
  if (pool->is_deserted) {
    chunk_fail(chunk);
    pthread_mutex_unlock(&pool->lock);
    return;
  }
  if (pool->first) pool->last->next = chunk;
  else pool->first = chunk;
  pool->last = chunk;
  pthread_cond_signal(&pool->arrived);
  pthread_mutex_unlock(&pool->lock);
  WATCH(chunk->is_done, WATCH_NANOSECONDS);
  if (chunk->is_done) return;
  pthread_mutex_lock(&pool->lock);
  while (!chunk->is_done) pthread_cond_wait(&pool->given_back, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
}

static struct chunk *first_of(struct pool *pool) {
  struct chunk *chunk = pool->first;
  if (chunk) pool->first = chunk->next;
  return chunk;
}

struct chunk *pool_take(struct pool *pool) {
  WATCH(pool->first, WATCH_NANOSECONDS);
  pthread_mutex_lock(&pool->lock);
  while (!pool->first && !pool->is_deserted) pthread_cond_wait(&pool->arrived, &pool->lock);
  struct chunk *chunk = first_of(pool);
  pthread_mutex_unlock(&pool->lock);
  return chunk;
}

void pool_give_back(struct pool *pool, struct chunk *chunk) {
  pthread_mutex_lock(&pool->lock);
  chunk->is_done = true;
  pthread_cond_broadcast(&pool->given_back);
  pthread_mutex_unlock(&pool->lock);
}

void pool_desert(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->is_deserted = true;
  for (struct chunk *chunk; (chunk = first_of(pool)) != NULL;) {
    chunk_fail(chunk);
    chunk->is_done = true;
  }
  pthread_cond_broadcast(&pool->given_back);
  pthread_cond_broadcast(&pool->arrived);
  pthread_mutex_unlock(&pool->lock);
}

void pool_finish(struct pool *pool) {
  // Both kinds of threads wait at one semaphore, so one kind may be woken in place of the other and wait again. Once
  // neither has anything to wait for, each is woken.
  for (int round = 0; round < 2; round++) {
    duckdb.finish_execution(pool->own);
    duckdb.finish_execution(pool->script);
  }
  pool_desert(pool);
}

void pool_close(struct pool *pool) {
  for (uint32_t i = 0; i < pool->thread_count; i++) pthread_join(pool->threads[i], NULL);
  duckdb.destroy_task_state(pool->own);
  duckdb.destroy_task_state(pool->script);
  pthread_cond_destroy(&pool->given_back);
  pthread_cond_destroy(&pool->arrived);
  pthread_mutex_destroy(&pool->lock);
  seats_close(pool->seats);
  free(pool->threads);
  free(pool);
}
