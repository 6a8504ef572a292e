#include "session/trace.hpp"

#include <algorithm>

namespace patella::session {

namespace {
void forget_in(std::deque<TracePoint>& points, double t_s, double value) {
  const auto wanted_s = static_cast<float>(t_s), wanted = static_cast<float>(value);
  auto at = std::lower_bound(points.begin(), points.end(), wanted_s, [](const TracePoint& p, float t) { return p.t_s < t; });
  for (; at != points.end() && at->t_s == wanted_s; ++at)
    if (at->value == wanted) {
      points.erase(at);
      return;
    }
}
}  // namespace

void RecentTrace::add(double t_s, double value) {
  points_.push_back({static_cast<float>(t_s), static_cast<float>(value)});
  while (points_.size() > kMax || (!points_.empty() && points_.front().t_s < static_cast<float>(t_s - kKeepS)))
    points_.pop_front();
}

void RecentTrace::forget(double t_s, double value) { forget_in(points_, t_s, value); }

std::vector<TracePoint> RecentTrace::points(double now_s, double seconds, std::size_t limit) const {
  const float from_s = static_cast<float>(now_s - seconds);
  auto first =
      std::lower_bound(points_.begin(), points_.end(), from_s, [](const TracePoint& p, float t_s) { return p.t_s < t_s; });
  if (first != points_.begin()) --first;  // one point left of the edge, so that the line reaches it
  const auto count = static_cast<std::size_t>(points_.end() - first);
  if (count <= limit) return {first, points_.end()};
  std::vector<TracePoint> kept;
  const std::size_t stretches = std::max<std::size_t>(1, limit / 2);
  for (std::size_t i = 0; i < stretches; ++i) {
    auto begin = first + static_cast<std::ptrdiff_t>(count * i / stretches);
    auto end = first + static_cast<std::ptrdiff_t>(count * (i + 1) / stretches);
    auto [low, high] = std::minmax_element(begin, end, [](const auto& a, const auto& b) { return a.value < b.value; });
    if (low > high) std::swap(low, high);
    kept.push_back(*low);
    if (low != high) kept.push_back(*high);
  }
  return kept;
}

void SessionTrace::add(double t_s, double value) {
  fresh_.push_back({static_cast<float>(t_s), static_cast<float>(value)});
  while (fresh_.front().t_s < static_cast<float>(t_s - kFreshS)) {
    settle(fresh_.front().t_s, fresh_.front().value);
    fresh_.pop_front();
  }
}

void SessionTrace::forget(double t_s, double value) { forget_in(fresh_, t_s, value); }

void SessionTrace::settle(double t_s, double value) {
  const auto index = static_cast<int64_t>(t_s / length_s_);
  const auto v = static_cast<float>(value);
  if (stretches_.empty() || stretches_.back().index < index) {
    stretches_.push_back({index, static_cast<float>(t_s), v, v, true});
    if (stretches_.size() > kMax) merge_pairs();
    return;
  }
  Stretch& last = stretches_.back();
  if (v < last.low) {
    last.low = v;
    last.rising = false;
  }
  if (v > last.high) {
    last.high = v;
    last.rising = true;
  }
}

void SessionTrace::merge_pairs() {
  length_s_ *= 2;
  std::vector<Stretch> merged;
  for (Stretch stretch : stretches_) {
    stretch.index /= 2;
    if (merged.empty() || merged.back().index != stretch.index) {
      merged.push_back(stretch);
      continue;
    }
    Stretch& into = merged.back();
    into.rising = stretch.high > into.high || (stretch.low >= into.low && into.rising);
    into.low = std::min(into.low, stretch.low);
    into.high = std::max(into.high, stretch.high);
  }
  stretches_ = std::move(merged);
}

std::vector<TracePoint> SessionTrace::points() const {
  if (!fresh_.empty()) {
    SessionTrace whole = *this;
    whole.fresh_.clear();
    for (const TracePoint& point : fresh_) whole.settle(point.t_s, point.value);
    return whole.points();
  }
  std::vector<TracePoint> out;
  const auto half_s = static_cast<float>(length_s_ / 2);
  for (const Stretch& s : stretches_) {
    out.push_back({s.first_s, s.rising ? s.low : s.high});
    if (s.low < s.high) out.push_back({s.first_s + half_s, s.rising ? s.high : s.low});
  }
  return out;
}

}  // namespace patella::session
