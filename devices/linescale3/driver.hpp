// LineScale 3 inline load cell: 20-byte frames over a CH340 serial bridge.
#pragma once

#include <patella/sdk.hpp>

#include <optional>
#include <string>

#include "driver_kit/status_reporter.hpp"
#include "driver_kit/stranger.hpp"
#include "driver_kit/tare.hpp"
#include "even_time.hpp"
#include "frames.hpp"

namespace patella::linescale3 {

inline constexpr const char* kRates[] = {"hz_10", "hz_40", "hz_640", "hz_1280"};
inline constexpr int kRatesHz[] = {10, 40, 640, 1280};
inline constexpr const char* kUnits[] = {"as_set", "kn", "kgf", "lbf"};
inline constexpr const char* kLineSpeeds[] = {"baud_230400", "baud_460800"};
inline constexpr patella_param kParams[] = {
    sdk::choice_param("rate", "Rate",
                      "Readings a second that the load cell is set to. It does about a tenth less; 1280 needs the line "
                      "speed 460800, and loses about half at 230400.",
                      kRates, 1),
    sdk::choice_param("unit", "Unit on the cell",
                      "The unit the load cell is set to, which decides how fine its steps are. Readings are newtons in "
                      "any case.",
                      kUnits, 0),
    sdk::line_speed(sdk::choice_param("line_speed", "Line speed", "As it is set at the load cell.", kLineSpeeds, 0))};

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_SERIAL;
  // The maker of the bridge; the frames decide.
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x1a86)};
  static constexpr patella_serial_settings kSerial = sdk::serial_8n1(230400);
  static constexpr patella_channel kChannels[] = {sdk::channel("force", "Force", "N", -40'000, 40'000, 40, 0.5, 1),
                                                  sdk::channel("battery", "Battery", "%", 0, 100, 0, 60)};

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step {
    listening,  ///< it may be streaming already
    asking,     ///< start sent, not one frame so far
    dozing,     ///< nobody answered; asked again after a while
    streaming,
    silent,  ///< it is ours, but no frame comes
    given_back,
  };

  void take(const Frame& frame, uint64_t skipped, int64_t t_us);
  void take_unframed(std::size_t bytes, int64_t t_us);
  void take_battery(const Frame& frame, int64_t t_us);
  void settle(const Frame& frame, int64_t t_us);
  void watch_cell(const Frame& frame, int64_t t_us);
  bool agrees(const Frame& frame) const;
  void check_tare(const Frame& frame, int64_t t_us);
  void answer_tare(bool ok, const std::string& text);
  void start(int64_t t_us);
  void tell_present(const Frame& frame);
  bool send(char letter);

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable bytes between frames"};
  // The cell holds the zero. Its display goes in steps of 10 N in kilonewtons.
  driver_kit::Tare tare_{driver_kit::kTareStillN + 10};
  int wanted_rate_hz_ = 40;
  std::optional<Frame::Unit> wanted_unit_;
  FrameFinder frames_;
  std::optional<EvenTime> time_;
  int timed_rate_hz_ = 0;  ///< of time_
  Step step_ = Step::listening;
  int tries_ = 0;                   ///< of start
  int good_frames_ = 0;             ///< one could be chance, two are not
  int unreadable_ = 0;              ///< frames in a row
  std::size_t unframed_bytes_ = 0;  ///< since the last frame, once it is known
  driver_kit::Stranger stranger_;   ///< what came since it was asked, and was no frame
  int setting_tries_ = 0;           ///< of rate and unit
  int64_t next_setting_us_ = 0;
  int64_t next_battery_us_ = 0;
  struct Shown {
    int64_t since_us = 0;
    double sum_n = 0;
    int count = 0;
  };
  std::optional<Frame> last_;          ///< whose zero and unit are compared with the next one's
  int64_t zero_changed_until_us_ = 0;  ///< so long the notice stays
  int64_t tare_sent_us_ = 0;
  Shown shown_;             ///< after the zero was sent
  bool tare_open_ = false;  ///< command_done is owed
};

}  // namespace patella::linescale3
