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
  has_newest_ = true;
  newest_us_ = reading.t_us;
  resolution_.add(reading.n);
  pending_[count_++] = reading;
  settle(out, false);
  return out;
}

SortedForces ForceFilter::tick(int64_t t_us) {
  SortedForces out;
  if (count_ > 0 && t_us - newest_us_ >= kSilenceUs) settle(out, true);
  return out;
}

void ForceFilter::reset() { *this = ForceFilter(); }

void ForceFilter::settle(SortedForces& out, bool silence) {
  while (count_ > 0) {
    if (!has_last_) {
      if (count_ < kMostPending && !silence) return;
      settle_start(out, silence);
      continue;
    }
    if (!away(pending_[0])) {
      accept(out);
    } else if (count_ >= 2 && back_after(1)) {
      reject(out, 1);
    } else if (count_ >= 3 && back_after(2)) {
      reject(out, 2);
    } else if (count_ >= 3 || silence || newest_us_ - pending_[0].t_us > kLongestUs) {
      accept(out);
    } else {
      return;
    }
  }
}

// The first four readings: when the first and the fourth agree, the first is true; else those are wild, if any, that lie away
// from the two after them.
void ForceFilter::settle_start(SortedForces& out, bool silence) {
  const auto n = [&](std::size_t i) { return pending_[i].n; };
  const auto wild = [&](std::size_t i, std::size_t a) {
    return outside_n(n(i), n(a), n(a + 1)) > std::max(least_jump_n(), kStepFactor * std::fabs(n(a + 1) - n(a)));
  };
  const bool judged = !silence && pending_[3].t_us - pending_[0].t_us <= kLongestUs + kLongestUs / 2;
  const bool agree = std::fabs(n(3) - n(0)) <= least_jump_n();
  std::size_t number = 0;
  if (judged && !agree) number = wild(0, 1) ? 1 : wild(0, 2) && wild(1, 2) ? 2 : 0;
  if (number > 0) {
    out.wild.insert(out.wild.end(), pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(number));
    drop(number);
  }
  accept(out);
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

double ForceFilter::least_jump_n() const { return std::max(kLeastJumpN, kCoarseSteps * resolution_.step_n()); }

double ForceFilter::jump_n() const {
  return std::max(least_jump_n(), kStepFactor * *std::max_element(steps_n_.begin(), steps_n_.end()));
}

bool ForceFilter::away(const Force& reading) const { return std::fabs(reading.n - last_.n) > jump_n(); }

// The first `number` pending ones are away, and the force is back with the one after them.
bool ForceFilter::back_after(std::size_t number) const {
  const Force& after = pending_[number];
  if (after.t_us - pending_[0].t_us > kLongestUs) return false;
  double least_n = outside_n(pending_[0].n, last_.n, after.n);
  for (std::size_t i = 1; i < number; ++i) least_n = std::min(least_n, outside_n(pending_[i].n, last_.n, after.n));
  const double share = after.t_us - last_.t_us <= kShortUs ? kBackShareShort : kBackShare;
  return least_n > jump_n() && std::fabs(after.n - last_.n) <= std::max(share * least_n, least_jump_n());
}

}  // namespace patella::module_kit
