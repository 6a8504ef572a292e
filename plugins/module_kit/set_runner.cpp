#include "set_runner.hpp"

#include "time.hpp"

namespace patella::module_kit {

namespace {
std::string next_set(const SetSchedule& schedule) {
  const sdk::Argument set = sdk::number(schedule.set());
  if (schedule.side() == PATELLA_SIDE_LEFT) return sdk::message("Next: left side, set {0}", set);
  if (schedule.side() == PATELLA_SIDE_RIGHT) return sdk::message("Next: right side, set {0}", set);
  return sdk::message("Next: set {0}", set);
}

const char* change_to(uint32_t side) {
  return side == PATELLA_SIDE_LEFT ? PATELLA_TEXT("Change to the left side") : PATELLA_TEXT("Change to the right side");
}

uint32_t view_phase(const SetSchedule& schedule) {
  if (schedule.paused()) return PATELLA_PHASE_PAUSED;
  switch (schedule.step()) {
    case Step::kWaiting:
      return PATELLA_PHASE_WAITING;
    case Step::kCountdown:
      return PATELLA_PHASE_COUNTDOWN;
    case Step::kWork:
      return PATELLA_PHASE_WORK;
    case Step::kRest:
    case Step::kSideChange:
      return PATELLA_PHASE_REST;
    case Step::kDone:
      break;
  }
  return PATELLA_PHASE_DONE;
}

const char* step_title(Step step) {
  switch (step) {
    case Step::kCountdown:
      return PATELLA_TEXT("Get ready");
    case Step::kRest:
      return PATELLA_TEXT("Rest");
    case Step::kSideChange:
      return PATELLA_TEXT("Change sides");
    case Step::kDone:
      return PATELLA_TEXT("Done");
    default:
      return "";
  }
}
}  // namespace

Turn SetRunner::act(uint32_t action, int64_t t_us) {
  switch (action) {
    case PATELLA_ACTION_START:
      return announce(schedule_.start(t_us));
    case PATELLA_ACTION_PAUSE:
      schedule_.pause(t_us);
      return {};
    case PATELLA_ACTION_RESUME:
      return announce(schedule_.resume(t_us));
    case PATELLA_ACTION_SKIP:
      return announce(schedule_.skip(t_us));
    default:
      return {};
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
    host_.cue(PATELLA_CUE_START, PATELLA_TEXT("Go"));
    if (!turn.continued) {
      set_open_ = true;
      host_.event(sdk::Event(PATELLA_EVENT_SET_START, turn.t_us).of_set(schedule_.set(), schedule_.side()));
    }
  }
  if (turn.step == Step::kRest) host_.cue(PATELLA_CUE_REST, PATELLA_TEXT("Rest"));
  if (turn.step == Step::kSideChange) host_.cue(PATELLA_CUE_REST, change_to(schedule_.side()));
  if (turn.step == Step::kDone) tell_done(turn.t_us);
  return turn;
}

void SetRunner::tell_set_end(int64_t t_us, int n, const std::string& reason) {
  set_open_ = false;
  host_.event(sdk::Event(PATELLA_EVENT_SET_END, t_us).of_set(schedule_.set(), schedule_.side()).number(n).because(reason));
}

void SetRunner::tell_done(int64_t t_us) {
  if (done_told_) return;
  done_told_ = true;
  host_.event(sdk::Event(PATELLA_EVENT_DONE, t_us));
  host_.cue(PATELLA_CUE_DONE, PATELLA_TEXT("Done"));
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
  if (step != Step::kCountdown) sdk::put_text(view.next_label, next_set(schedule_));
}

}  // namespace patella::module_kit
