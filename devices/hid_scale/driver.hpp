// USB weighing scales: a static pull, 2 to 10 readings a second. Too slow to count repetitions.
#pragma once

#include <patella/sdk.hpp>

#include <optional>
#include <string>

#include "driver_kit/tare.hpp"
#include "report.hpp"

namespace patella::hid_scale {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  // By what it is, not by who made it: many makers, one report.
  static constexpr patella_match kMatches[] = {sdk::usb_match(-1, -1, 3, 0x8D)};
  static constexpr patella_channel kChannels[] = {sdk::channel("force", "Force", "N", -5000, 5000, 5, 1.5)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> report, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);

 private:
  void take(const Reading& reading, int64_t t_us);
  void note_garbage();
  void plan();
  void tell(patella_device_state state, const std::string& text);

  sdk::DeviceHost host_;
  bool first_dropped_ = false;
  int64_t heard_us_ = 0;
  driver_kit::Tare tare_;
  uint64_t garbage_ = 0, next_garbage_log_ = 1;
  std::optional<patella_device_state> told_state_;
  std::string told_text_;
};

}  // namespace patella::hid_scale
