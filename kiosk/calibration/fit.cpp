#include "calibration/fit.hpp"

#include <algorithm>
#include <cmath>

namespace patella::calibration {

namespace {
constexpr double kGrain = 10'000;
/// A slope further from 1 than this factor is a wrong weight, a wrong unit or a reading that did not move.
constexpr double kSlopeFactor = 1000;

struct Means {
  double known = 0, reading = 0;
};

Means means_of(std::span<const Point> points) {
  Means means;
  for (const Point& point : points) {
    means.known += point.known;
    means.reading += point.reading;
  }
  means.known /= static_cast<double>(points.size());
  means.reading /= static_cast<double>(points.size());
  return means;
}

double span_of(std::span<const Point> points) {
  const auto [least, most] =
      std::minmax_element(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.known < b.known; });
  return most->known - least->known;
}

Error not_followed() {
  return in_words(Message("The reading did not follow the weight"), "",
                  Message("Check that the weight hangs on the sensor, and measure again"));
}

Result<Line> line_of(std::span<const Point> points) {
  const Means means = means_of(points);
  double product = 0, square = 0;
  for (const Point& point : points) {
    product += (point.reading - means.reading) * (point.known - means.known);
    square += (point.reading - means.reading) * (point.reading - means.reading);
  }
  const double slope = square > 0 ? product / square : 0;
  if (!std::isfinite(slope) || std::fabs(slope) > kSlopeFactor || std::fabs(slope) < 1 / kSlopeFactor) return not_followed();
  return Line{slope, means.known - slope * means.reading};
}
}  // namespace

double apply(const Line& line, double reading) { return std::round((line.slope * reading + line.offset) * kGrain) / kGrain; }

Result<Fit> fit_line(std::span<const Point> points, const FitRules& rules) {
  for (const Point& point : points)
    if (!std::isfinite(point.known) || !std::isfinite(point.reading))
      return in_words(Message("A point is not a number"), "", Message("Measure it again"));
  if (points.size() < rules.fewest_points)
    return in_words(Message("A line needs {0} points", rules.fewest_points), "", Message("Add another known weight"));
  const double span = span_of(points);
  if (span < rules.least_span)
    return in_words(Message("The known weights are only {0} apart, at least {1} are needed", Quantity{span, 1, "N"},
                            shortest(rules.least_span, 1, "N")),
                    "", Message("Use a heavier weight"));
  const Result<Line> line = line_of(points);
  if (!line) return line.error();

  Fit fit{*line, 0, {}};
  double square = 0;
  for (const Point& point : points) {
    const double deviation = line->slope * point.reading + line->offset - point.known;
    fit.deviations.push_back(deviation);
    square += deviation * deviation;
  }
  fit.residual = std::sqrt(square / static_cast<double>(points.size()));
  const auto worst = std::max_element(fit.deviations.begin(), fit.deviations.end(),
                                      [](double a, double b) { return std::fabs(a) < std::fabs(b); });
  if (std::fabs(*worst) > rules.most_deviation_part * span) {
    const Point& point = points[static_cast<std::size_t>(worst - fit.deviations.begin())];
    return in_words(
        Message("The points do not lie on a line: at {0} it is {1} off, at most {2} are allowed", Quantity{point.known, 1, "N"},
                Quantity{std::fabs(*worst), 2, "N"}, Quantity{rules.most_deviation_part * span, 2, "N"}),
        "", Message("Measure again, with the weight hanging free and still"));
  }
  return fit;
}

}  // namespace patella::calibration
