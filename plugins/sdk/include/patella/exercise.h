/* Patella plugin SDK: the exercise module interface, "patella.exercise/1".
 *
 * A module is a deterministic state machine. Samples, ticks, actions and gaps reach it as one totally ordered
 * stream, which the kiosk logs. The same stream gives the same events and the same view, bit for bit, however
 * the samples are cut into batches: so a test, a resume after a crash and a replay are one thing. Build with
 * -ffp-contract=off and use no transcendental libm function (their last bits differ between systems).
 *
 * Life: create ── on_samples / on_tick / on_action / on_gap / fill_view, any order ── destroy.
 * `t_us` never goes back from call to call. Ticks come every 50 ms of session time (PATELLA_TICK_US), also
 * while paused, from before the start action.
 *
 * Actions come in any order, for people press buttons: ignore what does not fit the present phase, and any action
 * that is not in the list below (a later minor version may add some). DONE is given once: on END and PAIN also before
 * the start, or when the exercise is over. After DONE calls go on until destroy and change nothing. A channel counts
 * as present from create() on; on_gap says when it is lost, also twice in a row.
 *
 * State may not depend on addresses, on the order of an unordered container, on uninitialised memory or on another
 * instance (no statics that change). Memory may be allocated; an hour of samples must not make it grow.
 */
#ifndef PATELLA_EXERCISE_H
#define PATELLA_EXERCISE_H

#include "plugin.h"
#include "view.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PATELLA_EXERCISE_INTERFACE "patella.exercise/1"
#define PATELLA_TICK_US 50000
#define PATELLA_MAX_WANTED_CHANNELS 8
#define PATELLA_MAX_DOSE_BYTES 1000 /* of all lines of describe_dose(), with the NUL */

/* A channel the module reads. The index in the table is the `channel` of samples, gaps and readouts. */
typedef struct patella_wanted_channel {
  uint32_t size;
  const char* key;   /* as in patella_channel: "cadence", "force" */
  const char* unit;  /* must equal the device's unit */
  uint32_t required; /* 1: the station cannot start without it */
  const char* label; /* "Force": a message. NULL or "": the key. @since 1.1 */
  int32_t decimals;  /* how many a person is shown, 0…6. @since 1.1 */
  uint32_t reserved; /* 0 */
} patella_wanted_channel;

/* A figure of the whole session, which the module gives by host->metric(). What is not in this table is in the log and in the
 * exports all the same, under its key. @since 1.1 */
typedef struct patella_metric {
  uint32_t size;
  const char* key;      /* with the unit in its name: "mean_cadence_rpm" */
  const char* label;    /* "Mean cadence": a message */
  const char* unit;     /* "rpm"; "" when it has none */
  int32_t decimals;     /* how many a person is shown, 0…6 */
  uint32_t for_clients; /* 1: clients read it on their summary, in the order of this table; 0: staff and exports only */
} patella_metric;

/* Why something did not count, or ended early: the `reason` of a REP, HOLD or SET_END. @since 1.1 */
typedef struct patella_reason {
  uint32_t size;
  const char* id;       /* the same for ever: "not_released" */
  const char* sentence; /* what the client reads: what happened and what to do, short. A message without arguments */
} patella_reason;

/* No `size`: an element of a long stream, which never grows. */
typedef struct patella_sample {
  int64_t t_us; /* when it was measured; may lie before the t_us of the last tick */
  double value;
  uint32_t channel;
  uint32_t reserved;
} patella_sample;

enum patella_action {
  PATELLA_ACTION_START = 1, /* the client pressed start; begins with the module's own countdown */
  PATELLA_ACTION_PAUSE = 2,
  PATELLA_ACTION_RESUME = 3,
  PATELLA_ACTION_SKIP = 4, /* end the present rest */
  PATELLA_ACTION_END = 5,  /* stop for good; on END and PAIN close the open set, then be DONE */
  PATELLA_ACTION_PAIN = 6  /* pain stop */
};

enum patella_event_kind {
  PATELLA_EVENT_SET_START = 1, /* set, side */
  PATELLA_EVENT_SET_END = 2,   /* set, side, n = reps counted; reason when ended early */
  PATELLA_EVENT_REP = 3,       /* set, side, n = number of the counted rep, or 0 when not counted; counted; reason */
  PATELLA_EVENT_HOLD = 4,      /* set, side, counted = held to the end; reason; field hold_s */
  PATELLA_EVENT_PHASE = 5,     /* label = name of the phase that begins */
  PATELLA_EVENT_PAUSED = 6,    /* the module paused by itself; reason */
  PATELLA_EVENT_RESUMED = 7,
  PATELLA_EVENT_DONE = 8, /* the exercise is over; exactly once */
  PATELLA_EVENT_NOTE = 9  /* anything worth a line; label */
};

#define PATELLA_EVENT_FIELDS 14
/* No `size`: a part of patella_event, whose size would change with it. */
typedef struct patella_field {
  char key[24]; /* with unit: peak_n, hold_s, rise_s, impulse_ns */
  double value; /* finite */
} patella_field;

typedef struct patella_event {
  uint32_t size;
  uint32_t kind; /* enum patella_event_kind */
  int64_t t_us;  /* when it happened, not when it was noticed */
  int32_t set;   /* 1-based; 0 = none */
  int32_t n;
  uint32_t side;    /* enum patella_side */
  uint32_t counted; /* 0 or 1 */
  char reason[48];  /* REP, HOLD, SET_END: an id, the same for ever: "too_short", "not_released"; "" = none; its sentence is
                     * declared in `reasons`. PAUSED: a message that the client reads */
  char label[48];   /* PHASE, NOTE: a message */
  uint32_t field_count;
  uint32_t reserved;
  patella_field fields[PATELLA_EVENT_FIELDS];
} patella_event;

enum patella_cue {                        /* what the kiosk may speak or chime */
                   PATELLA_CUE_COUNT = 1, /* "3", "2", "1" */
                   PATELLA_CUE_START = 2,
                   PATELLA_CUE_REP = 3,
                   PATELLA_CUE_HOLD = 4,
                   PATELLA_CUE_RELEASE = 5,
                   PATELLA_CUE_REST = 6,
                   PATELLA_CUE_DONE = 7,
                   PATELLA_CUE_HINT = 8
};

/* What the host offers, from create() to destroy(). Call from inside a module function other than fill_view and
 * describe_dose [call]. No member is NULL. What is passed in is copied before the call returns. At most 10,000 events,
 * metrics and cues in one call. */
typedef struct patella_exercise_host {
  uint32_t size;
  void* ctx; /* pass back as first argument */
  /* [call: created] Something happened. */
  void (*event)(void* ctx, const patella_event* event);
  /* [call: created] A figure of the whole session, given (again) whenever it changed: last one wins. key with unit in name, at
   * most 47 bytes: "time_in_zone_s", "mean_cadence_rpm"; unit at most 15 bytes; value finite. */
  void (*metric)(void* ctx, const char* key, const char* unit, double value);
  /* [call: created] What the kiosk may speak or chime: a message of at most 95 bytes; "" = the kiosk has the words. */
  void (*cue)(void* ctx, uint32_t cue, const char* text);
  /* [call: created] The only randomness: from a seed that is in the log. */
  uint64_t (*random)(void* ctx);
  /* [call: created] One line of English for whoever looks after the machine. */
  void (*log)(void* ctx, uint32_t level, const char* text);
} patella_exercise_host;

typedef struct patella_exercise {
  uint32_t size;
  const patella_wanted_channel* channels;
  uint32_t channel_count; /* at most PATELLA_MAX_WANTED_CHANNELS */

  /* [any] A new instance, or NULL (after host->log said why). `present` has bit c set when channel c is bound.
   * `values` hold each declared parameter once, checked against its declaration. Combinations are the module's to
   * judge: refuse only what cannot be run, with words. No samples or gaps come of a channel that is not present. */
  void* (*create)(const patella_exercise_host* host, const patella_value* values, uint32_t value_count, uint32_t present);
  /* [created] count >= 1. */
  void (*on_samples)(void* self, const patella_sample* samples, uint32_t count);
  /* [created] */
  void (*on_tick)(void* self, int64_t t_us);
  /* [created] enum patella_action, or a later one, to be ignored. */
  void (*on_action)(void* self, uint32_t action, int64_t t_us);
  /* [created] lost = 1: the channel is lost (nothing it said may be shown or counted as now); 0: it is back. */
  void (*on_gap)(void* self, uint32_t channel, uint32_t lost, int64_t t_us);
  /* [created] Fill all of *view (zeroed, `size` set). Must not change the instance. */
  void (*fill_view)(void* self, patella_view* view);
  /* [created] The last call of an instance. */
  void (*destroy)(void* self);

  /* What the module gives as figures of a session, and why things do not count. @since 1.1 */
  const patella_metric* metrics;
  uint32_t metric_count;
  uint32_t reason_count;
  const patella_reason* reasons;
  /* [any] What the client is to do, in words, one message a line: "{3|{0} set|{0} sets} of {10|{0} repetition|{0} repetitions}".
   * `values` as of create(). Writes at most `room` bytes with the NUL. The same values give the same lines. May be NULL: the
   * client then reads no numbers before the start. @since 1.1 */
  void (*describe_dose)(const patella_value* values, uint32_t value_count, char* lines, uint32_t room);
} patella_exercise;

#ifdef __cplusplus
}
#endif
#endif
