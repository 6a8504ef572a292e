// A reed switch at the crank on an Arduino (2341:0043) with Patella's firmware: a line a revolution, a
// heartbeat every half second, at 115200 baud.
#pragma once

#include <deque>
#include <string>

#include "emulator/pedalling.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class CadenceBoardModel final : public SerialModel {
 public:
  struct Options {
    std::string serial = "85735313932351E0A1B2";
    uint64_t seed = 1;
    bool automatic = true;        ///< pedals by itself
    bool ch340 = false;           ///< a clone with a CH340 bridge, 1a86:7523
    bool bounces = false;         ///< every fifth closing of the switch is followed by another one
    int64_t boot_us = 1'700'000;  ///< from the opening of the port, which resets the board
    uint32_t first_stamp_us = 0;  ///< its clock begins here, so that the roll-over can be had soon
  };
  explicit CadenceBoardModel(const Options& options);

  bool act(const Act& act, int64_t now_us) override;
  const Pedalling& rider() const { return rider_; }

  static constexpr int64_t kBeatUs = 500'000;

 protected:
  void on_opened() override;
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  void step(int64_t t_us);
  void closed_at(int64_t t_us);
  uint32_t stamp(int64_t t_us) const;

  Options options_;
  Pedalling rider_;
  std::string command_;
  bool booted_ = false, miss_ = false, bounce_ = false;
  int64_t boot_us_ = 0, next_step_us_ = 0, next_beat_us_ = 0;
  uint64_t seen_revolutions_ = 0;
  uint32_t count_ = 0;
};

}  // namespace patella::emulator
