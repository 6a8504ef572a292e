// Revolutions a minute from what a sensor repeats in every message: how many events there were, and when the
// last one was, both rolling over. Only an event is a measurement; silence is none, and at length means that
// nothing turns.
#pragma once

#include <cstdint>
#include <optional>

#include "driver_kit/standstill.hpp"

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
  /// over, only set the base. A message without a new event says nothing, until that lasts longer than this
  /// sensor's own gaps (driver_kit/standstill.hpp): then the cadence is 0, with every further message too.
  /// After a silence in which the counter may have gone round no events are told.
  Step take(uint16_t time, uint32_t count, int64_t t_us);
  /// It has counted at least once. Until then a 0 only means that nothing came: there may be no magnet.
  bool has_counted() const { return standstill_.has_turned(); }

 private:
  double ticks_per_s_;
  uint32_t count_mask_;
  double most_rpm_;
  bool based_ = false;
  uint16_t time_ = 0;
  uint32_t count_ = 0;
  int64_t heard_us_ = 0;
  driver_kit::Standstill standstill_;
};

}  // namespace patella::ant_plus
