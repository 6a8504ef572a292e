// Phidgets bridge 1046 (06c2:003b) with load cells: HID, a report every 8 ms.
#pragma once

#include <array>
#include <string>

#include "emulator/pulling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class PhidgetBridgeModel final : public UsbModel {
 public:
  struct Options {
    std::string serial = "141592";
    uint64_t seed = 1;
    bool automatic = true;
    bool has_out = true;      ///< else settings come as SET_REPORT
    bool gain_bug = false;    ///< old firmware: a gain does not take when input 0 goes off within 250 ms
    int interval_factor = 1;  ///< real interval ÷ set interval
    double capacity_n = 980.665, rated_mv_v = 2, zero_mv_v = 0.05;  ///< of the cell on each input
  };
  explicit PhidgetBridgeModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  uint32_t read_room() const override { return 64; }
  /// Its power failed for a moment: nothing is on.
  void forget();
  uint8_t enabled() const { return enabled_; }
  int interval_ms() const { return interval_steps_ * 8; }
  uint64_t settings_taken() const { return settings_taken_; }
  std::size_t settings_length() const { return settings_length_; }
  /// When values are measured.
  int64_t taken_us(int64_t n) const { return start_us_ + (n + 1) * interval_us(); }
  int64_t interval_us() const { return int64_t{interval_steps_} * 8'000 * options_.interval_factor; }

  static constexpr uint8_t kIn = 0x81, kOut = 0x02;
  static constexpr int64_t kReportUs = 8'000;
  static constexpr std::size_t kOutBytes = 8;

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
  void on_out(uint8_t, const Bytes& data) override { take(data); }
  void on_tick() override;
  void on_reset() override { forget(); }
  int64_t next_event_us() const override { return started_ ? next_us_ : 0; }
  /// No checksum here: an input's gain code that does not exist.
  void spoil(Bytes& report) override { report[2] = 0x22; }

 private:
  void take(const Bytes& settings);
  void send_report(int64_t at_us);
  uint32_t raw_of(std::size_t input, int64_t at_us, bool& over);

  Options options_;
  Pulling puller_;
  bool started_ = false, spike_ = false;
  int64_t next_us_ = 0, start_us_ = 0, value_ = 0;
  uint8_t enabled_ = 0, first_ = 0;  ///< first_: inputs whose next value is the one of before
  std::array<uint8_t, 4> gain_{}, real_gain_{};
  int interval_steps_ = 1;
  int64_t gain_changed_us_ = 0;
  uint64_t settings_taken_ = 0;
  std::size_t settings_length_ = 0;
  double drift_n_ = 0;
};

}  // namespace patella::emulator
