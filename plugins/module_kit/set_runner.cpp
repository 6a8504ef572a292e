#include "set_runner.hpp"

#include "time.hpp"

namespace patella::module_kit {

std::string side_words(uint32_t side) {
  if (side == PATELLA_SIDE_LEFT) return "left side";
  if (side == PATELLA_SIDE_RIGHT) return "right side";
  return "";
}

namespace {
std::string set_words(const SetSchedule& schedule) {
  const std::string set = "set " + std::to_string(schedule.set());
  const std::string side = side_words(schedule.side());
  return side.empty() ? set : side + ", " + set;
}

uint32_t view_phase(const SetSchedule& schedule) {
  if (schedule.paused()) return PATELLA_PHASE_PAUSED;
  switch (schedule.step()) {
    case Step::kWaiting: return PATELLA_PHASE_WAITING;
    case Step::kCountdown: return PATELLA_PHASE_COUNTDOWN;
    case Step::kWork: return PATELLA_PHASE_WORK;
    case Step::kRest:
    case Step::kSideChange: return PATELLA_PHASE_REST;
    case Step::kDone: break;
  }
  return PATELLA_PHASE_DONE;
}

const char* step_title(Step step) {
  switch (step) {
    case Step::kCountdown: return "Get ready";
    case Step::kRest: return "Rest";
    case Step::kSideChange: return "Change sides";
    case Step::kDone: return "Done";
    default: return "";
  }
}
}  // namespace

Turn SetRunner::act(uint32_t action, int64_t t_us) {
  switch (action) {
    case PATELLA_ACTION_START: return announce(schedule_.start(t_us));
    case PATELLA_ACTION_PAUSE: schedule_.pause(t_us); return {};
    case PATELLA_ACTION_RESUME: return announce(schedule_.resume(t_us));
    case PATELLA_ACTION_SKIP: return announce(schedule_.skip(t_us));
    default: return {};
  }
}

Turn SetRunner::tick(int64_t t_us) { return announce(schedule_.tick(t_us)); }

Turn SetRunner::end_set(int64_t t_us, int n) {
  tell_set_end(t_us, n, "");
  return announce(schedule_.work_done(t_us));
}

void SetRunner::finish(int64_t t_us, int n, const std::string& reason) {
  if (done_told_) return;
  if (set_open_) tell_set_end(t_us, n, reason);
  schedule_.finish();
  tell_done(t_us);
}

Turn SetRunner::announce(const Turn& turn) {
  if (turn.count > 0) host_.cue(PATELLA_CUE_COUNT, std::to_string(turn.count));
  if (!turn.began) return turn;
  if (turn.step == Step::kWork) {
    host_.cue(PATELLA_CUE_START, "Go");
    if (!turn.continued) {
      set_open_ = true;
      host_.event(sdk::Event(PATELLA_EVENT_SET_START, turn.t_us).of_set(schedule_.set(), schedule_.side()));
    }
  }
  if (turn.step == Step::kRest) host_.cue(PATELLA_CUE_REST, "Rest");
  if (turn.step == Step::kSideChange) host_.cue(PATELLA_CUE_REST, "Change to the " + side_words(schedule_.side()));
  if (turn.step == Step::kDone) tell_done(turn.t_us);
  return turn;
}

void SetRunner::tell_set_end(int64_t t_us, int n, const std::string& reason) {
  set_open_ = false;
  host_.event(sdk::Event(PATELLA_EVENT_SET_END, t_us)
                  .of_set(schedule_.set(), schedule_.side())
                  .number(n)
                  .because(reason));
}

void SetRunner::tell_done(int64_t t_us) {
  if (done_told_) return;
  done_told_ = true;
  host_.event(sdk::Event(PATELLA_EVENT_DONE, t_us));
  host_.cue(PATELLA_CUE_DONE, "Done");
}

void SetRunner::fill_view(patella_view& view) const {
  view.phase = view_phase(schedule_);
  view.side = schedule_.side();
  view.set_index = schedule_.set();
  view.set_count = schedule_.set_count();
  const Step step = schedule_.step();
  sdk::put_text(view.title, step_title(step));
  if (step != Step::kCountdown && step != Step::kRest && step != Step::kSideChange) return;
  sdk::put_text(view.timer_label, step_title(step));
  view.timer_s = to_s(schedule_.left_us());
  view.timer_total_s = to_s(schedule_.length_us());
  view.timer_rate = schedule_.paused() ? 0 : -1;
  if (step != Step::kCountdown) sdk::put_text(view.next_label, "Next: " + set_words(schedule_));
}

}  // namespace patella::module_kit
