// Vernier Go!Link with an analogue force probe (hand dynamometer, dual-range force sensor) over USB.
#pragma once

#include <patella/sdk.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "driver_kit/sample_times.hpp"
#include "driver_kit/status_reporter.hpp"
#include "driver_kit/tare.hpp"
#include "packet.hpp"
#include "probe.hpp"

namespace patella::go_link {

inline constexpr const char* kInputs[] = {"auto", "volt_5", "volt_10"};

class Driver {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_HID;
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x08f7, 0x0003)};
  enum Channel : uint32_t { kForce, kVoltage };
  static constexpr patella_channel kChannels[] = {
      sdk::channel("force", "Force", "N", -2000, 5000, 50, 0.5, 1),
      sdk::channel("voltage", "Probe voltage", "V", -13, 13, 50, 0.5, 3),
  };
  static constexpr std::array kParams{
      sdk::int_param("period_ms", "Time between samples", "ms", "20 gives 50 samples a second.", 20, 10, 100),
      sdk::real_param("force_per_volt_n", "Newtons per volt", "N",
                      "Slope of a calibration by the site, from two known weights; 0 = the probe's own calibration.", 0, -10'000,
                      10'000),
      sdk::real_param("force_at_0_v_n", "Newtons at 0 V", "N",
                      "Offset of a calibration by the site. Used only together with the slope.", 0, -50'000, 50'000),
      sdk::choice_param("input", "Kind of probe", "auto asks the probe; one that cannot say so counts as 0 to 5 V.", kInputs, 0),
  };

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> packet, int64_t t_us);
  void control_done(uint32_t tag, int32_t status, std::span<const uint8_t> data, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  enum class Step {
    init,
    status,
    own_memory,
    probe_id,
    probe_memory,
    input,
    period,
    start,  // one question each
    measuring,
    resting  // refused, or no probe: all from the start at the deadline
  };

  void begin(int64_t t_us);
  void enter(Step step, int64_t t_us);
  void ask(int64_t t_us);
  void send(const std::array<uint8_t, kPacketBytes>& packet);
  void no_answer(int64_t t_us);
  void rest(patella_device_state state, const std::string& why, int64_t t_us);
  void take_answer(const Answer& answer, int64_t t_us);
  void take_refusal(uint8_t code, int64_t t_us);
  void take_probe_id(std::span<const uint8_t> payload, int64_t t_us);
  void settle_probe(int64_t t_us);
  bool has_site_calibration() const { return per_volt_n_ != 0; }
  std::optional<double> force_of(double voltage_v) const;
  void take_samples(const Samples& samples, int64_t t_us);
  void emit_decided();
  void emit_sample(int raw, int64_t t_us);
  void plan();
  void tell_working();

  sdk::DeviceHost host_;
  int64_t period_us_;
  double per_volt_n_, at_0_v_n_;
  int wanted_input_;
  driver_kit::StatusReporter status_;
  driver_kit::Tare tare_;
  driver_kit::SampleTimes times_;
  AnswerJoiner joiner_;

  Step step_ = Step::init;
  int64_t deadline_us_ = sdk::kNever;
  int tries_ = 0;                   ///< of the present question
  uint16_t report_value_ = 0x0100;  ///< wValue of SET_REPORT
  uint32_t tag_ = 0;
  std::array<uint8_t, kPacketBytes> last_sent_{};
  bool resent_other_way_ = false;

  Bytes flash_;
  std::optional<Probe> probe_;
  Input input_ = Input::five_volt;
  Correction correction_;

  std::vector<int> waiting_;  ///< raw counts whose time is not settled yet
  std::vector<int64_t> decided_;
  std::optional<uint8_t> last_counter_;
  int64_t at_the_end_until_us_ = 0;
};

}  // namespace patella::go_link
