// The stiffness of an elastic band from two known stretches, and how it changed.
//
// Between the two lengths the band is taken for a spring: stiffness = (F2 − F1) / (L2 − L1). A band is not one over its
// whole stretch, so only checks with the same two lengths may be compared.
#pragma once

#include <string>

#include "base/result.hpp"

namespace patella::calibration {

struct Stretch {
  double length_m = 0;
  double force_n = 0;
};

/// In N/m. Error: lengths closer than 5 cm, no force at the longer one, a longer stretch that pulls less.
Result<double> stiffness_n_per_m(const Stretch& a, const Stretch& b);

/// Of `now` against `first`, in percent of `first`: −12.5 = an eighth softer. `first` > 0.
double change_percent(double first, double now);

/// What staff are told when a band changed by more than `limit_percent` (set by the physio; 0 = nobody is told); else empty.
Message band_notice(const std::string& band, double first_n_per_m, double now_n_per_m, double limit_percent);

}  // namespace patella::calibration
