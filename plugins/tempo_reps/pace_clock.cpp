#include "pace_clock.hpp"

#include <algorithm>

namespace patella::tempo_reps {

PaceClock::PaceClock(const Pace& pace) : pace_(pace) {
  pace_.reps = std::max(1, pace.reps);
  const auto add = [&](Part part, int64_t length_us) {
    if (length_us <= 0) return;
    parts_[static_cast<std::size_t>(part_count_++)] = {part, length_us};
    cycle_us_ += length_us;
  };
  add(pace.starts_down ? Part::kLower : Part::kLift, std::max<int64_t>(1, pace.starts_down ? pace.down_us : pace.up_us));
  add(Part::kHold, pace.hold_us);
  add(pace.starts_down ? Part::kRise : Part::kLower, std::max<int64_t>(1, pace.starts_down ? pace.up_us : pace.down_us));
  add(Part::kPause, pace.pause_us);
  length_us_ = pace_.reps * cycle_us_ - std::max<int64_t>(0, pace.pause_us);
}

void PaceClock::begin(int64_t t_us) {
  elapsed_us_ = 0;
  last_us_ = t_us;
  runs_ = true;
}

void PaceClock::stand() { runs_ = false; }

void PaceClock::go_on(int64_t t_us) {
  last_us_ = t_us;
  runs_ = true;
}

void PaceClock::advance(int64_t t_us) {
  if (!runs() || t_us <= last_us_) return;
  const int64_t passed_us = std::min(t_us - last_us_, length_us_ - elapsed_us_);
  elapsed_us_ += passed_us;
  over_us_ = last_us_ + passed_us;
  last_us_ = t_us;
}

int PaceClock::reps_done() const {
  if (over()) return pace_.reps;
  // The pause belongs to no repetition: the one before it is over when it begins.
  const int64_t in_cycle_us = elapsed_us_ % cycle_us_;
  const int whole = static_cast<int>(elapsed_us_ / cycle_us_);
  return whole + (in_cycle_us >= cycle_us_ - std::max<int64_t>(0, pace_.pause_us) && pace_.pause_us > 0 ? 1 : 0);
}

Place PaceClock::place() const {
  Place place;
  const int64_t at_us = std::min(elapsed_us_, length_us_ - 1);
  place.rep = static_cast<int>(at_us / cycle_us_);
  int64_t left_us = at_us % cycle_us_;
  for (int i = 0; i < part_count_; ++i) {
    place.index = i;
    place.part = part(i);
    place.length_us = part_us(i);
    place.done_us = left_us;
    if (left_us < place.length_us) break;
    left_us -= place.length_us;
  }
  return place;
}

}  // namespace patella::tempo_reps
