// Patella plugin SDK: which samples emit() accepts (device.h). The rules are written here and nowhere else: the plugin host drops
// by them, the kiosk reads the ring by them, and the hosts for tests (testing.hpp) report by them. Not for use inside a plugin.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "device.h"

namespace patella::rules {

enum class SampleFault : uint8_t {
  unknown_channel = 1,
  not_finite,
  out_of_range,
  in_the_future,
  goes_back,         ///< its time is before that of the channel's last sample
  before_connected,  ///< its time is before the device was there
  not_connected      ///< there is no device
};

/// To follow "a sample" in a sentence.
constexpr const char* words_of(SampleFault fault) {
  switch (fault) {
    case SampleFault::unknown_channel:
      return "of a channel that the driver does not have";
    case SampleFault::not_finite:
      return "that is no number";
    case SampleFault::out_of_range:
      return "outside its range";
    case SampleFault::in_the_future:
      return "in the future";
    case SampleFault::goes_back:
      return "that goes back in time";
    case SampleFault::before_connected:
      return "from before the device was connected";
    case SampleFault::not_connected:
      return "without a device";
  }
  return "";
}

/// Judges the samples of one driver, in the order they come.
class SampleRules {
 public:
  SampleRules() = default;
  explicit SampleRules(std::span<const patella_channel> channels) {
    for (const patella_channel& channel : channels) add_channel(channel.min, channel.max);
  }
  void add_channel(double min, double max) { channels_.push_back({min, max, 0, 0}); }
  /// From then on there may be samples, none of them older.
  void connected(int64_t t_us) {
    connected_ = true;
    window_us_ = t_us;
    for (Channel& channel : channels_) channel = {channel.min, channel.max, t_us, 0};
    connected_us_ = t_us;
  }
  void disconnected() { connected_ = false; }

  /// What is wrong with it; nothing = it is accepted, and the next one of its channel may not be older. `latest_us`: the `t_us` of
  /// the call in which it was emitted.
  std::optional<SampleFault> take(uint32_t channel, int64_t t_us, double value, int64_t latest_us) {
    if (!connected_) return SampleFault::not_connected;
    if (channel >= channels_.size()) return SampleFault::unknown_channel;
    Channel& one = channels_[channel];
    if (!std::isfinite(value)) return SampleFault::not_finite;
    if (value < one.min || value > one.max) return SampleFault::out_of_range;
    if (t_us > latest_us) return SampleFault::in_the_future;
    if (t_us < connected_us_) return SampleFault::before_connected;
    if (t_us < one.last_us) return SampleFault::goes_back;
    one.last_us = t_us;
    ++one.in_window;
    return {};
  }
  /// Whether a channel had more than PATELLA_MAX_SAMPLES_PER_SECOND. Whoever asks seldom finds more at once: the limit grows with
  /// the time since the count began, which is a second or a little more.
  bool floods(int64_t now_us) {
    const double window_s = std::max(1.0, static_cast<double>(now_us - window_us_) / 1e6);
    const bool over = std::any_of(channels_.begin(), channels_.end(), [&](const Channel& one) {
      return static_cast<double>(one.in_window) > PATELLA_MAX_SAMPLES_PER_SECOND * window_s;
    });
    if (now_us - window_us_ >= 1'000'000) {
      window_us_ = now_us;
      for (Channel& one : channels_) one.in_window = 0;
    }
    return over;
  }

 private:
  struct Channel {
    double min, max;
    int64_t last_us;
    uint64_t in_window;
  };
  std::vector<Channel> channels_;
  bool connected_ = false;
  int64_t connected_us_ = 0, window_us_ = 0;
};

}  // namespace patella::rules
