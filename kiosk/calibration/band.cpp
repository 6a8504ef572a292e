#include "calibration/band.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace patella::calibration {

namespace {
constexpr double kLeastStretch_m = 0.05;
constexpr double kLeastForce_n = 1;
}  // namespace

Result<double> stiffness_n_per_m(const Stretch& a, const Stretch& b) {
  const auto& [shorter, longer] = a.length_m <= b.length_m ? std::pair(a, b) : std::pair(b, a);
  for (const double number : {a.length_m, a.force_n, b.length_m, b.force_n})
    if (!std::isfinite(number)) return Error{"a stretch is not a number", "", "Measure it again"};
  if (longer.length_m - shorter.length_m < kLeastStretch_m)
    return Error{"the two lengths lie less than 5 cm apart", "", "Choose a longer second stretch"};
  if (longer.force_n < kLeastForce_n)
    return Error{fmt::format("the band pulls with only {:.1f} N at {:g} m", longer.force_n, longer.length_m), "",
                 "Check that it hangs on the sensor, and that the sensor was tared without it"};
  if (longer.force_n <= shorter.force_n)
    return Error{fmt::format("the band pulls no harder at {:g} m than at {:g} m", longer.length_m, shorter.length_m), "",
                 "Measure both again"};
  return (longer.force_n - shorter.force_n) / (longer.length_m - shorter.length_m);
}

double change_percent(double first, double now) { return 100 * (now - first) / first; }

std::string band_notice(const std::string& band, double first_n_per_m, double now_n_per_m, double limit_percent) {
  if (!(limit_percent > 0) || !(first_n_per_m > 0)) return "";
  const double change = change_percent(first_n_per_m, now_n_per_m);
  if (std::fabs(change) <= limit_percent) return "";
  return fmt::format("Band \"{}\" changed by {:+.0f} % since its first check ({:.0f} to {:.0f} N/m; limit {:g} %)", band, change,
                     first_n_per_m, now_n_per_m, limit_percent);
}

}  // namespace patella::calibration
