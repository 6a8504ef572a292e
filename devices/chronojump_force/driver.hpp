// Chronojump force sensor: text lines over a USB serial bridge.
#pragma once

#include <patella/sdk.hpp>

#include <string>

#include "driver_kit/device_time.hpp"
#include "driver_kit/lines.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/stranger.hpp"
#include "driver_kit/tare.hpp"
#include "lines.hpp"

namespace patella::chronojump_force {

inline constexpr patella_param kParams[] = {sdk::duration_param(
    "boot", "Boot time",
    "From the opening of the port until the board listens. Less than 3 s only for a board that this does not reset.", 3, 0, 20,
    0.1)};

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  // Bridges that many products share: the version line decides.
  static constexpr patella_match kMatches[] = {
      sdk::usb_match(0x0403, 0x6001),  // FT232R
      sdk::usb_match(0x0403, 0x6015),  // FT231X
      sdk::usb_match(0x1a86, 0x7523),  // CH340
      sdk::usb_match(0x1a86, 0x5523),  // CH341
      sdk::usb_match(0x2341),          // Arduino boards with their own USB
  };
  static constexpr patella_serial_settings kSerial = sdk::serial_8n1(115200);
  static constexpr patella_channel kChannels[] = {sdk::channel("force", "Force", "N", -1000, 5000, 80, 0.5, 1)};

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step {
    booting,       ///< opening the port has reset the board
    stopping_old,  ///< it did not reset and is still capturing: end that first
    asking_version,
    dozing,    ///< nobody answered; asked again after a while
    starting,  ///< start_capture sent
    capturing,
    tare_ending,  ///< end_capture sent, samples may still come
    taring,
    checking,  ///< silent while capturing: get_version sent
    given_back,
  };

  void take(const Line& line, int64_t t_us);
  void take_sample(const Line& line, int64_t t_us);
  void ask_version(int64_t t_us);
  void start_capture(int64_t t_us);
  void go(Step step, int64_t deadline_us);
  void take_no_force();
  void take_unreadable(int64_t t_us);
  void answer_tare(bool ok, const std::string& text);
  bool send(std::string_view text);

  sdk::DeviceHost host_;
  int64_t boot_us_;
  driver_kit::StatusReporter status_{host_, "unreadable lines"};
  driver_kit::LineCutter lines_;
  driver_kit::DeviceTime time_;
  driver_kit::Tare tare_;  ///< the sensor holds the zero
  Step step_ = Step::booting;
  int tries_ = 0;                  ///< of the present step
  int forceless_ = 0;              ///< samples in a row that are no force
  int unreadable_ = 0;             ///< lines in a row, once it is known
  driver_kit::Stranger stranger_;  ///< what came since the version was asked for, and is not ours
  bool known_ = false;             ///< the version line came once: the device is ours
  bool streams_ = false;           ///< data lines came while it should be booting
  bool tare_open_ = false;         ///< command_done is owed
};

}  // namespace patella::chronojump_force
