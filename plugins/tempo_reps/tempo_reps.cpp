#include "tempo_reps.hpp"

#include <algorithm>
#include <cmath>

#include "module_kit/time.hpp"

namespace patella::tempo_reps {

using module_kit::SetOptions;
using module_kit::Sides;
using module_kit::Step;
using module_kit::to_s;
using module_kit::to_us;

namespace {
constexpr const char* kSideChoices[] = {"none", "left_first", "right_first"};
constexpr const char* kStartChoices[] = {"up", "down"};

SetOptions sets_of(const sdk::Params& params) {
  SetOptions sets;
  sets.sets = std::max(1, params.integer("sets", 1));
  sets.sides = static_cast<Sides>(params.integer("sides"));
  sets.countdown_us = to_us(params.real("countdown_s"));
  sets.rest_us = to_us(params.real("rest_s"));
  sets.side_change_us = to_us(params.real("side_change_s"));
  return sets;
}

Pace pace_of(const sdk::Params& params) {
  Pace pace;
  pace.reps = std::max(1, params.integer("reps", 1));
  pace.starts_down = params.integer("starts") == 1;
  pace.up_us = to_us(params.real("up_s"));
  pace.hold_us = to_us(params.real("hold_s"));
  pace.down_us = to_us(params.real("down_s"));
  pace.pause_us = to_us(params.real("pause_s"));
  return pace;
}

const char* word_of(Part part) {
  switch (part) {
    case Part::kLift:
      return PATELLA_TEXT("Lift");
    case Part::kHold:
      return PATELLA_TEXT("Hold");
    case Part::kLower:
      return PATELLA_TEXT("Lower");
    case Part::kRise:
      return PATELLA_TEXT("Rise");
    case Part::kPause:
      break;
  }
  return PATELLA_TEXT("Pause");
}

patella_cue cue_of(Part part) {
  if (part == Part::kHold) return PATELLA_CUE_HOLD;
  if (part == Part::kLower || part == Part::kRise) return PATELLA_CUE_RELEASE;
  return PATELLA_CUE_HINT;
}

std::string pace_line(const sdk::Params& params) {
  const auto up = module_kit::exact(params.real("up_s"), "s"), down = module_kit::exact(params.real("down_s"), "s");
  const auto hold = module_kit::exact(params.real("hold_s"), "s");
  const bool holds = params.real("hold_s") > 0;
  if (params.integer("starts") == 1)
    return holds ? sdk::message("{0} down, hold {1}, {2} up", down, hold, up) : sdk::message("{0} down, {1} up", down, up);
  return holds ? sdk::message("{0} up, hold {1}, {2} down", up, hold, down) : sdk::message("{0} up, {1} down", up, down);
}
}  // namespace

constinit const patella_param kParams[11] = {
    sdk::int_param("sets", "Sets", "", "How many sets.", 3, 1, 50),
    sdk::int_param("reps", "Repetitions", "", "In each set and on each side.", 10, 1, 100),
    sdk::choice_param("starts", "Starts", "Which way a repetition goes first.", kStartChoices, 0),
    sdk::duration_param("up_s", "Up", "How long the way up takes.", 2, 0.5, 30, 0.5),
    sdk::duration_param("hold_s", "Hold", "How long it is held between the two ways; 0 = not at all.", 0, 0, 60, 0.5),
    sdk::duration_param("down_s", "Down", "How long the way down takes.", 2, 0.5, 30, 0.5),
    sdk::duration_param("pause_s", "Pause", "Between two repetitions; 0 = none.", 1, 0, 30, 0.5),
    sdk::duration_param("rest_s", "Rest", "Rest between sets.", 45, 0, 600),
    sdk::choice_param("sides", "Sides", "Whether each set is done on both sides, and which comes first.", kSideChoices, 0),
    sdk::duration_param("side_change_s", "Side change", "Time to change sides.", 10, 0, 300),
    sdk::duration_param("countdown_s", "Countdown", "Countdown before the first set.", 5, 0, 60),
};

std::string TempoReps::describe_dose(const sdk::Params& params) {
  const int set_count = params.integer("sets"), rep_count = params.integer("reps");
  const sdk::Argument sets = sdk::counted(set_count, "{0} set", "{0} sets");
  const sdk::Argument reps = sdk::counted(rep_count, "{0} repetition", "{0} repetitions");
  const bool both_sides = params.integer("sides") > 0;
  return sdk::lines({both_sides ? sdk::message("{0} of {1} on each side", sets, reps) : sdk::message("{0} of {1}", sets, reps),
                     pace_line(params), module_kit::rest_line(set_count, params.real("rest_s"))});
}

TempoReps::TempoReps(sdk::ExerciseHost host, const sdk::Params& params, uint32_t)
    : host_(host), pace_(pace_of(params)), runner_(host, sets_of(params)), clock_(pace_) {}

void TempoReps::on_sample(const patella_sample& sample) {
  if (sample.channel != 0 || lost_ || !std::isfinite(sample.value)) return;
  sort(filter_.add({sample.t_us, sample.value}));
}

void TempoReps::on_gap(uint32_t channel, bool lost, int64_t) {
  if (channel != 0) return;
  lost_ = lost;
  has_force_ = false;
  sort(filter_.lose());
}

void TempoReps::sort(const module_kit::SortedForces& forces) {
  if (!runner_.schedule().done()) wild_.tell(host_, forces.wild, runner_.schedule().set(), runner_.schedule().side());
  if (forces.good.empty()) return;
  has_force_ = true;
  force_n_ = forces.good.back().n;
}

void TempoReps::on_tick(int64_t t_us) {
  if (!lost_) sort(filter_.tick(t_us));
  advance(t_us);
  follow(runner_.tick(t_us));
}

void TempoReps::on_action(uint32_t action, int64_t t_us) {
  advance(t_us);
  if (action == PATELLA_ACTION_END) return finish(t_us, "ended");
  if (action == PATELLA_ACTION_PAIN) return finish(t_us, "pain");
  if (action == PATELLA_ACTION_PAUSE) clock_.stand();
  follow(runner_.act(action, t_us));
}

void TempoReps::advance(int64_t t_us) {
  if (!runner_.schedule().working()) return;
  clock_.advance(t_us);
  if (!clock_.over()) return say_part();
  close_set(clock_.over_us());
  follow(runner_.end_set(clock_.over_us(), 0));
}

void TempoReps::follow(const module_kit::Turn& turn) {
  if (!turn.began || turn.step != Step::kWork) return;
  if (turn.continued) {
    clock_.go_on(turn.t_us);
    return;
  }
  clock_.begin(turn.t_us);
  said_rep_ = said_part_ = -1;
  say_part();
}

/// Each part once, as it begins; one that was over before anybody was told is not said any more.
void TempoReps::say_part() {
  const Place place = clock_.place();
  if (place.rep == said_rep_ && place.index == said_part_) return;
  const bool new_rep = place.rep != said_rep_;
  said_rep_ = place.rep;
  said_part_ = place.index;
  if (new_rep && place.rep > 0 && place.rep + 1 == pace_.reps)
    host_.cue(PATELLA_CUE_HINT, PATELLA_TEXT("Last repetition"));
  else if (place.part != Part::kPause)
    host_.cue(cue_of(place.part), word_of(place.part));
}

/// What the guide went through, in the log and as a figure of the session.
void TempoReps::close_set(int64_t t_us) {
  const module_kit::SetSchedule& schedule = runner_.schedule();
  const int paced = clock_.reps_done();
  host_.event(sdk::Event(PATELLA_EVENT_NOTE, t_us)
                  .of_set(schedule.set(), schedule.side())
                  .named(PATELLA_TEXT("Paced, not measured"))
                  .field("reps_paced", paced));
  reps_paced_ += paced;
  host_.metric("reps_paced", "", reps_paced_);
  paced_us_ += clock_.elapsed_us();
  host_.metric("paced_s", "s", to_s(paced_us_));
}

void TempoReps::finish(int64_t t_us, const std::string& reason) {
  if (runner_.schedule().done()) return;
  if (runner_.set_open()) close_set(t_us);
  runner_.finish(t_us, 0, reason);
}

void TempoReps::fill_view(patella_view& view) const {
  runner_.fill_view(view);
  view.rep_index = runner_.set_open() ? clock_.reps_done() : 0;
  view.rep_count = pace_.reps;
  if (runner_.set_open() && runner_.schedule().step() == Step::kWork) fill_work(view);
  if (has_force_ && !lost_) fill_force(view);
}

void TempoReps::fill_force(patella_view& view) const {
  patella_readout force = sdk::readout("force", PATELLA_TEXT("Force"), "N");
  force.channel = 0;
  force.role = PATELLA_ROLE_SECONDARY;
  force.value = force_n_;
  force.scale_high = 100;
  view.readouts[view.readout_count++] = force;
}

void TempoReps::fill_work(patella_view& view) const {
  const Place place = clock_.place();
  sdk::put_text(view.title, word_of(place.part));
  sdk::put_text(view.prompt, PATELLA_TEXT("Paced, not measured"));
  sdk::put_text(view.timer_label, word_of(place.part));
  view.timer_s = to_s(place.length_us - place.done_us);
  view.timer_total_s = to_s(place.length_us);
  view.timer_rate = runner_.schedule().working() ? -1 : 0;
  view.segment_count = static_cast<uint32_t>(clock_.part_count());
  view.segment_index = place.index;
  for (int i = 0; i < clock_.part_count(); ++i) {
    patella_segment& segment = view.segments[i];
    sdk::put_text(segment.label, word_of(clock_.part(i)));
    segment.duration_s = to_s(clock_.part_us(i));
    segment.done_s = i < place.index ? segment.duration_s : i == place.index ? to_s(place.done_us) : 0;
  }
}

}  // namespace patella::tempo_reps
