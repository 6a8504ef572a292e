// Concept2 PM5 on a BikeErg (17a4:0003): HID with CSAFE frames in its reports.
#pragma once

#include "emulator/csafe.hpp"
#include "emulator/pedalling.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

class Pm5Model final : public UsbModel {
 public:
  explicit Pm5Model(const std::string& serial = "430228525", uint64_t seed = 1);

  bool act(const Act& act, int64_t now_us) override;
  const Pedalling& rider() const { return rider_; }

  /// Bits 3–0 of the status byte.
  enum class State : uint8_t { ready = 1, idle = 2, have_id = 3, in_use = 5, pause = 6, finished = 7 };
  State state() const { return state_; }
  /// The answer to the contents of a frame; status byte first. For tests that want no bus.
  Bytes answer(std::span<const uint8_t> contents, int64_t now_us);

  static constexpr uint8_t kIn = 0x83, kOut = 0x04;

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
  void on_out(uint8_t endpoint, const Bytes& data) override;
  void on_tick() override;
  void on_reset() override;
  int64_t next_event_us() const override;
  void spoil(Bytes& report) override;

 private:
  void advance(int64_t now_us);
  void advance_slice(int64_t now_us);
  void enter(State state);
  void take_frame(const Bytes& report);
  void reply(const CsafeFrame& request, const Bytes& contents, uint8_t report_id);
  bool public_command(const CsafeCommand& command, Bytes& out);
  bool concept2_command(const CsafeCommand& command, Bytes& out);
  bool proprietary_command(uint8_t wrapper, const CsafeCommand& command, Bytes& out);
  bool wrapped(const CsafeCommand& wrapper, Bytes& out);
  double work_s() const { return static_cast<double>(work_us_) * 1e-6; }
  double work_m() const;
  Bytes force_plot();

  struct Reply {
    int64_t due_us;
    Bytes report;
  };
  std::string serial_;
  Pedalling rider_;
  State state_ = State::ready;
  bool started_ = false, toggle_ = true, worked_ = false;
  uint8_t previous_ = 0;  ///< bits 5–4 of the next status byte
  int64_t advanced_us_ = 0, entered_us_ = 0, work_us_ = 0;
  double work_start_m_ = 0, work_end_m_ = 0;
  uint64_t plotted_revolution_ = 0;
  std::deque<Reply> replies_;
};

}  // namespace patella::emulator
