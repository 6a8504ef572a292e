// The command "tare" of a force sensor that cannot zero itself. The zero is held here.
#pragma once

#include <patella/sdk.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace patella::driver_kit {

/// Takes the mean of half a second in which the force moved by at most `still_n` and lay within ±`loaded_n`,
/// for each input that is asked for. Refuses with a sentence when one does not come to rest within 3 s, or
/// has a load.
class Tare {
 public:
  static constexpr std::size_t kMostInputs = 4;

  Tare(sdk::DeviceHost host, double still_n, double loaded_n)
      : host_(host), still_n_(still_n), loaded_n_(loaded_n) {}

  double zero_n(std::size_t input = 0) const { return inputs_[input].zero_n; }
  bool is_open() const { return open_; }
  /// When tick() is wanted; kNever while no tare is open.
  int64_t deadline_us() const { return open_ ? until_us_ : sdk::kNever; }

  /// false: one is open already, or no input is asked for (bit n = input n). Else command_done("tare")
  /// follows.
  bool begin(int64_t now_us, unsigned inputs = 1) {
    if (open_ || inputs == 0) return false;
    open_ = true;
    until_us_ = now_us + kLimitUs;
    for (std::size_t i = 0; i < kMostInputs; ++i) {
      inputs_[i].asked = (inputs >> i & 1u) != 0;
      inputs_[i].count = 0;
      inputs_[i].rested = false;
    }
    return true;
  }
  /// Each measured force, without any tare.
  void take(int64_t t_us, double force_n, std::size_t input = 0) {
    if (!open_ || !inputs_[input].asked) return;
    inputs_[input].take(t_us, force_n, still_n_);
    for (const Input& one : inputs_)
      if (one.asked && !one.rested) return;
    for (const Input& one : inputs_)
      if (one.asked && std::abs(one.mean_n()) > loaded_n_)
        return refuse("The force sensor is loaded, so it was not tared. Take the load off");
    for (Input& one : inputs_)
      if (one.asked) one.zero_n = one.mean_n();
    end(true, "The force sensor is tared");
  }
  void tick(int64_t now_us) {
    if (open_ && now_us >= until_us_)
      refuse("The force sensor did not come to rest, so it was not tared. Let go of it and try again");
  }
  /// Also for a device that goes away: answers an open command.
  void refuse(const std::string& why) { end(false, why); }

 private:
  static constexpr int64_t kRestUs = 500'000, kLimitUs = 3'000'000;

  struct Input {
    bool asked = false, rested = false;
    int64_t since_us = 0;
    double low_n = 0, high_n = 0, sum_n = 0, zero_n = 0;
    int count = 0;
    double mean_n() const { return sum_n / count; }
    void take(int64_t t_us, double force_n, double still_n) {
      if (count > 0 && std::max(high_n, force_n) - std::min(low_n, force_n) > still_n) count = 0;
      if (count == 0) {
        since_us = t_us;
        low_n = high_n = force_n;
        sum_n = 0;
      }
      low_n = std::min(low_n, force_n);
      high_n = std::max(high_n, force_n);
      sum_n += force_n;
      ++count;
      rested = t_us - since_us >= kRestUs && count >= 2;
    }
  };

  void end(bool ok, const std::string& text) {
    if (!open_) return;
    open_ = false;
    host_.command_done("tare", ok, text);
  }

  sdk::DeviceHost host_;
  double still_n_, loaded_n_;
  std::array<Input, kMostInputs> inputs_;
  bool open_ = false;
  int64_t until_us_ = 0;
};

}  // namespace patella::driver_kit
