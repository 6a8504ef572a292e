// Concept2 PM5 (BikeErg and other Concept2 monitors) over USB: asks ten times a second, emits what comes
// back.
#pragma once

#include <patella/sdk.hpp>

#include <limits>
#include <optional>
#include <string>

#include "monitor.hpp"

namespace patella::concept2_pm5 {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  // Product ids differ by model and firmware and are not published: the vendor decides.
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x17a4)};
  enum Channel : uint32_t { kCadence, kPower, kHeartRate, kDistance, kTime, kState };
  static constexpr patella_channel kChannels[] = {
      sdk::channel("cadence", "Cadence", "rpm", 0, 250, 10, 1.0),
      sdk::channel("power", "Power", "W", 0, 3000, 10, 1.0),
      sdk::channel("heart_rate", "Heart rate", "bpm", 20, 250, 1, 3.0),
      sdk::channel("distance", "Distance", "m", 0, 1'000'000, 10, 1.0),
      sdk::channel("time", "Work time", "s", 0, 360'000, 10, 1.0),
      sdk::channel("state", "Workout state", "", 0, 255, 10, 1.0),
  };

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> report, int64_t t_us);
  void tick(int64_t t_us);

 private:
  enum class Step { version, serial, machine_type, status, values };

  void send(int64_t t_us);
  void next_step();
  void missed(int64_t t_us);
  void take_faulty(int64_t t_us);
  int64_t answer_due_us() const;
  bool answers_step(const Answer& answer) const;
  void take_start_up(const Answer& answer);
  void take_values(const Answer& answer, int64_t t_us);
  void emit(uint32_t channel, int64_t t_us, double value);
  bool is_turning(const Answer& answer, int64_t t_us);
  void tell(patella_device_state state, const std::string& text);
  void plan();

  sdk::DeviceHost host_;
  Step step_ = Step::version;
  bool waiting_ = false;  ///< a request is out
  bool resent_ = false;
  bool not_mine_ = false;
  int64_t sent_us_ = 0;
  int64_t next_send_us_ = 0;
  int misses_in_row_ = 0, faulty_in_row_ = 0;
  std::optional<bool> last_toggle_;  ///< empty when an answer was lost in between
  uint64_t faulty_frames_ = 0;
  int64_t heart_rate_us_ = std::numeric_limits<int64_t>::min();
  double still_at_m_ = -1;  ///< last distance seen to change
  int64_t moved_us_ = 0;
  std::string notice_;  ///< lasting remark about the machine
  std::optional<patella_device_state> told_state_;
  std::string told_text_;
};

}  // namespace patella::concept2_pm5
