#include "calibration/procedure.hpp"

#include <algorithm>
#include <utility>

namespace patella::calibration {

bool Procedure::gone() {
  const bool lost = taking();
  taker_ = PointTaker(rules_);
  return lost;
}

bool Procedure::opened() {
  const bool lost = gone() || !points_.empty();
  points_.clear();
  return lost;
}

void Procedure::take(double known, int64_t now_us) {
  known_ = known;
  taker_.begin(now_us);
}

void Procedure::sample(int64_t t_us, double reading) {
  if (taker_.waiting()) taker_.sample(t_us, reading);
}

std::optional<Result<Procedure::Taken>> Procedure::poll(int64_t now_us) {
  const auto reading = taker_.poll(now_us);
  if (!reading) return std::nullopt;
  if (!*reading) return Result<Taken>(reading->error());
  return Result<Taken>(add(known_, **reading));
}

/// A weight that is taken again is the newest point.
Procedure::Taken Procedure::add(double known, const Steady::Window& reading) {
  Taken taken{{known, reading.mean}, reading.spread, std::nullopt, false};
  taken.loaded_zero = known == 0 && (reading.mean > kUnloadedN || reading.mean < -kUnloadedN);
  const auto before = std::find_if(points_.begin(), points_.end(), [&](const Point& point) { return point.known == known; });
  if (before != points_.end()) {
    taken.instead_of = before->reading;
    points_.erase(before);
  }
  points_.push_back(taken.point);
  return taken;
}

std::optional<Point> Procedure::undo() {
  if (points_.empty()) return std::nullopt;
  const Point newest = points_.back();
  points_.pop_back();
  return newest;
}

bool Procedure::has(double known) const {
  return std::any_of(points_.begin(), points_.end(), [&](const Point& point) { return point.known == known; });
}

}  // namespace patella::calibration
