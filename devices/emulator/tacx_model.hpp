// A Tacx trainer, head unit 3561:1932 (64-byte replies) or 3561:1942 with its firmware loaded (48-byte
// replies): bulk packets. It speaks when spoken to.
#pragma once

#include <string>

#include "emulator/pedalling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class TacxModel final : public UsbModel {
 public:
  struct Options {
    std::string serial = "";  ///< the USB descriptor has none
    uint64_t seed = 1;
    bool automatic = true;  ///< pedals by itself
    uint16_t product = 0x1932;
    bool spike = true;  ///< the first cadence that is not 0 is told as 137
  };
  explicit TacxModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  uint32_t read_room() const override { return 64; }
  const Pedalling& rider() const { return rider_; }
  /// As after a loss of power: its cadence is 0 until it is asked for its version.
  void begin_anew() { asked_version_ = false; }
  bool told_137() const { return told_137_; }
  int pedal_echoes() const { return pedal_echoes_; }
  /// Somebody asked for a load.
  bool was_braked() const { return was_braked_; }

  static constexpr uint8_t kIn = 0x82, kOut = 0x02;
  static constexpr int64_t kReplyUs = 45'000;

 protected:
  void on_out(uint8_t endpoint, const Bytes& data) override;
  void on_tick() override;
  int64_t next_event_us() const override { return reply_due_us_; }
  void spoil(Bytes& report) override;

 private:
  Bytes version_reply() const;
  Bytes data_reply();
  uint8_t told_cadence();

  Options options_;
  Pedalling rider_;
  Bytes waiting_;
  int64_t reply_due_us_ = kNever;
  bool asked_version_ = false, moved_ = false, told_137_ = false, was_braked_ = false;
  uint64_t seen_revolutions_ = 0;
  int replies_ = 0, pedal_echoes_ = 0;
};

}  // namespace patella::emulator
