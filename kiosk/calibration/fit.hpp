// A straight line through known weights and what the sensor said to them, by least squares.
//
// Pure arithmetic: no device, no file, no clock. Units are the channel's (N for a force), both of the known values and of
// the readings: a driver gives newtons already, so a good sensor has a slope near 1 and an offset near 0.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace patella::calibration {

struct Point {
  double known = 0;    ///< what lay on the sensor
  double reading = 0;  ///< what the sensor said, the mean of a still moment
};

/// value = slope · reading + offset
struct Line {
  double slope = 1, offset = 0;
  bool operator==(const Line&) const = default;
};

/// What the module sees and the log keeps: rounded to 1/10000 of the unit, far below what any sensor here resolves. A
/// value of four decimals is stored exactly and short; the rest of a product would be noise in sixteen.
double apply(const Line& line, double reading);

struct FitRules {
  std::size_t fewest_points = 2;
  double least_span = 20;             ///< between the smallest and the largest known value; 20 N are 2 kg
  double most_deviation_part = 0.02;  ///< of that span: a point further from the line is refused
};

struct Fit {
  Line line;
  double residual = 0;             ///< root of the mean square of the deviations; 0 for two points, whatever they are
  std::vector<double> deviations;  ///< of each point: what the line says minus what is known
};

/// Error: too few points, known values too close to each other, a reading that does not follow the weight, a point off
/// the line, a number that is none. The sentence names the point and what to do.
Result<Fit> fit_line(std::span<const Point> points, const FitRules& rules);

}  // namespace patella::calibration
