// Power meters (device type 0x0B): power alone, wheel torque, crank torque, or torque as a frequency.
#pragma once

#include <optional>

#include "event_meter.hpp"
#include "pages.hpp"

namespace patella::ant_plus {

class PowerMeter final : public Sensor {
 public:
  void take(const Payload& page, int64_t t_us, Values& values) override;
  bool moved() const override { return moved_; }
  std::string lacks() const override;

 private:
  void take_power(const Payload& page, int64_t t_us, Values& values);
  void take_torque(const Payload& page, bool crank, int64_t t_us, Values& values);
  void take_frequency(const Payload& page, int64_t t_us, Values& values);
  /// Torque pages lead page 10, which tells of the same turns, in what they themselves measure.
  bool torque_leads(const std::optional<int64_t>& told_us, int64_t t_us) const;
  void push_cadence(double rpm, bool counted, int64_t t_us, Values& values);
  void push_work(double torque_nm, double rpm, bool counted, int64_t t_us, Values& values);

  EventMeter wheel_{2048, 8, 1500}, crank_{2048, 8, 250}, frequency_{2000, 8, 250};
  uint16_t wheel_torque_ = 0, crank_torque_ = 0, torque_ticks_ = 0;
  bool based_ = false, has_cadence_ = false;
  uint8_t events_ = 0;
  uint16_t sum_w_ = 0;
  int64_t heard_us_ = 0;
  driver_kit::Standstill standstill_;                           ///< by the events of page 10
  std::optional<int64_t> torque_cadence_us_, torque_power_us_;  ///< when a torque page last measured it
  std::optional<double> zero_offset_hz_;                        ///< of the torque frequency
  bool wants_offset_ = false, moved_ = false;
  bool zero_failed_ = false;  ///< a zeroing that somebody asked it for
};

}  // namespace patella::ant_plus
