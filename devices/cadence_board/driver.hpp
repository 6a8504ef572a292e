// A reed or Hall switch at the crank, on a board with our own firmware: lines of text over USB serial.
#pragma once

#include <patella/sdk.hpp>

#include <string>

#include "crank.hpp"
#include "driver_kit/device_time.hpp"
#include "driver_kit/lines.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/stranger.hpp"

namespace patella::cadence_board {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  // Boards and bridges that many products share: what it says decides.
  static constexpr patella_match kMatches[] = {
      sdk::usb_match(0x2341),          // Arduino boards with their own USB
      sdk::usb_match(0x1a86, 0x7523),  // CH340
      sdk::usb_match(0x1a86, 0x5523),  // CH341
      sdk::usb_match(0x0403, 0x6001),  // FT232R
      sdk::usb_match(0x0403, 0x6015),  // FT231X
      sdk::usb_match(0x10c4, 0xea60),  // CP210x
  };
  static constexpr patella_serial_settings kSerial = sdk::serial_8n1(115200);
  static constexpr patella_channel kChannels[] = {sdk::channel("cadence", "Cadence", "rpm", 0, 220, 1.5, 3)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);

 private:
  enum class Step {
    listening,  ///< opening the port has reset the board; it says by itself that it is there
    asking,     ///< for its version
    measuring,
    checking,  ///< it is ours and silent: asked for its version
    given_back,
  };

  void take(const Line& line, int64_t t_us);
  void take_time(const Line& line, int64_t t_us);
  void take_unknown(int64_t t_us);
  void take_unreadable(int64_t t_us);
  void ask_version(Step step, int64_t t_us, int64_t wait_us);
  void give_back();

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable lines"};
  driver_kit::LineCutter lines_;
  driver_kit::DeviceTime time_;
  Crank crank_;
  Step step_ = Step::listening;
  uint32_t last_device_us_ = 0;
  int tries_ = 0, foreign_lines_ = 0;
  int unreadable_ = 0;             ///< lines in a row, once it is known
  driver_kit::Stranger stranger_;  ///< what came before it was known
  std::string firmware_;           ///< that the log has
  bool answered_ = false;          ///< while it is checked
};

}  // namespace patella::cadence_board
