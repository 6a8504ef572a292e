// The command "tare" of a force sensor: one rule for all of them. Only what rests and is not loaded becomes
// zero: a tare under load, or in the middle of a pull, would shift every force after it, and nobody would see
// it. That no set is under way is the kiosk's to know.
#pragma once

#include <patella/sdk.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace patella::driver_kit {

/// Within this a sensor at rest stays for a second; a hand or a muscle moves it by more.
inline constexpr double kTareStillN = 2;
/// So far from the present zero there is nothing on it but drift, a hook, a carabiner, a slack band. The
/// kiosk does not ask for a tare above it either.
inline constexpr double kTareUnloadedN = 20;

/// Watches the last half to whole second of each input; holds a handful of numbers, whatever the rate. A
/// sensor that zeroes itself is only asked refusal() for; of one that cannot the zero is held here.
class Tare {
 public:
  static constexpr std::size_t kMaxInputs = 4;
  static constexpr int64_t kStillUs = 500'000;
  static constexpr int64_t kBreakUs = 2'500'000;  ///< the slowest scale that is read reports every 2 s

  /// `still_n`: more than kTareStillN only for a sensor that shows coarser steps.
  explicit Tare(double still_n = kTareStillN) : still_n_(still_n) {}

  /// Each measured force, in order of time, without the zero that is held here.
  void take(int64_t t_us, double force_n, std::size_t input = 0) { inputs_[input].take(t_us, force_n); }
  /// What was measured so far no longer counts (the sensor is set up again, or says that it moves). The zeros
  /// stay.
  void reset() {
    for (Input& input : inputs_) input.before = input.now = {};
  }
  /// The sensor took another zero by itself: the one that is held here no longer holds.
  void drop_zero(std::size_t input = 0) { inputs_[input] = {}; }
  /// To be taken off each force; 0 until the first tare.
  double zero_n(std::size_t input = 0) const { return inputs_[input].zero_n; }

  /// "" = it may be tared now; else one sentence for staff. Bit n = input n: all that are asked for have to
  /// rest.
  std::string refusal(int64_t t_us, unsigned inputs = 1) const {
    std::string why;
    for (std::size_t i = 0; i < kMaxInputs && why.empty(); ++i)
      if (inputs >> i & 1u) why = inputs_[i].refusal(t_us, still_n_);
    return why;
  }
  /// The whole command of a sensor whose zero is held here: moves the zeros, or not, and answers.
  void obey(const sdk::DeviceHost& host, int64_t t_us, unsigned inputs = 1) {
    const std::string why = refusal(t_us, inputs);
    for (std::size_t i = 0; i < kMaxInputs; ++i)
      if (why.empty() && (inputs >> i & 1u)) inputs_[i].zero_n = inputs_[i].mean_n();
    host.command_done("tare", why.empty(), why.empty() ? PATELLA_TEXT("The force sensor is tared") : why);
  }

 private:
  struct Stretch {
    int64_t since_us = 0;
    double least_n = 0, most_n = 0, sum_n = 0;
    int64_t count = 0;
  };
  struct Input {
    Stretch before, now;  ///< a whole stretch of half a second, and the one that goes on
    int64_t last_us = 0;
    double zero_n = 0;

    void take(int64_t t_us, double force_n) {
      if (now.count == 0 || t_us - last_us > kBreakUs) {
        before = {};
        now = {t_us, force_n, force_n, 0, 0};
      }
      last_us = t_us;
      now.least_n = std::min(now.least_n, force_n);
      now.most_n = std::max(now.most_n, force_n);
      now.sum_n += force_n;
      ++now.count;
      if (now.count < 2 || t_us - now.since_us < kStillUs) return;
      before = now;
      now = {t_us, force_n, force_n, force_n, 1};
    }
    double mean_n() const { return (before.sum_n + now.sum_n) / static_cast<double>(before.count + now.count); }
    std::string refusal(int64_t t_us, double still_n) const {
      if (now.count == 0 || t_us - last_us > kBreakUs) return PATELLA_TEXT("Not tared: the sensor gives no readings. Try again");
      const double least_n = std::min(before.least_n, now.least_n), most_n = std::max(before.most_n, now.most_n);
      if (before.count == 0 || most_n - least_n > still_n)
        return PATELLA_TEXT("Not tared: the force is not still. Let go of the sensor and try again");
      if (std::abs(mean_n() - zero_n) > kTareUnloadedN)
        return PATELLA_TEXT("Not tared: the sensor is loaded. Take the load off and try again");
      return "";
    }
  };

  double still_n_;
  std::array<Input, kMaxInputs> inputs_;
};

}  // namespace patella::driver_kit
