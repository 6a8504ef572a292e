/* A whole exercise module in C: counts how often the force rises above a level. */
#include <math.h>
#include <patella/exercise.h>
#include <stdlib.h>
#include <string.h>

typedef struct pulls {
  const patella_exercise_host* host;
  double level_n;
  int count, above;
  uint32_t phase;
} pulls;

static void* create(const patella_exercise_host* host, const patella_value* values, uint32_t value_count, uint32_t present) {
  (void)present;
  pulls* self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->host = host;
  self->phase = PATELLA_PHASE_WAITING;
  for (uint32_t i = 0; i < value_count; ++i)
    if (strcmp(values[i].key, "level_n") == 0) self->level_n = values[i].number;
  return self;
}

static void say(const pulls* self, uint32_t kind, int64_t t_us, int32_t n) {
  patella_event event;
  memset(&event, 0, sizeof event);
  event.size = sizeof event;
  event.kind = kind;
  event.t_us = t_us;
  event.n = n;
  event.side = PATELLA_SIDE_NONE;
  event.counted = kind == PATELLA_EVENT_REP;
  self->host->event(self->host->ctx, &event);
}

static void on_samples(void* state, const patella_sample* samples, uint32_t count) {
  pulls* self = state;
  for (uint32_t i = 0; i < count; ++i) {
    const int above = samples[i].value > self->level_n;
    if (above && !self->above && self->phase == PATELLA_PHASE_WORK) say(self, PATELLA_EVENT_REP, samples[i].t_us, ++self->count);
    self->above = above;
  }
}

static void on_tick(void* state, int64_t t_us) {
  (void)state;
  (void)t_us;
}

static void on_action(void* state, uint32_t action, int64_t t_us) {
  pulls* self = state;
  if (self->phase == PATELLA_PHASE_DONE) return;
  if (action == PATELLA_ACTION_START) self->phase = PATELLA_PHASE_WORK;
  if (action != PATELLA_ACTION_END && action != PATELLA_ACTION_PAIN) return;
  self->phase = PATELLA_PHASE_DONE;
  say(self, PATELLA_EVENT_DONE, t_us, 0);
}

static void on_gap(void* state, uint32_t channel, uint32_t lost, int64_t t_us) {
  (void)state;
  (void)channel;
  (void)lost;
  (void)t_us;
}

static void fill_view(void* state, patella_view* view) {
  const pulls* self = state;
  view->phase = self->phase;
  view->tone = PATELLA_TONE_NEUTRAL;
  view->side = PATELLA_SIDE_NONE;
  strcpy(view->title, "Pulls");
  view->rep_index = self->count;
  view->segment_index = -1;
  view->trace_channel = -1;
  view->timer_s = NAN;
  view->timer_total_s = NAN;
}

static const patella_param kParams[] = {{sizeof(patella_param), PATELLA_PARAM_REAL, "level_n", "Level", "N",
                                         "A pull begins above this force.", 40, 1, 500, 1, NULL, 0, NULL, 0, NULL, 0, 0, NULL,
                                         NULL}};
static const patella_wanted_channel kChannels[] = {{sizeof(patella_wanted_channel), "force", "N", 1, "Force", 0, 0}};
static const patella_exercise kExercise = {sizeof(patella_exercise),
                                           kChannels,
                                           1,
                                           create,
                                           on_samples,
                                           on_tick,
                                           on_action,
                                           on_gap,
                                           fill_view,
                                           free,
                                           NULL,
                                           0,
                                           0,
                                           NULL,
                                           NULL};

static const void* get_interface(const char* id) { return strcmp(id, PATELLA_EXERCISE_INTERFACE) == 0 ? &kExercise : NULL; }

extern PATELLA_EXPORT const patella_plugin_entry patella_entry;
const patella_plugin_entry patella_entry = {sizeof(patella_plugin_entry),
                                            PATELLA_ABI_MAJOR,
                                            PATELLA_ABI_MINOR,
                                            "org.patella.c_module",
                                            "Pulls in C",
                                            "1.0.0",
                                            kParams,
                                            1,
                                            get_interface};
