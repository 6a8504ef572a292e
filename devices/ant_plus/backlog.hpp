// Which pages are old. A stick keeps what it heard while nobody reads, and hands it out later in one go, as
// if it were new.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace patella::ant_plus {

class Backlog {
 public:
  /// Bytes of any kind came. A stick with an open channel is never silent for long: it tells of each page,
  /// and of each one that it missed. So a silence means that nobody read.
  void bytes_came(int64_t t_us) {
    if (read_us_ && t_us - *read_us_ >= kSilenceUs) {
      for (auto& [channel, last] : last_) last.draining = true;
    }
    read_us_ = t_us;
  }
  /// Is this page (stamped so by the stick, 1/32768 s) one of those that lay there? They follow each other
  /// faster than they were heard.
  bool is_old(uint8_t channel, std::optional<uint16_t> stamp, int64_t t_us) {
    Last& last = last_[channel];
    const int64_t passed_us = t_us - last.t_us;
    const auto ticks = static_cast<uint16_t>(stamp.value_or(0) - last.stamp.value_or(0));
    const int64_t heard_us = stamp && last.stamp ? int64_t{ticks} * 1'000'000 / 32768 : kUsualUs;
    if (last.draining && last.drained && passed_us >= heard_us / 2) last.draining = last.drained = false;
    last.drained = last.draining;
    last.t_us = t_us;
    last.stamp = stamp;
    return last.draining;
  }
  void forget() { *this = {}; }

 private:
  static constexpr int64_t kSilenceUs = 1'500'000, kUsualUs = 250'000;
  struct Last {
    bool draining = false, drained = false;  ///< drained: at least one was old
    int64_t t_us = 0;
    std::optional<uint16_t> stamp;
  };
  std::map<uint8_t, Last> last_;
  std::optional<int64_t> read_us_;
};

}  // namespace patella::ant_plus
