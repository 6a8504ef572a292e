// USB weighing scales: a static pull, 2 to 10 readings a second. Too slow to count repetitions.
#pragma once

#include <patella/sdk.hpp>

#include "driver_kit/status_reporter.hpp"
#include "driver_kit/tare.hpp"
#include "report.hpp"

namespace patella::hid_scale {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  // By what it is, not by who made it: many makers, one report.
  static constexpr patella_match kMatches[] = {sdk::usb_match(-1, -1, 3, 0x8D)};
  static constexpr patella_channel kChannels[] = {sdk::channel("force", "Force", "N", -5000, 5000, 5, 1.5, 1)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> report, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);

 private:
  void take(const Reading& reading, int64_t t_us);
  void tell_weighing(int64_t t_us);
  void plan();

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable reports"};
  bool first_dropped_ = false;
  int64_t heard_us_ = 0;
  driver_kit::Tare tare_;
  bool weighs_ = false;            ///< the last report was a weight that counts
  int64_t zero_set_until_us_ = 0;  ///< so long the notice stays
  bool rested_off_zero_ = false;   ///< the last weight, by the scale's own zero
};

}  // namespace patella::hid_scale
