#include "base/figure.hpp"

#include <algorithm>
#include <cmath>

namespace patella {

namespace {

struct Place {
  std::size_t before = 0;  ///< pose at or before the time
  float share = 0;         ///< 0…1 of the way to the next one
};

/// Pose i of an endless row of loops, as time. Negative i reaches into the loop before.
float time_of(const Figure& figure, std::ptrdiff_t i) {
  const auto count = static_cast<std::ptrdiff_t>(figure.pose_times_s.size());
  const std::ptrdiff_t loop = i >= 0 ? i / count : -((-i + count - 1) / count);
  return figure.pose_times_s[static_cast<std::size_t>(i - loop * count)] + static_cast<float>(loop) * figure.loop_s;
}

Place place_at(const Figure& figure, float time_s) {
  const float looped = std::fmod(time_s, figure.loop_s);
  const float t = looped < 0 ? looped + figure.loop_s : looped;
  const auto& times = figure.pose_times_s;
  const auto after = std::upper_bound(times.begin() + 1, times.end(), t) - times.begin();
  const float start = time_of(figure, after - 1), end = time_of(figure, after);
  return {static_cast<std::size_t>(after - 1), end > start ? std::clamp((t - start) / (end - start), 0.0F, 1.0F) : 0.0F};
}

/// Slope at the middle of three values: none at a turning point, else the weighted harmonic mean of both
/// sides, which keeps the curve between its neighbours (Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5,
/// 1984).
float slope(float left, float left_s, float right, float right_s) {
  if (left_s <= 0 || right_s <= 0) return 0;
  const float before = left / left_s, after = right / right_s;
  if (before * after <= 0) return 0;
  const float w1 = 2 * right_s + left_s, w2 = right_s + 2 * left_s;
  return (w1 + w2) / (w1 / before + w2 / after);
}

/// Cubic Hermite curve from b to c, where a and d are the neighbours, and t the times of the four.
float between(const float (&v)[4], const float (&t)[4], float share) {
  const float step_s = t[2] - t[1];
  const float m0 = slope(v[1] - v[0], t[1] - t[0], v[2] - v[1], step_s) * step_s;
  const float m1 = slope(v[2] - v[1], step_s, v[3] - v[2], t[3] - t[2]) * step_s;
  const float s2 = share * share, s3 = s2 * share;
  return (2 * s3 - 3 * s2 + 1) * v[1] + (s3 - 2 * s2 + share) * m0 + (3 * s2 - 2 * s3) * v[2] + (s3 - s2) * m1;
}

}  // namespace

std::vector<FigurePoint> joints_at(const Figure& figure, float time_s) {
  std::vector<FigurePoint> points;
  const std::size_t count = figure.pose_times_s.size();
  if (count == 0 || !(figure.loop_s > 0) || !std::isfinite(time_s)) return points;
  const Place place = place_at(figure, time_s);
  const auto first = static_cast<std::ptrdiff_t>(place.before) - 1;
  float times[4];
  for (std::ptrdiff_t i = 0; i < 4; ++i) times[i] = time_of(figure, first + i);
  for (const FigureJoint& joint : figure.joints) {
    float x[4] = {}, y[4] = {};
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t pose = (place.before + count - 1 + i) % count;
      const FigurePoint point = pose < joint.poses.size() ? joint.poses[pose] : FigurePoint{};
      x[i] = point.x;
      y[i] = point.y;
    }
    points.push_back({between(x, times, place.share), between(y, times, place.share)});
  }
  return points;
}

}  // namespace patella
