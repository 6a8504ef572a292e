// When something that turns stands still. A sensor that counts turns says nothing while none is completed,
// and it says nothing either while it keeps a turn for its next message but two. So a silence is no
// measurement: it gives no bound and no lower value. Only when it is longer than this sensor's own gaps, with
// room, does it mean 0.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace patella::driver_kit {

class Standstill {
 public:
  static constexpr int64_t kMinUs = 3'000'000;    ///< no gap under this is a standstill
  static constexpr int64_t kUsualUs = 4'500'000;  ///< nor is it told later, unless a turn itself takes that long
  static constexpr int64_t kMaxUs = 16'000'000;   ///< a gap over this is a stop, and nothing is learned from it

  explicit Standstill(int64_t least_us = kMinUs) : least_us_(least_us) {}

  /// The sensor is there; nothing has turned yet.
  void begin(int64_t t_us) { last_us_ = t_us; }
  /// A turn was told. Its gap is learned unless nobody listened in it.
  void turned(int64_t t_us, bool heard_all = true) {
    const int64_t gap_us = t_us - last_us_;
    last_us_ = t_us;
    if (turned_ && heard_all) learn(gap_us);
    turned_ = true;
  }
  /// The same for those who keep the times themselves, in the device's clock.
  void learn(int64_t gap_us) {
    if (gap_us <= 0 || gap_us > kMaxUs) return;
    gaps_us_[next_] = gap_us;
    next_ = (next_ + 1) % gaps_us_.size();
    known_ = std::min(known_ + 1, gaps_us_.size());
  }
  bool has_turned() const { return turned_; }
  int64_t since_us(int64_t t_us) const { return t_us - last_us_; }
  bool stands(int64_t t_us) const { return since_us(t_us) >= after_us(); }

  /// So long without a turn is a standstill: 2.2 times the normal gap, at least 3 s, at most 4.5 s, but never
  /// less than 1.3 times the normal gap. The usual bound until two gaps are known.
  int64_t after_us() const {
    if (known_ < 2) return std::max(least_us_, kUsualUs);
    const int64_t gap_us = normal_gap_us();
    return std::max({least_us_, std::min(gap_us * 22 / 10, kUsualUs), gap_us * 13 / 10});
  }

 private:
  /// The second longest of the last eight: one stop among them is not the sensor's way.
  int64_t normal_gap_us() const {
    std::array<int64_t, 8> sorted = gaps_us_;
    std::nth_element(sorted.begin(), sorted.begin() + 1, sorted.end(), std::greater<>());
    return sorted[1];
  }

  int64_t least_us_, last_us_ = 0;
  bool turned_ = false;
  std::array<int64_t, 8> gaps_us_{};
  std::size_t next_ = 0, known_ = 0;
};

}  // namespace patella::driver_kit
