// The command "tare" of a force sensor that cannot zero itself. The zero is held here.
#pragma once

#include <patella/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace patella::driver_kit {

/// Takes the mean of half a second in which the force moved by at most `still_n` and lay within ±`loaded_n`.
/// Refuses with a sentence when it does not come to rest within 3 s, or when there is a load.
class Tare {
 public:
  Tare(sdk::DeviceHost host, double still_n, double loaded_n) : host_(host), still_n_(still_n), loaded_n_(loaded_n) {}

  double zero_n() const { return zero_n_; }
  bool is_open() const { return open_; }
  /// When tick() is wanted; kNever while no tare is open.
  int64_t deadline_us() const { return open_ ? until_us_ : sdk::kNever; }

  /// false: one is open already. Else command_done("tare") follows.
  bool begin(int64_t now_us) {
    if (open_) return false;
    open_ = true;
    until_us_ = now_us + kLimitUs;
    count_ = 0;
    return true;
  }
  /// Each measured force, without any tare.
  void take(int64_t t_us, double force_n) {
    if (!open_) return;
    if (count_ > 0 && std::max(high_n_, force_n) - std::min(low_n_, force_n) > still_n_) count_ = 0;
    if (count_ == 0) {
      since_us_ = t_us;
      low_n_ = high_n_ = force_n;
      sum_n_ = 0;
    }
    low_n_ = std::min(low_n_, force_n);
    high_n_ = std::max(high_n_, force_n);
    sum_n_ += force_n;
    ++count_;
    if (t_us - since_us_ < kRestUs || count_ < 2) return;
    const double mean_n = sum_n_ / count_;
    if (std::abs(mean_n) > loaded_n_) return refuse("The force sensor is loaded, so it was not tared. Take the load off");
    zero_n_ = mean_n;
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
  void end(bool ok, const std::string& text) {
    if (!open_) return;
    open_ = false;
    host_.command_done("tare", ok, text);
  }

  sdk::DeviceHost host_;
  double still_n_, loaded_n_;
  double zero_n_ = 0;
  bool open_ = false;
  int64_t until_us_ = 0, since_us_ = 0;
  double low_n_ = 0, high_n_ = 0, sum_n_ = 0;
  int count_ = 0;
};

}  // namespace patella::driver_kit
