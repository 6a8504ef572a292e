// Somebody on a bike: gets going, wanders around the wanted cadence, coasts to a stop; and the heart that
// follows.
#pragma once

#include "emulator/model.hpp"
#include "emulator/random.hpp"

namespace patella::emulator {

class Pedalling {
 public:
  explicit Pedalling(uint64_t seed) : random_(seed) {}

  /// Starts the default script: about 80 rpm from 3 s after now_us on.
  void start_script(int64_t now_us);
  /// From now on this cadence; ends the script.
  void pedal(double rpm);
  void automatic(bool on, int64_t now_us);
  /// A heart rate to drift towards instead of the one that fits the work; 0 = no belt.
  void heart(double bpm);
  /// The gestures pedal, heart, automatic, spike and miss; false for any other.
  bool act(const Act& act, int64_t now_us);
  /// The next revolution is measured as one that cannot be true (230 rpm) or is not seen at all.
  void spike() { spike_ = true; }
  void miss() { miss_ = true; }

  void advance(int64_t now_us);

  double crank_rpm() const { return rpm_; }
  /// As a sensor on the crank measures it, from whole revolutions; kept for 3 s after the last one, then 0.
  double measured_rpm() const { return measured_rpm_; }
  /// Work on the flywheel in W: 145 W at 88 rpm, with the cube of the cadence.
  double power_w() const;
  /// Power at the last whole revolution, kept as long as the cadence.
  double measured_power_w() const { return measured_power_w_; }
  double distance_m() const { return distance_m_; }
  /// 0 = no belt.
  double heart_bpm() const { return belt_ ? heart_bpm_ : 0; }
  uint64_t revolutions() const { return revolutions_; }
  int64_t last_revolution_us() const { return last_revolution_us_; }
  /// The same to the microsecond; last_revolution_us() is when it was noticed, up to 20 ms later.
  int64_t last_crossing_us() const { return last_crossing_us_; }
  /// Part of the present revolution, 0…1.
  double phase() const { return phase_; }

 private:
  void step();
  void revolution();

  Random random_;
  bool started_ = false, automatic_ = true, belt_ = true, spike_ = false, miss_ = false;
  int64_t script_start_us_ = 0, at_us_ = 0, last_revolution_us_ = 0, last_crossing_us_ = 0;
  double target_rpm_ = 0, wander_rpm_ = 0, rpm_ = 0, measured_rpm_ = 0, measured_power_w_ = 0;
  double phase_ = 0, distance_m_ = 0;
  double heart_bpm_ = 78, heart_wish_bpm_ = -1;
  uint64_t revolutions_ = 0;
};

/// Cadence of the default script, and when it begins.
inline constexpr double kScriptCadenceRpm = 80;
inline constexpr int64_t kScriptPedalAfterUs = 3'000'000;

}  // namespace patella::emulator
