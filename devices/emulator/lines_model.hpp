// A serial device of somebody's own, played from a file, so that its driver can be tried without the device.
#pragma once

#include <deque>

#include "device_script/script_player.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

/// Says and answers what its script has, from the opening of the port to its closing. Knows no gesture: nobody is on it.
class LinesModel final : public SerialModel {
 public:
  /// `line_baud`: as for SerialModel.
  LinesModel(const UsbIdentity& identity, device_script::DeviceScript script, uint64_t seed, uint32_t line_baud);

  bool act(const Act&, int64_t) override { return false; }

  static constexpr int64_t kReplyUs = 5'000;  ///< how long it takes to answer

 protected:
  void on_opened() override;
  void on_closed() override;
  void on_received(std::span<const uint8_t> bytes) override;
  void on_tick() override;
  int64_t next_event_us() const override;

 private:
  struct Reply {
    int64_t due_us = 0;
    Bytes bytes;
  };
  device_script::DeviceScript script_;
  device_script::ScriptPlayer player_;
  Bytes heard_;  ///< what came since the last answer: a command may come in pieces
  std::deque<Reply> replies_;
};

}  // namespace patella::emulator
