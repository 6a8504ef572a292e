#include "calibration/band.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace patella::calibration {

namespace {
constexpr double kMinStretchM = 0.05;
constexpr double kMinForceN = 1;
}  // namespace

Result<double> stiffness_n_per_m(const Stretch& a, const Stretch& b) {
  const auto& [shorter, longer] = a.length_m <= b.length_m ? std::pair(a, b) : std::pair(b, a);
  for (const double number : {a.length_m, a.force_n, b.length_m, b.force_n})
    if (!std::isfinite(number)) return Error{"a stretch is not a number", "", "Measure it again"};
  if (longer.length_m - shorter.length_m < kMinStretchM)
    return Error{"the two lengths lie less than 5 cm apart", "", "Choose a longer second stretch"};
  if (longer.force_n < kMinForceN)
    return Error{fmt::format("the band pulls with only {:.1f} N at {:g} m", longer.force_n, longer.length_m), "",
                 "Check that it hangs on the sensor, and that the sensor was tared without it"};
  if (longer.force_n <= shorter.force_n)
    return Error{fmt::format("the band pulls no harder at {:g} m than at {:g} m", longer.length_m, shorter.length_m), "",
                 "Measure both again"};
  return (longer.force_n - shorter.force_n) / (longer.length_m - shorter.length_m);
}

double change_percent(double first, double now) { return 100 * (now - first) / first; }

Message band_notice(const std::string& band, double first_n_per_m, double now_n_per_m, double limit_percent) {
  if (!(limit_percent > 0) || !(first_n_per_m > 0)) return {};
  const double change = change_percent(first_n_per_m, now_n_per_m);
  if (std::fabs(change) <= limit_percent) return {};
  const Quantity first{first_n_per_m, 0, "N/m"}, now{now_n_per_m, 0, "N/m"}, by{std::fabs(change), 0, "%"};
  if (change < 0) return Message("The band {0} is {1} softer than at its first check: {2}, now {3}", Name{band}, by, first, now);
  return Message("The band {0} is {1} harder than at its first check: {2}, now {3}", Name{band}, by, first, now);
}

}  // namespace patella::calibration
