#include "force_filter.hpp"

#include <algorithm>
#include <cmath>

namespace patella::module_kit {

namespace {
/// How far `n` lies outside of what is between a and b; 0 = between them.
double outside_n(double n, double a, double b) { return std::max({0.0, n - std::max(a, b), std::min(a, b) - n}); }
}  // namespace

SortedForces ForceFilter::add(const Force& reading) {
  SortedForces out;
  if (has_newest_ && reading.t_us < newest_us_) return out;
  const bool silent_before = has_newest_ && reading.t_us - newest_us_ > kMaxUs;
  has_newest_ = true;
  newest_us_ = reading.t_us;
  resolution_.add(reading.n);
  pending_[count_++] = reading;
  settle(out, false);
  silences_ += silent_before ? 1 : 0;  // after it: this silence may be the first disturbance of a sensor that never rests
  return out;
}

SortedForces ForceFilter::tick(int64_t t_us) {
  SortedForces out;
  if (count_ > 0 && sends_changes_only() && t_us - newest_us_ >= kSilenceUs) settle(out, true);
  return out;
}

SortedForces ForceFilter::lose() {
  SortedForces out;
  if (count_ > 0) reject(out, count_);
  *this = ForceFilter();
  return out;
}

void ForceFilter::settle(SortedForces& out, bool silence) {
  while (count_ > 0) {
    if (!has_last_) {
      if (count_ < kMaxPending && !silence) return;
      settle_start(out, silence);
      continue;
    }
    if (!away(pending_[0])) {
      accept(out);
    } else if (count_ >= 2 && back_after(1)) {
      reject(out, 1);
    } else if (count_ >= 3 && back_after(2)) {
      reject(out, 2);
    } else if (count_ >= 3 || silence || span_us(count_ - 1) > kMaxUs) {
      accept(out);
    } else {
      return;
    }
  }
}

// The first four readings: when the first is true, it passes; else those are wild, if any, that lie away from the two after them.
// What is left is judged again, but never more than two are dropped: three in a row are true.
void ForceFilter::settle_start(SortedForces& out, bool silence) {
  const bool judged = !silence && span_us(3) <= kMaxUs + kMaxUs / 2;
  const std::size_t number = judged && !first_is_true() ? wild_at_start() : 0;
  if (number == 0 || dropped_ + number > kMaxWild) return accept(out);
  dropped_ += number;
  reject(out, number);
  if (dropped_ == kMaxWild) accept(out);
}

// The fourth reading agrees with the first; or the two between them are away from both, which alone would not make the first wild.
bool ForceFilter::first_is_true() const {
  const double n = pending_[0].n, fourth_n = pending_[3].n;
  const double least_n = std::min(outside_n(pending_[1].n, n, fourth_n), outside_n(pending_[2].n, n, fourth_n));
  return std::fabs(fourth_n - n) <= std::max(least_jump_n(), kBackShare * least_n);
}

// Two of them are tried first: one wild reading after another makes the first look like part of a movement.
std::size_t ForceFilter::wild_at_start() const {
  const auto wild = [&](std::size_t i, std::size_t a) {
    const double a_n = pending_[a].n, b_n = pending_[a + 1].n;
    return outside_n(pending_[i].n, a_n, b_n) > std::max(least_jump_n(), kStepFactor * std::fabs(b_n - a_n));
  };
  if (dropped_ == 0 && wild(0, 2) && wild(1, 2)) return 2;
  return wild(0, 1) ? 1 : 0;
}

void ForceFilter::accept(SortedForces& out) {
  const Force reading = pending_[0];
  if (has_last_) {
    steps_n_[next_step_] = std::fabs(reading.n - last_.n);
    next_step_ = (next_step_ + 1) % steps_n_.size();
  }
  has_last_ = true;
  last_ = reading;
  out.good.push_back(reading);
  drop(1);
}

void ForceFilter::reject(SortedForces& out, std::size_t number) {
  out.wild.insert(out.wild.end(), pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(number));
  drop(number);
}

void ForceFilter::drop(std::size_t number) {
  std::copy(pending_.begin() + static_cast<std::ptrdiff_t>(number), pending_.begin() + static_cast<std::ptrdiff_t>(count_),
            pending_.begin());
  count_ -= number;
}

double ForceFilter::least_jump_n() const { return std::max(kMinJumpN, kCoarseSteps * resolution_.step_n()); }

double ForceFilter::jump_n() const {
  return std::max(least_jump_n(), kStepFactor * *std::max_element(steps_n_.begin(), steps_n_.end()));
}

bool ForceFilter::away(const Force& reading) const { return std::fabs(reading.n - last_.n) > jump_n(); }

// The first `number` pending ones are away, and the force is back with the one after them.
bool ForceFilter::back_after(std::size_t number) const {
  const Force& after = pending_[number];
  if (span_us(number) > kMaxUs) return false;
  double least_n = outside_n(pending_[0].n, last_.n, after.n);
  for (std::size_t i = 1; i < number; ++i) least_n = std::min(least_n, outside_n(pending_[i].n, last_.n, after.n));
  const double share = after.t_us - last_.t_us <= kShortUs ? kBackShareShort : kBackShare;
  return least_n > jump_n() && std::fabs(after.n - last_.n) <= std::max(share * least_n, least_jump_n());
}

// From the first pending reading to the one at `last`. Where readings were lost, the time without them says nothing about how long
// the force stayed; where a sensor sends changes only, it does.
int64_t ForceFilter::span_us(std::size_t last) const {
  int64_t sum_us = 0;
  for (std::size_t i = 1; i <= last; ++i) {
    const int64_t step_us = pending_[i].t_us - pending_[i - 1].t_us;
    sum_us += sends_changes_only() ? step_us : std::min(step_us, kMaxStepUs);
  }
  return sum_us;
}

}  // namespace patella::module_kit
