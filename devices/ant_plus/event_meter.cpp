#include "event_meter.hpp"

#include <algorithm>
#include <utility>

namespace patella::ant_plus {
namespace {

constexpr int64_t kUnheardUs = 2'000'000;  // differences over a longer silence are a mean of what nobody saw
constexpr int64_t kLateUs = 1'000'000;     // a message may tell of an event that old

}  // namespace

EventMeter::Step EventMeter::take(uint16_t time, uint32_t count, int64_t t_us) {
  const uint32_t events = (count - count_) & count_mask_;
  const auto ticks = static_cast<uint16_t>(time - time_);
  const int64_t silence_us = t_us - std::exchange(heard_us_, t_us);
  if (!based_) {
    based_ = true;
    time_ = time;
    count_ = count;
    standstill_.begin(t_us);
    return {};
  }
  if (events == 0 || ticks == 0) {
    // A time that moves without a turn, or a count without time, is a sensor that has just begun: a new base.
    time_ = time;
    count_ = count;
    return {standstill_.stands(t_us) ? std::optional(0.0) : std::nullopt, 0, 0};
  }
  // Nobody listened for so long that the counter may have rolled over, or started again.
  const auto most_events = [&](int64_t us) { return static_cast<double>(us + kLateUs) * 1e-6 * most_rpm_ / 60; };
  const bool count_is_open = silence_us > kUnheardUs && most_events(silence_us) > count_mask_;
  const auto roll_over_us = static_cast<int64_t>(65536e6 / ticks_per_s_);
  const int64_t since_us = standstill_.since_us(t_us);
  time_ = time;
  count_ = count;
  // More turns than there was time for: the sensor counts from the beginning again.
  if (count_is_open || events > 2 + most_events(since_us)) {
    standstill_.begin(t_us);
    return {};
  }
  standstill_.turned(t_us, silence_us <= kUnheardUs);
  if (silence_us > kUnheardUs || since_us > roll_over_us - kLateUs) return {std::nullopt, events, 0};
  const double rpm = 60 * ticks_per_s_ * events / ticks;
  if (rpm > most_rpm_) return {std::nullopt, events, 0};
  return {rpm, events, ticks};
}

}  // namespace patella::ant_plus
