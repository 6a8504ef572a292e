// LineScale 3 load cell: a CH340 bridge (1a86:7523), 20-byte frames at 230400 or 460800 baud. It runs on a battery of
// its own: opening or closing the port changes nothing in it.
#pragma once

#include <string>

#include "emulator/pulling.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class LineScale3Model final : public SerialModel {
 public:
  enum class Unit { kilonewton, kilogram_force, pound_force };
  struct Options {
    std::string serial = "";  ///< CH340 chips have none
    uint64_t seed = 1;
    bool automatic = true;  ///< pulls by itself
    Unit unit = Unit::kilonewton;
    uint32_t baud = 230'400;  ///< 460800 is the other one that can be set at the cell and carries 1280 Hz
    double clock = 0.898;     ///< its clock by a right one; every rate is that much lower
    bool streaming = false;   ///< when the port is opened; then its first frame comes in part
    bool locked = false;      ///< the screen is locked: only start and stop are obeyed
    bool menu = false;        ///< a menu is open: only power off and zero are obeyed
    int deaf = 0;             ///< so many commands are not heard
    int battery_percent = 100;
  };
  explicit LineScale3Model(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  bool is_streaming() const { return streaming_; }
  bool is_on() const { return on_; }
  /// The button at the cell.
  void switch_on() { on_ = true; }
  /// 10, 40, 640 or 1280.
  int set_rate_hz() const;
  Unit unit() const { return unit_; }
  bool is_relative() const { return relative_; }
  void set_battery(int percent) { battery_percent_ = percent; }

  static constexpr double kMaxN = 30'000;

 protected:
  void on_opened() override;
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  void obey(char letter);
  void obey_setting(char letter);
  void frame();
  double step_us() const;
  std::string number(double force_n) const;

  Options options_;
  Pulling puller_;
  std::string command_;
  Unit unit_;
  bool on_ = true, streaming_, relative_ = false, spike_ = false, torn_ = false, half_ = false;
  char rate_ = 'S';
  int deaf_, battery_percent_;
  double next_us_ = 0;
  double drift_n_ = 0, absolute_zero_n_ = 0, reference_n_ = 0, last_raw_n_ = 0;
};

}  // namespace patella::emulator
