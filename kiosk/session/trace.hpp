// Two memories of a channel's samples: the last seconds as they came, and the whole session in a bounded
// number of points.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "session/snapshot.hpp"

namespace patella::session {

/// The last `kKeepS` seconds, for the live trace.
class RecentTrace {
 public:
  void add(double t_s, double value);
  /// The module found out that this sample was wild: it is not drawn.
  void forget(double t_s, double value);
  /// At most `limit` points of the last `seconds`, the extremes of each stretch kept.
  std::vector<TracePoint> points(double now_s, double seconds, std::size_t limit) const;

 private:
  static constexpr double kKeepS = 40;
  static constexpr std::size_t kMax = 60'000;  ///< 40 s at 1.5 kHz
  std::deque<TracePoint> points_;
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
