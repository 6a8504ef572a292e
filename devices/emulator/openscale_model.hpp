// SparkFun OpenScale: an FT231X bridge (0403:6015), lines of text at 9600 baud or what its menu was set to, a menu behind 'x'.
#pragma once

#include <string>

#include "emulator/pulling.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class OpenScaleModel final : public SerialModel {
 public:
  struct Options {
    std::string serial = "DN01A2B3";
    uint64_t seed = 1;
    bool automatic = true;  ///< pulls by itself
    bool pounds = true;     ///< the board's preset
    bool timestamp = true;
    bool raw = false;
    bool temperature = true;
    bool trigger = false;  ///< one reading for each '!'
    int report_ms = 500;
    uint32_t baud = 9600;
    bool resets = true;           ///< opening the port resets the board
    uint32_t first_stamp_ms = 0;  ///< its clock begins here, so that the roll-over can be had soon
  };
  explicit OpenScaleModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  bool is_in_menu() const { return in_menu_; }
  int tares() const { return tares_; }

  /// From the reset to the boot text, and from there to the first reading.
  static constexpr int64_t kBootUs = 1'800'000, kWarmUpUs = 600'000;
  static constexpr int64_t kTareUs = 1'000'000;

 protected:
  void on_opened() override;
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  void reset();
  void obey(char letter);
  void obey_in_menu(char letter);
  void boot_text();
  void menu();
  void reading();

  Options options_;
  Pulling puller_;
  bool booted_ = false, in_menu_ = false, spike_ = false, powered_ = false;
  int tares_ = 0;
  int64_t boot_us_ = 0, next_us_ = kNever, tare_due_us_ = kNever;
  double drift_kg_ = 0, tared_kg_ = 0;
};

}  // namespace patella::emulator
