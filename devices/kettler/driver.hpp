// Kettler bikes: text commands and status lines over an FT232 or CP210x bridge.
#pragma once

#include <patella/sdk.hpp>

#include <string>

#include "driver_kit/lines.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/stranger.hpp"
#include "status.hpp"

namespace patella::kettler {

inline constexpr const char* kLineSpeeds[] = {"baud_9600", "baud_57600"};
inline constexpr patella_param kParams[] = {sdk::line_speed(
    sdk::choice_param("line_speed", "Line speed", "baud_57600 for Racer models, baud_9600 for all others.", kLineSpeeds, 0))};

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  // Bridges that many products share: the status line decides.
  static constexpr patella_match kMatches[] = {
      sdk::usb_match(0x0403, 0x6001),  // FT232R
      sdk::usb_match(0x10c4, 0xea60),  // CP210x
  };
  static constexpr patella_serial_settings kSerial = sdk::serial_8n1(9600);
  enum Channel : uint32_t { kCadence, kPower, kHeartRate, kSpeed, kDistance, kTime, kTarget, kEnergy };
  static constexpr patella_channel kChannels[] = {sdk::channel("cadence", "Cadence", "rpm", 0, 250, 2, 2.5),
                                                  sdk::channel("power", "Power", "W", 0, 2000, 2, 2.5),
                                                  sdk::channel("heart_rate", "Heart rate", "bpm", 20, 250, 2, 5),
                                                  sdk::channel("speed", "Speed", "m/s", 0, 30, 2, 2.5, 1),
                                                  sdk::channel("distance", "Distance", "m", 0, 1e7, 2, 2.5),
                                                  sdk::channel("time", "Time", "s", 0, 1e5, 2, 2.5),
                                                  sdk::channel("target_power", "Power set at the bike", "W", 0, 2000, 2, 5),
                                                  sdk::channel("energy", "Energy", "kJ", 0, 1e5, 2, 5, 1)};

  Driver(sdk::DeviceHost host, const sdk::Params&) : host_(host) {}
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);

 private:
  enum class Step {
    listening,  ///< a bike says nothing unasked
    asking_id,  ///< in capitals, then in small letters
    dozing,     ///< nobody answered; asked again after a while
    entering,   ///< PC mode asked for
    polling,    ///< status asked for, its answer awaited
    resting,    ///< until the next status is asked for
    given_back,
  };

  void take(std::string_view line, int64_t t_us);
  void take_status(const Status& status, int64_t t_us);
  void take_unreadable(int64_t t_us);
  void doze(int64_t t_us);
  void ask(std::string_view command);
  void ask_id(int64_t t_us);
  void enter(int64_t t_us);
  void poll(int64_t t_us);
  void missed(int64_t t_us);
  void give_back(const char* why);
  void go(Step step, int64_t deadline_us);

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable lines"};
  driver_kit::LineCutter lines_;
  Step step_ = Step::listening;
  bool small_letters_ = false;
  bool known_ = false;  ///< a status line came: it is a bike
  int tries_ = 0;       ///< of the id, then rounds of entering without a status
  int missed_ = 0;      ///< statuses asked for in a row without an answer
  int unreadable_ = 0;  ///< statuses in a row
  std::size_t unasked_bytes_ = 0;
  driver_kit::Stranger stranger_;  ///< what came and was no answer of a bike
  int64_t next_poll_us_ = 0;
};

}  // namespace patella::kettler
