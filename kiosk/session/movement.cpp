#include "session/movement.hpp"

#include <algorithm>
#include <cmath>

namespace patella::session {

namespace {
constexpr double kChangeN = 5, kTurnsRpm = 5;
constexpr int64_t kReferenceUs = 1'000'000, kShownUs = 2'000'000, kBreakUs = 2'000'000;
}  // namespace

Movement::Movement(const std::string& unit)
    : kind_(unit == "N"     ? Kind::by_change
            : unit == "rpm" ? Kind::by_value
                            : Kind::never) {}

double Movement::median(double value, bool first) {
  if (first) {
    last_.fill(value);
    count_ = 0;
  }
  last_[count_++ % last_.size()] = value;
  std::array<double, 5> sorted = last_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 2];
}

bool Movement::sample(int64_t t_us, double value) {
  if (kind_ == Kind::never) return false;
  if (kind_ == Kind::by_value) {
    const bool turns = value >= kTurnsRpm;
    if (turns) moved_us_ = t_us;
    return turns;
  }
  // After a break (a session at the station, a replug) what it was before says nothing.
  const bool first = reference_us_ < 0 || t_us - newest_us_ > kBreakUs;
  newest_us_ = t_us;
  value = median(value, first);
  const bool known = count_ >= last_.size();
  const bool changed = known && std::fabs(value - reference_) >= kChangeN;
  if (changed) moved_us_ = t_us;
  // A reference that follows slowly: drift never adds up to a movement.
  if (known && !changed && t_us - reference_us_ < kReferenceUs) return false;
  reference_ = value;
  reference_us_ = t_us;
  return changed;
}

bool Movement::moves(int64_t now_us) const { return moved_us_ >= 0 && now_us - moved_us_ < kShownUs; }

}  // namespace patella::session
