// Revolutions a minute from what a sensor repeats in every message: how many events there were, and when the
// last one was, both rolling over. A message without a new event says nothing new, and at length that nothing
// turns.
#pragma once

#include <cstdint>
#include <optional>

namespace patella::ant_plus {

class EventMeter {
 public:
  /// `ticks_per_s` of the event time (16 bits), `count_bits` of the counter, and the most that can be true.
  EventMeter(double ticks_per_s, int count_bits, double most_rpm)
      : ticks_per_s_(ticks_per_s), count_mask_((1u << count_bits) - 1), most_rpm_(most_rpm) {}

  struct Step {
    std::optional<double> rpm;  ///< to be shown now; empty = nothing new
    uint32_t events = 0;        ///< that happened since the message before
    uint32_t ticks = 0;         ///< that they took; 0 when that is not known
  };
  /// One message. The first one, and the first one after a pause in which the event time may have rolled
  /// over, only set the base. Without a new event the cadence is at most one turn in the time since the last
  /// one; when that falls below half of the last value, it is 0, with every further message too. (The stop
  /// rule of GoldenCheetah.) Before there ever was a value it is 0 after 3 s. After a silence in which the
  /// counter may have gone round no events are told.
  Step take(uint16_t time, uint32_t count, int64_t t_us);

 private:
  std::optional<double> without_event(int64_t t_us);

  double ticks_per_s_;
  uint32_t count_mask_;
  double most_rpm_;
  bool based_ = false;
  uint16_t time_ = 0;
  uint32_t count_ = 0;
  int64_t heard_us_ = 0, event_us_ = 0;
  std::optional<double> last_rpm_;  ///< last measured, or 0 after a stop
};

}  // namespace patella::ant_plus
