// Phidgets bridge 1046: up to four load cells on one board over USB.
#pragma once

#include <patella/sdk.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "driver_kit/sample_times.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/tare.hpp"
#include "report.hpp"

namespace patella::phidget_bridge {

inline constexpr const char* kGains[] = {"x1", "x8", "x16", "x32", "x64", "x128"};

constexpr patella_param slope_param(const char* key, const char* label) {
  return sdk::real_param(key, label, "N",
                         "Capacity of the cell in newtons, divided by its rated mV/V; or from two known weights; 0 = not known.",
                         0, -100'000, 100'000);
}
constexpr patella_param zero_param(const char* key, const char* label) {
  return sdk::real_param(key, label, "mV/V", "What the unloaded cell gives.", 0, -1000, 1000);
}

/// The board can do 1 s; three samples have to come before a value is stale.
inline constexpr int kMaxIntervalMs = 160;

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x06c2, 0x003b)};
  enum Channel : uint32_t { kForce = 0, kRatio = kInputs };  ///< each followed by those of inputs 1, 2, 3
  static constexpr patella_channel kChannels[] = {
      sdk::channel("force", "Force", "N", -20'000, 20'000, 62.5, 0.5, 1),
      sdk::channel("force_1", "Force, input 1", "N", -20'000, 20'000, 62.5, 0.5, 1),
      sdk::channel("force_2", "Force, input 2", "N", -20'000, 20'000, 62.5, 0.5, 1),
      sdk::channel("force_3", "Force, input 3", "N", -20'000, 20'000, 62.5, 0.5, 1),
      sdk::channel("ratio", "Bridge ratio", "mV/V", -1000, 1000, 62.5, 0.5, 4),
      sdk::channel("ratio_1", "Bridge ratio, input 1", "mV/V", -1000, 1000, 62.5, 0.5, 4),
      sdk::channel("ratio_2", "Bridge ratio, input 2", "mV/V", -1000, 1000, 62.5, 0.5, 4),
      sdk::channel("ratio_3", "Bridge ratio, input 3", "mV/V", -1000, 1000, 62.5, 0.5, 4),
  };
  static constexpr std::array kParams{
      sdk::int_param("interval_ms", "Time between samples", "ms", "In steps of 8; 16 gives 62.5 samples a second.", 16, kStepMs,
                     kMaxIntervalMs),
      sdk::choice_param("gain", "Gain", "x128 for load cells of up to 7 mV/V.", kGains, 5),
      sdk::bool_param("input_0", "Input 0 in use", "A cell is connected to input 0.", true),
      sdk::bool_param("input_1", "Input 1 in use", "A cell is connected to input 1.", false),
      sdk::bool_param("input_2", "Input 2 in use", "A cell is connected to input 2.", false),
      sdk::bool_param("input_3", "Input 3 in use", "A cell is connected to input 3.", false),
      slope_param("force_per_mv_v_n_0", PATELLA_TEXT("Newtons per mV/V, input 0")),
      slope_param("force_per_mv_v_n_1", PATELLA_TEXT("Newtons per mV/V, input 1")),
      slope_param("force_per_mv_v_n_2", PATELLA_TEXT("Newtons per mV/V, input 2")),
      slope_param("force_per_mv_v_n_3", PATELLA_TEXT("Newtons per mV/V, input 3")),
      zero_param("zero_mv_v_0", PATELLA_TEXT("Zero of input 0")),
      zero_param("zero_mv_v_1", PATELLA_TEXT("Zero of input 1")),
      zero_param("zero_mv_v_2", PATELLA_TEXT("Zero of input 2")),
      zero_param("zero_mv_v_3", PATELLA_TEXT("Zero of input 3")),
  };

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void control_done(uint32_t tag, int32_t status, std::span<const uint8_t> data, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);

 private:
  enum class Step {
    asking_length,  ///< of the output report, by the descriptor
    listening,      ///< for one report before anything is said
    setting,        ///< told, not yet echoed
    holding,        ///< input 0 stays on for a while after a change of gain
    measuring
  };
  struct Cell {
    bool wanted = false;
    double newtons_per_mv_v = 0, zero_mv_v = 0;
    driver_kit::SampleTimes times;
    std::vector<std::optional<double>> waiting;  ///< mV/V; empty = out of range
    bool first_dropped = false, looked_at = false;
    int64_t counted_since_us = 0;
    int counted = 0, other_rates = 0;
    int64_t last_t_us = 0;
  };

  void enter(Step step, int64_t t_us);
  void set_up(uint8_t enabled, int64_t t_us);
  void measure(int64_t t_us);
  void take(const Report& report, int64_t t_us);
  void take_value(std::size_t input, const Report& report, int64_t t_us);
  void watch_rate(std::size_t input, int64_t t_us);
  void emit_decided(std::size_t input);
  void emit_value(std::size_t input, std::optional<double> ratio, int64_t t_us);
  void look_at_zero(std::size_t input, double force_n);
  unsigned force_inputs() const;
  void plan();
  void tell_working();

  sdk::DeviceHost host_;
  Settings settings_;
  uint8_t wanted_ = 0;  ///< inputs; while holding, input 0 is on beside them
  std::array<Cell, kInputs> cells_;
  driver_kit::StatusReporter status_;
  driver_kit::Tare tare_;

  bool has_out_ = false;
  std::size_t out_bytes_ = 0;
  Step step_ = Step::asking_length;
  int64_t deadline_us_ = sdk::kNever;
  int tries_ = 0;
  int64_t heard_us_ = 0;      ///< last value of a wanted input
  int64_t disobeys_us_ = -1;  ///< since when the echo is another
  int64_t overload_until_us_ = 0;
  std::vector<int64_t> decided_;
};

}  // namespace patella::phidget_bridge
