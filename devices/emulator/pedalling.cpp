#include "emulator/pedalling.hpp"

#include <algorithm>
#include <cmath>

namespace patella::emulator {

namespace {

constexpr int64_t kStepUs = 20'000;
constexpr double kStepS = 0.02;
constexpr int64_t kKeepUs = 3'000'000;
constexpr double kWandersRpm = 1.0;  // standard deviation; about ±2 rpm to the eye
constexpr double kWanderTauS = 2.5;
constexpr double kWattsPerRpm3 = 145.0 / (88.0 * 88.0 * 88.0);

}  // namespace

void Pedalling::start_script(int64_t now_us) {
  if (started_) return;
  started_ = true;
  at_us_ = script_start_us_ = now_us;
}

void Pedalling::pedal(double rpm) {
  automatic_ = false;
  target_rpm_ = std::clamp(rpm, 0.0, 250.0);
}

void Pedalling::automatic(bool on, int64_t now_us) {
  if (on && !automatic_) script_start_us_ = now_us - kScriptPedalAfterUs;
  automatic_ = on;
  if (!on) target_rpm_ = 0;
}

void Pedalling::heart(double bpm) {
  belt_ = bpm > 0;
  heart_wish_bpm_ = bpm;
}

bool Pedalling::act(const Act& act, int64_t now_us) {
  switch (act.gesture) {
    case Gesture::pedal:
      pedal(act.a);
      return true;
    case Gesture::heart:
      heart(act.a);
      return true;
    case Gesture::automatic:
      automatic(act.a > 0, now_us);
      return true;
    case Gesture::spike:
      spike();
      return true;
    case Gesture::miss:
      miss();
      return true;
    default:
      return false;
  }
}

void Pedalling::advance(int64_t now_us) {
  start_script(now_us);
  while (at_us_ + kStepUs <= now_us) step();
}

void Pedalling::step() {
  at_us_ += kStepUs;
  if (automatic_) target_rpm_ = at_us_ - script_start_us_ >= kScriptPedalAfterUs ? kScriptCadenceRpm : 0;
  const double noise = random_.normal() * kWandersRpm * std::sqrt(2 * kStepS / kWanderTauS);
  wander_rpm_ += -wander_rpm_ * kStepS / kWanderTauS + noise;
  const double wanted = target_rpm_ > 0 ? std::max(4.0, target_rpm_ + wander_rpm_) : 0;
  const double tau_s = wanted > rpm_ ? 1.5 : 0.8;
  rpm_ += (wanted - rpm_) * kStepS / tau_s;
  if (wanted <= 0 && rpm_ < 2) rpm_ = 0;

  phase_ += rpm_ / 60 * kStepS;
  if (phase_ >= 1) revolution();
  if (at_us_ - last_revolution_us_ > kKeepUs) measured_rpm_ = measured_power_w_ = 0;
  // 2.80 / (pace/500)^3 solved for the speed; the bike covers twice a rower's way for the same work.
  distance_m_ += 2 * std::cbrt(power_w() / 2.80) * kStepS;
  const double wish = heart_wish_bpm_ > 0 ? heart_wish_bpm_ : 78 + 0.5 * power_w();
  heart_bpm_ += (wish - heart_bpm_) * kStepS / 40;
}

void Pedalling::revolution() {
  phase_ -= 1;
  ++revolutions_;
  if (miss_) {
    miss_ = false;
    measured_rpm_ = rpm_ / 2;  // two turns seen as one
  } else if (spike_) {
    spike_ = false;
    measured_rpm_ = 230.77;
  } else {
    measured_rpm_ = rpm_;
  }
  measured_power_w_ = power_w();
  last_revolution_us_ = at_us_;
  last_crossing_us_ = at_us_ - static_cast<int64_t>(phase_ * 60e6 / rpm_);
}

double Pedalling::power_w() const { return rpm_ > 0 ? kWattsPerRpm3 * rpm_ * rpm_ * rpm_ : 0; }

}  // namespace patella::emulator
