// Is the reading still? And may it be made the zero?
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace patella::calibration {

struct SteadyRules {
  double window_s = 2;     ///< the reading has to be still for this long
  double most_spread = 2;  ///< between its smallest and largest value within that time, in the channel's unit
  int fewest = 3;          ///< readings in that time: fewer prove nothing
};

/// The last `window_s` of a channel. Memory is bounded whatever the rate: readings closer than a 4096th of the window
/// are thinned out.
class Steady {
 public:
  struct Window {
    double mean = 0, spread = 0;
    int count = 0;
  };

  explicit Steady(const SteadyRules& rules) : rules_(rules) {}

  void reset() { kept_.clear(); }
  /// `t_us` not going back; a reading that is not finite, or one after a break of the whole window, starts again.
  void add(int64_t t_us, double value);
  /// The mean, when there was a whole window of readings and it was still.
  std::optional<Window> still() const;
  /// What there is so far, for a live display.
  Window now() const;
  /// Why still() says no; empty when it says yes.
  Message why_not() const;

 private:
  struct Kept {
    int64_t t_us;
    double value;
  };
  int64_t window_us() const { return static_cast<int64_t>(rules_.window_s * 1e6); }
  bool whole() const;

  SteadyRules rules_;
  std::deque<Kept> kept_;
};

/// How far from its zero a sensor may read with nothing on it, in N: drift, a hook, a carabiner.
inline constexpr double kUnloadedN = 20;

/// Empty = the sensor may be tared now; else why not. Only unloaded and still. `unloaded` is how far from
/// the present zero a reading may lie and still be a sensor with nothing on it: drift, a hook, a slack band.
Messages tare_refusal(const Steady& recent, double unloaded);

/// Waits for one still reading: begin(), then samples, and poll() until it answers.
class PointTaker {
 public:
  explicit PointTaker(const SteadyRules& rules, int64_t patience_us = 30'000'000) : steady_(rules), patience_us_(patience_us) {}

  /// What was read before does not count: the weight was being hung on.
  void begin(int64_t now_us);
  bool waiting() const { return waiting_; }
  void sample(int64_t t_us, double value);
  /// Nothing yet, the still reading, or after the patience why there is none. Answers once.
  std::optional<Result<Steady::Window>> poll(int64_t now_us);

 private:
  Steady steady_;
  int64_t patience_us_;
  int64_t since_us_ = 0;
  bool waiting_ = false;
};

}  // namespace patella::calibration
