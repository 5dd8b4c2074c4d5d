// A model as a function of DuckDB sees it: the columns that it is given and the outputs that it answers.
#ifndef CALLOSUM_MODEL_H
#define CALLOSUM_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "duckdb.h"

struct pool;
struct texts;

struct column {
  enum duckdb_type type;
  /** Of a VARCHAR column: the texts that the model knows. The model is given their places. */
  struct texts *texts;
};

struct output {
  enum duckdb_type type;
  char *name;
};

/** Lives as long as its function, which is as long as its database. */
struct model {
  struct pool *pool;
  /** Counts the models of its pool. */
  int32_t id;
  uint32_t column_count;
  struct column *columns;
  uint32_t output_count;
  struct output *outputs;
};

/** A model that needs no JavaScript: what the addon of packages/scoring marks as such begins with it. */
struct direct {
  /** Scores rows `first` to `end`; `first` is a multiple of 512. */
  void (*score)(const struct direct *direct, uint32_t first, uint32_t end);
};

/** Where one thread has a chunk of a model's columns and scores: memory of JavaScript. A column may be NULL. */
struct desk {
  void **columns;
  /** Where the model is told of a whole column without NULLs that it reads where it is; NULL for other columns. */
  double **places;
  /** What places are told from, in bytes. */
  const char *memory;
  void **outputs;
  /** NULL when JavaScript scores. Else so many chunks may be scored without it before it is asked again. */
  const struct direct *direct;
  int32_t *budget;
  /** How long 512 rows took the last time; 0 before the first. */
  int64_t block_nanoseconds;
};

/** Rows of a chunk that cannot be scored, a bit each: a NULL where the model has no value for it. */
struct missing {
  bool any;
  uint64_t rows[CHUNK_ROWS / 64];
};

struct model *model_new(struct pool *pool, int32_t id, uint32_t column_count, uint32_t output_count);
void model_free(void *model);

/** Adds a text to a VARCHAR column; its place is how many were added before. */
void column_add_text(struct column *column, const char *bytes, uint32_t length);

/** Registers the function on a connection's database, which owns the model from then on. False when it refuses. */
bool model_register(struct model *model, handle connection, const char *name, scalar_function *run);

/** Copies a chunk's columns to a desk: NaN for NULL where the type has it. */
void take_columns(const struct model *model, const struct desk *desk, handle input, struct missing *missing);

/** Has a desk read rows `first` to `end` of what lies on another one of the same model. */
void borrow_columns(const struct model *model, const struct desk *desk, const struct desk *from, uint32_t first,
                    uint32_t end);

/** Copies the scores of rows `first` to `end` from a desk to another one. */
void bring_scores(const struct model *model, const struct desk *desk, const struct desk *to, uint32_t first,
                  uint32_t end);

/** Copies scores from a desk to a function's output: NULL for NaN. */
void give_scores(const struct model *model, const struct desk *desk, handle output, idx_t rows,
                 const struct missing *missing);

#endif
