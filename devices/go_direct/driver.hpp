// Vernier Go Direct sensors that measure force (hand dynamometer, force and acceleration, force plate) over
// USB.
#pragma once

#include <patella/sdk.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "driver_kit/sample_times.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/tare.hpp"
#include "measurement.hpp"
#include "reply.hpp"
#include "sensors.hpp"

namespace patella::go_direct {

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  // All Go Direct sensors have this id: what it measures is asked.
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x08f7, 0x0010)};
  static constexpr int kMinPeriodMs = 10, kMaxPeriodMs = 100;
  enum Channel : uint32_t { kForce, kAccelerationX, kAccelerationY, kAccelerationZ, kBattery };
  static constexpr patella_channel kChannels[] = {
      sdk::channel("force", "Force", "N", -1000, 5000, 100, 0.5, 1),
      sdk::channel("acceleration_x", "Acceleration x", "m/s²", -400, 400, 100, 0.5, 2),
      sdk::channel("acceleration_y", "Acceleration y", "m/s²", -400, 400, 100, 0.5, 2),
      sdk::channel("acceleration_z", "Acceleration z", "m/s²", -400, 400, 100, 0.5, 2),
      sdk::channel("battery", "Battery", "%", 0, 100, 0, 180),
  };
  static constexpr std::array kParams{
      sdk::int_param("period_ms", "Time between samples", "ms",
                     "10 gives 100 samples a second; a sensor that cannot do it takes its own shortest.", kMinPeriodMs,
                     kMinPeriodMs, kMaxPeriodMs),
      sdk::int_param("sensor", "Sensor number", "",
                     "Which sensor of the device is the force; 0 = the one in newtons that the device prefers.", 0, 0, 31),
      sdk::bool_param("acceleration", "Acceleration too", "Also measure acceleration in x, y and z.", false),
  };

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> report, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step {
    init,
    status,
    info,
    available,
    defaults,
    sensor_info,
    period,
    start,  // one question each
    measuring,
    resting,  // refused: all from the start at the deadline
    given_back
  };
  struct Row {
    double force_n;  ///< without tare; none = not finite
    std::array<double, 3> acceleration_ms2;
  };

  void begin(int64_t t_us);
  void enter(Step step, int64_t t_us);
  void rest(const std::string& why, int64_t t_us);
  void ask(int64_t t_us);
  uint8_t send(Command command, std::span<const uint8_t> data);
  void no_answer(int64_t t_us);
  void fell_silent(int64_t t_us);
  void take_reply(const Reply& reply, int64_t t_us);
  bool take_power(std::span<const uint8_t> payload, int64_t t_us);
  void take_sensor_info(std::span<const uint8_t> payload, int64_t t_us);
  void next_sensor(int64_t t_us);
  void choose_sensors(int64_t t_us);
  void take_period_code(uint8_t code, int64_t t_us);
  void take_start_code(uint8_t code, int64_t t_us);
  void take_measurement(std::span<const uint8_t> frame, int64_t t_us);
  void note_drop();
  void take_new_period(int64_t t_us);
  void take_rows(const Measurement& measurement, int64_t t_us);
  void follow_counter(const Measurement& measurement);
  void emit_row(const Row& row, int64_t t_us);
  void emit_decided();
  void note_range(double force_n, int64_t t_us);
  void plan();
  void tell_working();

  sdk::DeviceHost host_;
  Wanted wanted_;
  driver_kit::StatusReporter status_;
  driver_kit::Tare tare_;
  FrameJoiner joiner_;
  driver_kit::SampleTimes times_;

  Step step_ = Step::init;
  uint8_t counter_ = 0xFF;  ///< decremented before use
  uint8_t asked_counter_ = 0;
  int64_t deadline_us_ = sdk::kNever;  ///< of the question that is out, or of the next sample
  int64_t battery_due_us_ = sdk::kNever;
  std::optional<uint8_t> battery_counter_;
  bool asked_twice_ = false;

  int checksum_score_ = 0;  ///< below 0: this device does not fill them in
  bool told_checksums_ = false, told_aperiodic_ = false;
  uint32_t available_ = 0, default_ = 0;
  int sensor_ = 0;  ///< asked for now
  std::vector<SensorInfo> sensors_;
  Choice choice_;

  std::vector<Row> waiting_;  ///< rows whose time is not settled yet
  std::vector<int64_t> decided_;
  std::optional<uint8_t> last_counter_;
  int counter_step_ = 0, steady_steps_ = 0, last_rows_ = 1;

  int unreadable_ = 0;  ///< rows in a row whose force is no number, or none that can be
  int64_t measuring_since_us_ = 0;
  int new_periods_ = 0;  ///< told by the device while it measured
  uint64_t drops_ = 0, next_drop_log_ = 1;
  std::string power_remark_, period_remark_;
  int64_t over_range_until_us_ = 0;
};

}  // namespace patella::go_direct
