#include "session/trace.hpp"

#include <algorithm>

namespace patella::session {

namespace {
/// The index of that sample; points.size() when it is not there.
template <class Points>
std::size_t find_in(const Points& points, double t_s, double value) {
  const auto wanted_s = static_cast<float>(t_s), wanted = static_cast<float>(value);
  auto at = std::lower_bound(points.begin(), points.end(), wanted_s, [](const TracePoint& p, float t) { return p.t_s < t; });
  while (at != points.end() && at->t_s == wanted_s && at->value != wanted) ++at;
  const bool there = at != points.end() && at->t_s == wanted_s;
  return there ? static_cast<std::size_t>(at - points.begin()) : points.size();
}
}  // namespace

void RecentTrace::add(double t_s, double value) {
  if (end_ == room_) move_on(room_);
  line_[end_++] = {static_cast<float>(t_s), static_cast<float>(value)};
  const auto oldest_s = static_cast<float>(t_s - kKeepS);
  while (end_ - first_ > kMax || line_[first_].t_s < oldest_s) ++first_;
}

/// What is kept, but for the point `without`, goes to a piece of memory of its own: the present one may be on a screen.
void RecentTrace::move_on(std::size_t without) {
  constexpr std::size_t kLeastRoom = 512;
  const std::span<const TracePoint> points = kept();
  const std::size_t room = points.size() + std::max(kLeastRoom, points.size() / 2);
  std::shared_ptr<TracePoint[]> line(new TracePoint[room]);
  TracePoint* to = line.get();
  for (std::size_t i = 0; i < points.size(); ++i)
    if (first_ + i != without) *to++ = points[i];
  end_ = static_cast<std::size_t>(to - line.get());
  first_ = 0;
  room_ = room;
  line_ = std::move(line);
}

void RecentTrace::forget(double t_s, double value) {
  const std::size_t at = find_in(kept(), t_s, value);
  if (at < kept().size()) move_on(first_ + at);
}

TracePoints RecentTrace::points(double now_s, double seconds) const {
  const std::span<const TracePoint> points = kept();
  const auto from_s = static_cast<float>(now_s - seconds);
  auto first = std::lower_bound(points.begin(), points.end(), from_s, [](const TracePoint& p, float t) { return p.t_s < t; });
  if (first != points.begin()) --first;
  return {line_, points.subspan(static_cast<std::size_t>(first - points.begin()))};
}

void SessionTrace::add(double t_s, double value) {
  fresh_.push_back({static_cast<float>(t_s), static_cast<float>(value)});
  while (fresh_.front().t_s < static_cast<float>(t_s - kFreshS)) {
    settle(fresh_.front().t_s, fresh_.front().value);
    fresh_.pop_front();
  }
}

void SessionTrace::forget(double t_s, double value) {
  const std::size_t at = find_in(fresh_, t_s, value);
  if (at < fresh_.size()) fresh_.erase(fresh_.begin() + static_cast<std::ptrdiff_t>(at));
}

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
