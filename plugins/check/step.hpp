// The input of a module: one totally ordered stream.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plugin.hpp"

namespace patella::check {

struct Step {
  enum class Kind : uint8_t { sample = 1, tick, action, gap } kind = Kind::tick;
  int64_t t_us = 0;
  uint32_t channel = 0;
  uint32_t code = 0;  ///< action, or 1 = lost, 0 = back
  double value = 0;
};
using Stream = std::vector<Step>;

struct Workout {
  double length_s = 180;
  double rate_hz = 100;  ///< of each channel
  bool gaps_and_pauses = true;
  uint32_t last_action = 0;  ///< PATELLA_ACTION_END or _PAIN at the end; 0 = the stream just ends
};

/// Somebody exercises around the presets of the parameters: holds, repetitions, rests, noise, now and then a gap.
Stream workout(const Plugin& plugin, uint64_t seed, const Workout& shape);

/// Anything the kiosk's order allows, whether it makes sense or not: actions at any time, gaps lost twice, samples far
/// outside what a sensor measures, samples measured before the last tick.
Stream wild(const Plugin& plugin, uint64_t seed, int steps);

}  // namespace patella::check
