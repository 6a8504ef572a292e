// What a person types for a known weight or length: "0", "10kg", "98.1 N", "50 cm".
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella::calibration {

/// Standard gravity, m/s² (3rd General Conference on Weights and Measures, 1901). On the ground it differs by ±0.3 %.
inline constexpr double kGravity = 9.80665;

/// In newtons. Units: N, kg, g, lb; needed unless the number is 0, since a bare 10 could be either. 0 … 20,000 N.
Result<double> force_n(std::string_view text);
/// In metres. Units: m, cm, mm; always needed. Above 0, at most 20 m.
Result<double> length_m(std::string_view text);

}  // namespace patella::calibration
