// Where a thread with JavaScript has its desks. Whoever has a seat's lock may score on them: the thread itself, threads
// without JavaScript on the seat that serves them, and helpers.
//
// A helper sits at each seat and works while the threads that score there rest: it takes blocks of rows of a chunk that
// is being scored elsewhere. A thread of the engine reads many chunks before another gets a turn, so at the end of a
// table, and in a small one, there are fewer threads at work than there may be.
#ifndef CALLOSUM_SEAT_H
#define CALLOSUM_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

/** All seats of a pool. */
struct seats;
struct seat;

struct seats *seats_open(void);
/** Waits for the helpers; nobody else may be at a seat. */
void seats_close(struct seats *seats);

/** A new seat for the calling thread, with a helper where the system has one. */
struct seat *seat_take(struct seats *seats);
/** Frees the desks. The seat itself stays until `seats_close`. */
void seat_leave(struct seat *seat);

/** The seat of those who have none themselves becomes this one. */
void seat_lend(struct seat *seat);
/** NULL when nobody serves. */
struct seat *seat_lent(struct seats *seats);

/** By who scores there, and nobody else. */
void seat_lock(struct seat *seat);
void seat_unlock(struct seat *seat);

/** Makes room for the addresses of a model's columns and outputs, all NULL. */
struct desk *seat_place(struct seat *seat, int32_t model, uint32_t column_count, uint32_t output_count);
void seat_forget(struct seat *seat, int32_t model);
/** NULL when the model is not open here. */
struct desk *seat_desk(const struct seat *seat, const struct model *model);

/** Scores the first rows of what lies on a desk of a locked seat without JavaScript, with helpers if that is worth it. */
void seat_score(struct seat *seat, const struct model *model, struct desk *desk, uint32_t rows);

#endif
