// HID point-of-sale weighing devices, 6-byte reports five times a second: a Dymo M10 letter scale (0922:8003, 10 kg), or a
// platform scale to stand on (0922:8009, 180 kg), which reports kilograms in steps of 0.1.
#pragma once

#include <string>

#include "emulator/pulling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class ScaleModel final : public UsbModel {
 public:
  enum class Unit : uint8_t { gram = 2, kilogram = 3, ounce = 11 };
  enum class Size { m10, platform };
  struct Options {
    std::string serial = "0000000000001";
    uint64_t seed = 1;
    Unit unit = Unit::gram;  ///< of the M10; a platform scale has kilograms
    Size size = Size::m10;
  };
  explicit ScaleModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  /// What a perfect scale would show now, in N.
  double true_force_n(int64_t now_us) { return pusher_.force_n(now_us); }

  static constexpr uint8_t kIn = 0x82;
  static constexpr int64_t kReportUs = 200'000;

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
  void on_tick() override;
  int64_t next_event_us() const override { return started_ ? next_us_ : 0; }
  /// There is no checksum in these reports: a report id that does not exist is as near as it gets.
  void spoil(Bytes& report) override { report[0] = 0x7F; }

 private:
  Bytes report();
  uint8_t status(double mass_g);

  struct Scale {
    Unit unit;
    uint8_t exponent;  ///< of ten, two's complement
    double step_g;     ///< the display's resolution
    double motion_g;   ///< less than this from report to report is steady
    double max_g;
  };
  static Scale scale_of(const Options& options);

  Options options_;
  Scale scale_;
  Pulling pusher_;
  bool started_ = false, spike_ = false;
  int64_t next_us_ = 0;
  double zero_g_ = 0, drift_g_ = 0, last_g_ = 0;
  int steady_reports_ = 0;
};

}  // namespace patella::emulator
