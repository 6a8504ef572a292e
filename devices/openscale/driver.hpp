// SparkFun OpenScale: lines of text over its FT231X bridge.
#pragma once

#include <patella/sdk.hpp>

#include <string>

#include "driver_kit/device_time.hpp"
#include "driver_kit/lines.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/stranger.hpp"
#include "driver_kit/tare.hpp"
#include "readings.hpp"

namespace patella::openscale {

inline constexpr const char* kLineSpeeds[] = {"baud_9600", "baud_19200", "baud_38400", "baud_57600", "baud_115200"};
inline constexpr patella_param kParams[] = {sdk::line_speed(sdk::choice_param(
    "line_speed", "Line speed", "As it is set in the board's menu, which shows it when it starts.", kLineSpeeds, 0))};

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  // The bridge is in other products, too: the text decides.
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x0403, 0x6015)};
  static constexpr patella_serial_settings kSerial = sdk::serial_8n1(9600);
  static constexpr patella_channel kChannels[] = {sdk::channel("force", "Force", "N", -5000, 5000, 2, 1.6, 1)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step {
    listening,  ///< it boots, or goes on measuring; nothing is written
    booted,     ///< its boot text came
    measuring,
    waking,        ///< it is ours, but no reading comes
    opening_menu,  ///< for a tare
    taring,
    leaving_menu,
    given_back,
  };

  void take(const Line& line, int64_t t_us);
  void take_reading(const Line& line, int64_t t_us);
  void take_prompt(int64_t t_us);
  void wake(int64_t t_us);
  void trigger(int64_t t_us);
  void fail_tare(const std::string& text, int64_t t_us);
  void take_no_weight();
  void take_unreadable(int64_t t_us);
  void give_back();
  void answer_tare(bool ok, const std::string& text);
  void go(Step step, int64_t deadline_us);
  bool send(char letter);

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable lines"};
  driver_kit::LineCutter lines_;
  driver_kit::DeviceTime time_;
  driver_kit::Tare tare_;  ///< the board holds the zero
  Step step_ = Step::listening;
  int readings_ = 0, foreign_lines_ = 0;
  int weightless_ = 0;  ///< readings in a row that are no weight
  int unreadable_ = 0;  ///< lines in a row that are no reading
  driver_kit::Stranger stranger_;
  int wakes_ = 0;
  char last_sent_ = 0;
  bool answers_trigger_ = false;  ///< gives one reading for each trigger character
  bool sure_of_trigger_ = false;  ///< and none without
  bool triggered_ = false;        ///< since the last reading
  int64_t next_escape_us_ = 0, last_sample_us_ = 0;
  bool tare_open_ = false;  ///< command_done is owed
};

}  // namespace patella::openscale
