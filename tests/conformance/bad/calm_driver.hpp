// A driver without a fault: each byte is a force. Each bad fixture is this one with a single mistake.
#pragma once

#include <patella/sdk.hpp>

namespace fixture {

using patella::sdk::DeviceHost;
using patella::sdk::Params;

class CalmDriver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  static constexpr patella_match kMatches[] = {patella::sdk::usb_match(0x1209, 0x0002)};
  static constexpr patella_serial_settings kSerial = patella::sdk::serial_8n1(9600);
  static constexpr patella_channel kChannels[] = {patella::sdk::channel("force", "Force", "N", 0, 255, 10, 1)};
  CalmDriver(DeviceHost host, const Params&) : host_(host) {}

  void connected(const patella_device_identity&, int64_t) { host_.status(PATELLA_DEVICE_STARTING); }
  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    for (const uint8_t byte : bytes) host_.emit(0, t_us, byte);
  }
  void tick(int64_t) {}

 protected:
  DeviceHost host_;
};

}  // namespace fixture

#define FIXTURE_DRIVER(CLASS) PATELLA_DRIVER(CLASS, "org.patella.fixture", "Fixture", "1.0.0", kPatellaNoParams)
