// Somebody who pulls a band or pushes a scale: rises, holds with a tremor, lets down, rests; never twice the
// same.
#pragma once

#include <deque>

#include "emulator/model.hpp"
#include "emulator/random.hpp"

namespace patella::emulator {

/// How the script goes.
struct PullingScript {
  int64_t unloaded_us = 4'000'000;  ///< before the first rep
  double pace = 1;                  ///< reps are that many times faster
};

class Pulling {
 public:
  /// scripted: pulls rep after rep by itself once start_script() was called. untidy: double peaks, reps that
  /// are not let down wholly.
  Pulling(uint64_t seed, bool scripted, bool untidy = false, const PullingScript& script = {});

  /// Unloaded for a while, then rep after rep: about 60 N over a slack of 5 N; at the usual pace 1 s up, 1 s
  /// hold, 2 s down, 2 s slack.
  void start_script(int64_t now_us);
  void automatic(bool on, int64_t now_us);
  bool is_automatic() const { return automatic_; }
  void pull(double peak_n, double hold_s, int count, int64_t now_us);
  /// A constant force, as a weight makes it.
  void load(double force_n, int64_t now_us);
  void slack(int64_t now_us) { load(0, now_us); }
  /// The gestures pull, slack, load and automatic; false for any other.
  bool act(const Act& act, int64_t now_us);

  /// The force at that time, in N, never negative. Time must not go back.
  double force_n(int64_t now_us);

 private:
  struct Part {
    int64_t duration_us;
    double to_n;
    double dip_n;  ///< a second peak: the force sags by that much half-way
  };
  void clear(int64_t now_us);
  void add(double duration_s, double to_n, double dip_n = 0);
  void add_script_rep();
  double base_n(int64_t now_us);

  Random random_;
  bool automatic_, untidy_;
  PullingScript script_;
  std::deque<Part> parts_;
  int64_t part_start_us_ = 0;
  double from_n_ = 0;
  bool script_running_ = false;
  bool trembles_ = true;  ///< a muscle does, a weight does not
  double tremor_n_ = 1.4, tremor_hz_ = 9.4;
};

inline constexpr double kScriptPeakN = 60, kScriptSlackN = 5;

}  // namespace patella::emulator
