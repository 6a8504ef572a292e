// May a force sensor be tared now? Only unloaded and still: a tare under load, or in the middle of a pull, would shift
// every force after it, and nobody would see it. That no set is under way is the kiosk's to know.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace patella::driver_kit {

/// Watches the last half to whole second of readings; holds a handful of numbers, whatever the rate.
class TareGate {
 public:
  static constexpr int64_t kStillUs = 500'000;
  static constexpr double kUnloadedN = 20;   ///< drift, a hook, a carabiner, a slack band: about two kilograms
  static constexpr int64_t kBreakUs = 1'500'000;

  /// `still_n`: what the noise of this sensor stays within for a second; a hand or a muscle moves it by more.
  explicit TareGate(double still_n = 2) : still_n_(still_n) {}

  /// Each force above the present zero, in order of time.
  void add(int64_t t_us, double force_n) {
    if (now_.count == 0 || t_us - last_us_ > kBreakUs) {
      before_ = {};
      now_ = {t_us, force_n, force_n, 0};
    }
    last_us_ = t_us;
    now_.least_n = std::min(now_.least_n, force_n);
    now_.most_n = std::max(now_.most_n, force_n);
    ++now_.count;
    if (now_.count < 2 || t_us - now_.since_us < kStillUs) return;
    before_ = now_;
    now_ = {t_us, force_n, force_n, 1};
  }
  void reset() { before_ = now_ = {}; }

  /// "" = it may be tared; else one sentence for staff.
  std::string refusal(int64_t t_us) const {
    if (now_.count == 0 || t_us - last_us_ > kBreakUs) return "Not tared: the sensor gives no readings. Try again";
    const double least_n = std::min(before_.least_n, now_.least_n), most_n = std::max(before_.most_n, now_.most_n);
    if (before_.count == 0 || most_n - least_n > still_n_)
      return "Not tared: the force is not still. Let go of the sensor and try again";
    if (std::fabs(0.5 * (least_n + most_n)) > kUnloadedN) return "Not tared: the sensor is loaded. Take the load off and try again";
    return "";
  }

 private:
  struct Stretch {
    int64_t since_us = 0;
    double least_n = 0, most_n = 0;
    int64_t count = 0;
  };
  double still_n_;
  Stretch before_, now_;  // a whole stretch of half a second, and the one that goes on
  int64_t last_us_ = 0;
};

}  // namespace patella::driver_kit
