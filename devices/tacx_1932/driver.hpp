// Tacx trainers with the head unit 1932, or 1942 with its firmware loaded: USB bulk packets.
#pragma once

#include <patella/sdk.hpp>

#include <string>

#include "cadence.hpp"
#include "driver_kit/status_reporter.hpp"
#include "packets.hpp"

namespace patella::tacx_1932 {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_BULK;
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x3561, 0x1932), sdk::usb_match(0x3561, 0x1942)};
  enum Channel : uint32_t { kCadence, kPower, kSpeed, kBrakeForce, kHeartRate };
  static constexpr patella_channel kChannels[] = {sdk::channel("cadence", "Cadence", "rpm", 0, 255, 4, 1),
                                                  sdk::channel("power", "Power", "W", 0, 4000, 4, 1),
                                                  sdk::channel("speed", "Speed", "m/s", 0, 40, 4, 1, 1),
                                                  sdk::channel("brake_force", "Force of the brake", "N", -240, 240, 4, 1, 1),
                                                  sdk::channel("heart_rate", "Heart rate", "bpm", 20, 255, 4, 5)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step { asking_version, cycling };

  void ask_version(int64_t t_us);
  void cycle(int64_t t_us);
  void note_firmware(const Reply& reply);
  void take_data(const Reply& reply, int64_t t_us);
  bool send(std::span<const uint8_t> packet);

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable packets"};
  CadenceGuard cadence_;
  Step step_ = Step::asking_version;
  bool pedal_event_ = false;
  int unanswered_ = 0;      ///< packets sent since the last answer that said something
  int64_t data_us_ = 0;     ///< last data, or when it was connected
  int64_t answer_us_ = -1;  ///< last answer of any kind
  std::string firmware_;    ///< that the log has
};

}  // namespace patella::tacx_1932
