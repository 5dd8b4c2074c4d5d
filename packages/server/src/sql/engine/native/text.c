#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define INLINE_LENGTH 12

/** A string as DuckDB has it, long ones with memory of their own. */
struct text {
  struct duckdb_string string;
  int32_t place;
};

/** A hash table with linear probing, at most half full; -1 marks an empty slot. */
struct texts {
  int32_t count;
  uint32_t size;
  struct text *slots;
};

static struct text *slots_of(uint32_t size) {
  struct text *slots = calloc(size, sizeof *slots);
  for (uint32_t i = 0; i < size; i++) slots[i].place = -1;
  return slots;
}

struct texts *texts_new(void) {
  struct texts *texts = calloc(1, sizeof *texts);
  texts->size = 8;
  texts->slots = slots_of(texts->size);
  return texts;
}

void texts_free(struct texts *texts) {
  if (!texts) return;
  for (uint32_t i = 0; i < texts->size; i++) {
    struct text *text = &texts->slots[i];
    if (text->place >= 0 && text->string.length > INLINE_LENGTH) free((char *)text->string.pointer);
  }
  free(texts->slots);
  free(texts);
}

/** Of the length, the first bytes and, in short strings, the others: what can be read without a pointer. */
static uint64_t hash_of(const struct duckdb_string *string) {
  uint64_t words[2];
  memcpy(words, string, sizeof words);
  if (string->length > INLINE_LENGTH) words[1] = 0;
  uint64_t hash = words[0] * UINT64_C(0x9e3779b97f4a7c15) ^ words[1];
  hash = (hash ^ (hash >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
  return hash ^ (hash >> 32);
}

static bool is_same(const struct duckdb_string *a, const struct duckdb_string *b) {
  if (memcmp(a, b, 8) != 0) return false;
  if (a->length <= INLINE_LENGTH) return memcmp(a->rest, b->rest, 8) == 0;
  return memcmp(a->pointer, b->pointer, a->length) == 0;
}

/** The slot of a string: its own, or the empty one where it would be. */
static struct text *slot_of(const struct texts *texts, const struct duckdb_string *string) {
  uint32_t at = (uint32_t)hash_of(string) & (texts->size - 1);
  while (texts->slots[at].place >= 0 && !is_same(&texts->slots[at].string, string)) {
    at = (at + 1) & (texts->size - 1);
  }
  return &texts->slots[at];
}

static void grow(struct texts *texts) {
  struct texts larger = {.size = texts->size * 2, .slots = slots_of(texts->size * 2)};
  for (uint32_t i = 0; i < texts->size; i++) {
    if (texts->slots[i].place >= 0) *slot_of(&larger, &texts->slots[i].string) = texts->slots[i];
  }
  free(texts->slots);
  texts->size = larger.size;
  texts->slots = larger.slots;
}

void texts_add(struct texts *texts, const char *bytes, uint32_t length) {
  struct duckdb_string string = {.length = length};
  if (length <= INLINE_LENGTH) {
    memcpy((char *)&string + sizeof string.length, bytes, length);
  } else {
    char *own = malloc(length);
    memcpy(own, bytes, length);
    memcpy(string.prefix, bytes, sizeof string.prefix);
    string.pointer = own;
  }
  if ((uint32_t)(texts->count + 1) * 2 > texts->size) grow(texts);
  *slot_of(texts, &string) = (struct text){.string = string, .place = texts->count};
  texts->count++;
}

void texts_find(const struct texts *texts, const struct duckdb_string *strings, const uint64_t *validity, idx_t rows,
                int32_t *places) {
  for (idx_t row = 0; row < rows; row++) {
    bool has_value = !validity || (validity[row >> 6] >> (row & 63) & 1) != 0;
    places[row] = has_value ? slot_of(texts, &strings[row])->place : -1;
  }
}
