// For the names of threads.
#define _GNU_SOURCE

#include "seat.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

/** Rows that are scored in one piece. */
#define BLOCK_ROWS 512
/** Sharing a block costs two to five microseconds. */
#define BLOCK_NANOSECONDS_MIN 10000
/** Blocks so long are shared at the end of a scan, too: what is left of it has to make up for waking helpers. */
#define LONG_BLOCK_NANOSECONDS 50000
/** Who scores comes back sooner, as long as there is something to score. */
#define REST_NANOSECONDS 200000
/** Looking at other seats takes their cache lines away from them. */
#define LOOK_NANOSECONDS 400000
/** Chunks come one after the other, and waking takes longer than a block. */
#define WAIT_NANOSECONDS 200000

#define CACHE_LINE 64

/** A chunk on a desk, on the stack of the thread that scores it. */
struct share {
  const struct model *model;
  const struct desk *desk;
  uint32_t rows;
  /** The first row that nobody has taken. */
  _Atomic uint32_t next;
  /** Helpers that may still look at it. */
  _Atomic uint32_t helper_count;
};

struct helper {
  pthread_t thread;
  bool is_there;
  /** What it is called to; NULL once it is there, or no longer called. */
  struct share *_Atomic call;
  atomic_bool is_retired;
  atomic_bool is_asleep;
  /** To be woken by. */
  pthread_mutex_t lock;
  pthread_cond_t woken;
};

struct seat {
  struct seats *all;
  struct seat *next;
  /** Guards what follows. */
  pthread_mutex_t lock;
  /** By the ids of the models; those that are not open have no columns. */
  struct desk *desks;
  int32_t desk_count;
  /** Since when it scores without a rest, and when to look for helpers again. */
  int64_t began, look;
  /** When it was last known to be of no help to others; in the future when nobody sits here. They read what follows. */
  alignas(CACHE_LINE) _Atomic int64_t busy;
  /** Its thread scores, or waits for the lock. */
  atomic_bool is_taken;
  /** The processor time of the thread that scored here last, and how much it was when somebody looked. */
  _Atomic clockid_t clock;
  _Atomic int64_t used;
  alignas(CACHE_LINE) struct helper helper;
};

struct seats {
  struct seat *_Atomic first;
  struct seat *_Atomic lent;
};

struct seats *seats_open(void) { return calloc(1, sizeof(struct seats)); }

static void wake(struct helper *helper) {
  if (!helper->is_asleep) return;
  pthread_mutex_lock(&helper->lock);
  pthread_cond_signal(&helper->woken);
  pthread_mutex_unlock(&helper->lock);
}

static void seat_free(struct seat *seat) {
  struct helper *helper = &seat->helper;
  helper->is_retired = true;
  wake(helper);
  if (helper->is_there) pthread_join(helper->thread, NULL);
  pthread_cond_destroy(&helper->woken);
  pthread_mutex_destroy(&helper->lock);
  pthread_mutex_destroy(&seat->lock);
  free(seat);
}

void seats_close(struct seats *seats) {
  for (struct seat *seat = seats->first, *next; seat; seat = next) {
    next = seat->next;
    seat_free(seat);
  }
  free(seats);
}

void seat_leave(struct seat *seat) {
  struct seat *lent = seat;
  atomic_compare_exchange_strong(&seat->all->lent, &lent, NULL);
  pthread_mutex_lock(&seat->lock);
  seat->busy = INT64_MAX;
  for (int32_t i = 0; i < seat->desk_count; i++) seat_forget(seat, i);
  free(seat->desks);
  seat->desks = NULL;
  seat->desk_count = 0;
  pthread_mutex_unlock(&seat->lock);
}

void seat_lend(struct seat *seat) { seat->all->lent = seat; }

struct seat *seat_lent(struct seats *seats) { return seats->lent; }

void seat_unlock(struct seat *seat) {
  seat->busy = nanoseconds();
  seat->is_taken = false;
  pthread_mutex_unlock(&seat->lock);
}

struct desk *seat_place(struct seat *seat, int32_t model, uint32_t column_count, uint32_t output_count) {
  if (model >= seat->desk_count) {
    seat->desks = realloc(seat->desks, (size_t)(model + 1) * sizeof *seat->desks);
    memset(&seat->desks[seat->desk_count], 0, (size_t)(model + 1 - seat->desk_count) * sizeof *seat->desks);
    seat->desk_count = model + 1;
  }
  seat_forget(seat, model);
  struct desk *desk = &seat->desks[model];
  desk->columns = calloc(column_count, sizeof *desk->columns);
  desk->places = calloc(column_count, sizeof *desk->places);
  desk->outputs = calloc(output_count, sizeof *desk->outputs);
  return desk;
}

void seat_forget(struct seat *seat, int32_t model) {
  if (model >= seat->desk_count) return;
  struct desk *desk = &seat->desks[model];
  free(desk->columns);
  free(desk->places);
  free(desk->outputs);
  *desk = (struct desk){0};
}

struct desk *seat_desk(const struct seat *seat, const struct model *model) {
  if (model->id >= seat->desk_count || !seat->desks[model->id].columns) return NULL;
  return &seat->desks[model->id];
}

/** Takes the next block of a chunk. False when none is left. */
static bool take_block(struct share *share, uint32_t *first, uint32_t *end) {
  *first = atomic_fetch_add(&share->next, BLOCK_ROWS);
  *end = share->rows - *first < BLOCK_ROWS ? share->rows : *first + BLOCK_ROWS;
  return *first < share->rows;
}

/** Scores what is left of a chunk, on a seat's own desk if it has one, until the seat is taken. */
static void score_blocks(struct seat *seat, struct share *share) {
  if (seat->is_taken || pthread_mutex_trylock(&seat->lock) != 0) return;
  const struct desk *desk = seat_desk(seat, share->model);
  uint32_t first, end;
  while (desk && desk->direct && !seat->is_taken && take_block(share, &first, &end)) {
    borrow_columns(share->model, desk, share->desk, first, end);
    desk->direct->score(desk->direct, first, end);
    bring_scores(share->model, desk, share->desk, first, end);
  }
  pthread_mutex_unlock(&seat->lock);
}

static void sleep_until_called(struct helper *helper) {
  pthread_mutex_lock(&helper->lock);
  helper->is_asleep = true;
  while (!helper->call && !helper->is_retired) pthread_cond_wait(&helper->woken, &helper->lock);
  helper->is_asleep = false;
  pthread_mutex_unlock(&helper->lock);
}

static void *help(void *argument) {
  struct seat *seat = argument;
  struct helper *helper = &seat->helper;
  while (!helper->is_retired) {
    struct share *share = atomic_exchange(&helper->call, NULL);
    if (share) {
      score_blocks(seat, share);
      share->helper_count--;
    }
    WATCH(helper->call, WAIT_NANOSECONDS);
    if (!helper->call) sleep_until_called(helper);
  }
  return NULL;
}

#ifdef __linux__

/** For the calling thread. */
static void note_clock(struct seat *seat) {
  clockid_t clock;
  if (pthread_getcpuclockid(pthread_self(), &clock) == 0) seat->clock = clock;
}

static bool start_helper(struct seat *seat) {
  if (pthread_create(&seat->helper.thread, NULL, help, seat) != 0) return false;
  pthread_setname_np(seat->helper.thread, "scoring-helper");
  return true;
}

#else

// One thread cannot see another's processor time.
static void note_clock(struct seat *seat) { (void)seat; }
static bool start_helper(struct seat *seat) { return (void)help, (void)seat, false; }

#endif

struct seat *seat_take(struct seats *seats) {
  struct seat *seat = aligned_alloc(CACHE_LINE, sizeof *seat);
  memset(seat, 0, sizeof *seat);
  seat->all = seats;
  seat->busy = nanoseconds();
  note_clock(seat);
  pthread_mutex_init(&seat->lock, NULL);
  pthread_mutex_init(&seat->helper.lock, NULL);
  pthread_cond_init(&seat->helper.woken, NULL);
  seat->helper.is_there = start_helper(seat);
  seat->next = seats->first;
  while (!atomic_compare_exchange_weak(&seats->first, &seat->next, seat));
  return seat;
}

void seat_lock(struct seat *seat) {
  seat->is_taken = true;
  pthread_mutex_lock(&seat->lock);
  seat->is_taken = true;
  int64_t now = nanoseconds();
  // At first the others have not been woken yet.
  if (now - seat->busy > REST_NANOSECONDS) {
    seat->began = now;
    seat->look = now + REST_NANOSECONDS;
  }
  note_clock(seat);
}

/** Whether the thread that scored here last waits for something to do: it has used no time since the last question. */
static bool is_resting(struct seat *seat) {
  int64_t used = nanoseconds_of(seat->clock);
  return atomic_exchange(&seat->used, used) == used;
}

/** Whether nobody has scored since then but at this seat. */
static bool is_alone(const struct seat *seat, int64_t since) {
  bool is_alone = true;
  for (struct seat *other = seat->all->first; other; other = other->next) {
    if (other == seat) continue;
    is_alone &= !other->is_taken && other->busy < since && is_resting(other);
  }
  return is_alone;
}

/** Calls the others. Where some of them score, or have just done so, waking them costs more than it gains. */
static void call(struct seat *seat, struct share *share) {
  int64_t now = nanoseconds();
  if (now < seat->look) return;
  bool is_long = share->desk->block_nanoseconds > LONG_BLOCK_NANOSECONDS;
  if (!is_alone(seat, is_long ? now - REST_NANOSECONDS : seat->began)) {
    seat->look = now + LOOK_NANOSECONDS;
    return;
  }
  for (struct seat *other = seat->all->first; other; other = other->next) {
    struct share *none = NULL;
    if (other == seat || !other->helper.is_there) continue;
    share->helper_count++;
    if (atomic_compare_exchange_strong(&other->helper.call, &none, share)) wake(&other->helper);
    else share->helper_count--;
  }
}

/** Calls back who has not come, and waits for those who have. */
static void part(const struct seat *seat, struct share *share) {
  for (struct seat *other = seat->all->first; other && share->helper_count > 0; other = other->next) {
    struct share *called = share;
    if (atomic_compare_exchange_strong(&other->helper.call, &called, NULL)) share->helper_count--;
  }
  while (share->helper_count > 0) sched_yield();
}

static void score_together(const struct seat *seat, struct share *share) {
  const struct direct *direct = share->desk->direct;
  uint32_t first, end;
  while (take_block(share, &first, &end)) direct->score(direct, first, end);
  part(seat, share);
}

void seat_score(struct seat *seat, const struct model *model, struct desk *desk, uint32_t rows) {
  struct share share = {.model = model, .desk = desk, .rows = rows};
  if (desk->block_nanoseconds > BLOCK_NANOSECONDS_MIN && rows > BLOCK_ROWS) call(seat, &share);
  if (share.helper_count > 0) {
    score_together(seat, &share);
    return;
  }
  int64_t began = nanoseconds();
  desk->direct->score(desk->direct, 0, rows);
  desk->block_nanoseconds = (nanoseconds() - began) * BLOCK_ROWS / rows;
}
