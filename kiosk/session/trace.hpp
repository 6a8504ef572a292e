// Two memories of a channel's samples: the last seconds as they came, and the whole session in a bounded
// number of points.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "session/trace_points.hpp"

namespace patella::session {

/// The last `kKeepS` seconds, for the live trace. Each sample makes one point of it, so it is given away without a copy: a line in one
/// piece of memory that grows at its end, of which others hold what lies behind. When the piece is full, what is still wanted moves on
/// to another.
class RecentTrace {
 public:
  RecentTrace() = default;
  RecentTrace(RecentTrace&&) = default;  // no copies: two that write behind the same end
  RecentTrace& operator=(RecentTrace&&) = default;
  void add(double t_s, double value);
  /// The module found out that this sample was wild: it is not drawn.
  void forget(double t_s, double value);
  /// Each point of the last `seconds`, and one before them, so that the line reaches the edge.
  TracePoints points(double now_s, double seconds) const;

 private:
  static constexpr double kKeepS = 40;
  static constexpr std::size_t kMax = 60'000;  ///< 40 s at 1.5 kHz
  std::span<const TracePoint> kept() const { return {line_.get() + first_, end_ - first_}; }
  void move_on(std::size_t without);

  std::shared_ptr<TracePoint[]> line_;
  std::size_t room_ = 0, first_ = 0, end_ = 0;  ///< of line_; what lies from first_ to end_ is kept, and written to no more
};

/// The whole session: stretches of equal length with their extremes; doubles the length when there are too
/// many.
class SessionTrace {
 public:
  void add(double t_s, double value);
  /// As in RecentTrace, for a sample of the last kFreshS seconds.
  void forget(double t_s, double value);
  std::vector<TracePoint> points() const;

 private:
  struct Stretch {
    int64_t index = 0;
    float first_s = 0, low = 0, high = 0;
    bool rising = false;  ///< the lowest value came first
  };
  static constexpr std::size_t kMax = 900;
  static constexpr double kFreshS = 2;
  void settle(double t_s, double value);
  void merge_pairs();
  double length_s_ = 0.05;
  std::vector<Stretch> stretches_;
  std::deque<TracePoint> fresh_;  ///< not in the stretches yet
};

}  // namespace patella::session
