// The points of a trace as a snapshot has them: a stretch of a line that goes on growing behind its end. Whoever holds one keeps what it
// needs of the line, and what lies in it never changes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace patella::session {

struct TracePoint {
  float t_s = 0;  ///< session time
  float value = 0;
};

/// A stretch without samples, drawn as a hole.
struct TraceGap {
  float from_s = 0, to_s = 0;
};

class TracePoints {
 public:
  TracePoints() = default;
  TracePoints(std::vector<TracePoint> points) {
    const auto own = std::make_shared<const std::vector<TracePoint>>(std::move(points));
    points_ = *own;
    line_ = own;
  }
  /// `points` lie in what `line` keeps alive; nobody writes to them any more.
  TracePoints(std::shared_ptr<const void> line, std::span<const TracePoint> points) : line_(std::move(line)), points_(points) {}

  std::span<const TracePoint> points() const { return points_; }
  auto begin() const { return points_.begin(); }
  auto end() const { return points_.end(); }
  std::size_t size() const { return points_.size(); }
  bool empty() const { return points_.empty(); }
  const TracePoint& back() const { return points_.back(); }

 private:
  std::shared_ptr<const void> line_;
  std::span<const TracePoint> points_;
};

}  // namespace patella::session
