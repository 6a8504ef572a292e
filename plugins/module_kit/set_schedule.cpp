#include "set_schedule.hpp"

#include <algorithm>

namespace patella::module_kit {

namespace {
constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kLeadInUs = 3 * kSecondUs;
constexpr int kCountedSeconds = 3;
}  // namespace

Turn SetSchedule::start(int64_t t_us) {
  if (step_ != Step::kWaiting) return {};
  now_us_ = t_us;
  return plan_.countdown_us > 0 ? begin(Step::kCountdown, plan_.countdown_us, t_us) : begin_work(t_us);
}

Turn SetSchedule::tick(int64_t t_us) {
  if (paused_) return {};
  now_us_ = std::max(now_us_, t_us);
  if (!timed()) return {};
  if (now_us_ >= end_us_) return begin_work(end_us_);
  const int count = static_cast<int>((end_us_ - now_us_ + kSecondUs - 1) / kSecondUs);
  if (count > kCountedSeconds || count == last_count_) return {};
  last_count_ = count;
  Turn turn;
  turn.count = count;
  turn.t_us = now_us_;
  return turn;
}

Turn SetSchedule::work_done(int64_t t_us) {
  if (step_ != Step::kWork) return {};
  set_open_ = false;
  now_us_ = std::max(now_us_, t_us);
  const bool other_side = plan_.sides != Sides::kNone && side_index_ == 0;
  if (!other_side && set_ == plan_.sets) {
    step_ = Step::kDone;
    return {true, false, Step::kDone, 0, t_us};
  }
  side_index_ = other_side ? 1 : 0;
  if (!other_side) ++set_;
  const int64_t pause_us = other_side ? plan_.side_change_us : plan_.rest_us;
  if (pause_us == 0) return begin_work(t_us);
  return begin(other_side ? Step::kSideChange : Step::kRest, pause_us, t_us);
}

void SetSchedule::pause(int64_t t_us) {
  if (paused_ || step_ == Step::kWaiting || step_ == Step::kDone) return;
  now_us_ = std::max(now_us_, t_us);
  paused_ = true;
}

Turn SetSchedule::resume(int64_t t_us) {
  if (!paused_) return {};
  paused_ = false;
  const int64_t away_us = std::max<int64_t>(0, t_us - now_us_);
  now_us_ += away_us;
  end_us_ += away_us;
  if (step_ != Step::kWork) return {};
  return lead_in_us() > 0 ? begin(Step::kCountdown, lead_in_us(), now_us_) : begin_work(now_us_);
}

Turn SetSchedule::skip(int64_t t_us) {
  if (paused_ || (step_ != Step::kRest && step_ != Step::kSideChange)) return {};
  now_us_ = std::max(now_us_, t_us);
  const int64_t lead_us = std::min(lead_in_us(), left_us());
  return lead_us > 0 ? begin(Step::kCountdown, lead_us, now_us_) : begin_work(now_us_);
}

uint32_t SetSchedule::side() const {
  if (plan_.sides == Sides::kNone) return PATELLA_SIDE_NONE;
  const bool left = (plan_.sides == Sides::kLeftFirst) == (side_index_ == 0);
  return left ? PATELLA_SIDE_LEFT : PATELLA_SIDE_RIGHT;
}

int64_t SetSchedule::left_us() const { return timed() ? std::max<int64_t>(0, end_us_ - now_us_) : 0; }

Turn SetSchedule::begin(Step step, int64_t length_us, int64_t t_us) {
  step_ = step;
  length_us_ = length_us;
  end_us_ = t_us + length_us;
  last_count_ = 0;
  return {true, false, step, 0, t_us};
}

Turn SetSchedule::begin_work(int64_t t_us) {
  const bool continued = set_open_;
  step_ = Step::kWork;
  set_open_ = true;
  length_us_ = 0;
  return {true, continued, Step::kWork, 0, t_us};
}

int64_t SetSchedule::lead_in_us() const { return std::min(plan_.countdown_us, kLeadInUs); }

}  // namespace patella::module_kit
