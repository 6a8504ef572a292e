// Which of a device's sensors measures what, and how often it can. Pure.
#pragma once

#include <array>
#include <vector>

#include "reply.hpp"

namespace patella::go_direct {

/// Newtons in one of that unit; 0: it is no unit of force.
double newtons_in(std::string_view unit);
/// m/s² in one of that unit; 0: it is no unit of acceleration.
double metres_per_s2_in(std::string_view unit);

struct Chosen {
  int number = -1;   ///< -1: the device has none
  double scale = 1;  ///< to N, or to m/s²
};
struct Choice {
  Chosen force;
  std::array<Chosen, 3> acceleration;       ///< x, y, z
  double force_min_n = 0, force_max_n = 0;  ///< equal: not known
  uint32_t mask = 0;                        ///< what START is given
  uint32_t period_us = 0;
  uint32_t step_us = 1;            ///< every period is a multiple of it
  uint32_t typical_period_us = 0;  ///< of the force sensor; 0: not known

  /// The shortest period that the sensors can do and that is at least so long.
  uint32_t possible(uint32_t at_least_us) const { return (at_least_us + step_us - 1) / step_us * step_us; }
};

struct Wanted {
  int sensor = 0;  ///< 0: the default one that measures force, or else the first
  bool acceleration = false;
  uint32_t period_us = 10'000;
};
/// The period is never shorter than the sensors allow and a multiple of the granularity of each. Sensors that
/// exclude the force sensor, or have no period in common with it, stay off.
Choice choose(const std::vector<SensorInfo>& sensors, uint32_t default_mask, const Wanted& wanted);

/// "Temperature (°C), Pressure (kPa)", to tell what a device measures instead.
std::string list_of(const std::vector<SensorInfo>& sensors);

}  // namespace patella::go_direct
