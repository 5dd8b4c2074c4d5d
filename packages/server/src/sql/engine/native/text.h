// Texts that a model looks up, by their places: strings become numbers before JavaScript sees them.
#ifndef CALLOSUM_TEXT_H
#define CALLOSUM_TEXT_H

#include "duckdb.h"

struct texts;

struct texts *texts_new(void);
void texts_free(struct texts *texts);

/** Adds a text; its place is how many were added before. */
void texts_add(struct texts *texts, const char *bytes, uint32_t length);

/** Writes each string's place, -1 for one that is not known or NULL (`validity` may be NULL: all are there). */
void texts_find(const struct texts *texts, const struct duckdb_string *strings, const uint64_t *validity, idx_t rows,
                int32_t *places);

#endif
