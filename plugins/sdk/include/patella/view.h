/* Patella plugin SDK: the view, what an exercise module wants shown.
 *
 * A module says what, never how: the kiosk draws it, speaks it, mirrors it as text and sends it to a
 * supervisor. One plain struct of fixed size that crosses the process boundary as it is. Text is UTF-8,
 * NUL-terminated, cut at a character when too long. A module fills it from its state alone: asking twice
 * gives the same bytes.
 */
#ifndef PATELLA_VIEW_H
#define PATELLA_VIEW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATELLA_VIEW_READOUTS 6
#define PATELLA_VIEW_SEGMENTS 16
#define PATELLA_VIEW_REP_MARKS 64

enum patella_phase {
  PATELLA_PHASE_WAITING = 1,   /* before the start action */
  PATELLA_PHASE_COUNTDOWN = 2, /* the timer runs down to the start */
  PATELLA_PHASE_WORK = 3,
  PATELLA_PHASE_REST = 4,
  PATELLA_PHASE_PAUSED = 5,
  PATELLA_PHASE_DONE = 6
};

enum patella_side { PATELLA_SIDE_NONE = 1, PATELLA_SIDE_LEFT = 2, PATELLA_SIDE_RIGHT = 3 };

/* Tone of the feedback word. The kiosk never shows it by colour alone. */
enum patella_tone {
  PATELLA_TONE_NEUTRAL = 1,
  PATELLA_TONE_LOW = 2, /* below the target set by the physio */
  PATELLA_TONE_ON_TARGET = 3,
  PATELLA_TONE_HIGH = 4 /* above it */
};

enum patella_role { PATELLA_ROLE_PRIMARY = 1, PATELLA_ROLE_SECONDARY = 2 };

/* No `size`: a part of patella_view, whose size would change with it. */
typedef struct patella_readout {
  char key[24]; /* stable name: "cadence", "force", "heart_rate" */
  char label[40];
  char unit[16];
  double value;    /* NaN = nothing to show yet: dashes */
  int32_t channel; /* the module's channel it comes from: the kiosk shows its age. -1: not from a sensor */
  int32_t decimals;
  uint32_t role; /* enum patella_role; at most one PRIMARY */
  uint32_t reserved;
  double target_low, target_high; /* NaN = no target band */
  double scale_low, scale_high;   /* ends of a gauge; scale_low < scale_high */
} patella_readout;

enum patella_mark { PATELLA_MARK_PENDING = 1, PATELLA_MARK_CURRENT = 2, PATELLA_MARK_COUNTED = 3, PATELLA_MARK_NOT_COUNTED = 4 };

typedef struct patella_segment { /* one piece of the phase bar; no `size`, as patella_readout */
  char label[32];
  double duration_s;
  double done_s; /* 0…duration_s */
} patella_segment;

typedef struct patella_view {
  uint32_t size;
  uint32_t phase;    /* enum patella_phase */
  char title[64];    /* "Warm-up", "Hold", "Repetition 4" */
  char prompt[96];   /* what to do now: "Straighten the leg" */
  char feedback[48]; /* "On target", "Pedal faster"; "" = none */
  uint32_t tone;     /* enum patella_tone */
  uint32_t side;     /* enum patella_side */

  patella_readout readouts[PATELLA_VIEW_READOUTS];
  uint32_t readout_count;

  int32_t set_index; /* 1-based; 0 = no sets */
  int32_t set_count;
  int32_t rep_index; /* reps counted in this set and side; -1 = no reps */
  int32_t rep_count;
  uint8_t rep_marks[PATELLA_VIEW_REP_MARKS]; /* enum patella_mark, rep_mark_count of them */
  uint32_t rep_mark_count;

  char timer_label[32]; /* "Time left", "Hold", "Rest" */
  double timer_s;       /* what the clock shows; NaN = no timer */
  double timer_total_s; /* for the ring around it; NaN = no ring */
  double timer_rate;    /* how timer_s moves between views: -1 down, 1 up, 0 stands */

  patella_segment segments[PATELLA_VIEW_SEGMENTS];
  uint32_t segment_count;
  int32_t segment_index; /* the current one; -1 = none */

  int32_t trace_channel; /* draw this channel over time; -1 = no trace */
  uint32_t reserved;
  double trace_offset;          /* subtracted from each sample before drawing (the tare) */
  double trace_low, trace_high; /* target band; NaN = none */
  double trace_min, trace_max;  /* axis */
  double trace_seconds;         /* width */

  char next_label[48]; /* "Next: left side, set 2"; "" = none */
} patella_view;

#ifdef __cplusplus
}
#endif
#endif
