// The USB side of a serial device: what the bridge chip (or the board's own USB) shows the kernel, around a SerialModel.
//
// Three chips: FTDI (ftdi_sio), CH340 (ch341) and CDC-ACM (cdc_acm). Control requests from the kernel's drivers of these
// names. The line speed is told to the model by CDC-ACM only (a bridge
// sets it by divisors); the format is taken and not simulated.
#pragma once

#include <deque>
#include <memory>

#include "emulator/serial_model.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator::usbip {

class SerialFace : public UsbModel {
 public:
  SerialFace(Descriptors descriptors, std::unique_ptr<SerialModel>&& model);

  SerialModel& line() { return *model_; }
  bool act(const Act& act, int64_t now_us) override { return model_->act(act, now_us); }
  /// The device loses its power.
  void unplugged(int64_t now_us);

 protected:
  void on_out(uint8_t endpoint, const Bytes& data) override;
  void on_reset() override;
  void on_tick() override;
  int64_t next_event_us() const override;

  /// A rising DTR opens the model's line (and resets most boards), a falling one closes it.
  void set_dtr(bool on);
  bool dtr() const { return dtr_; }
  /// The bytes of the line as they are due; by default they go to `data_in_` in packets as large as may be.
  virtual void line_sent(const Bytes& bytes);
  void put_packet(Bytes packet);

  uint8_t data_in_ = 0, data_out_ = 0;  ///< endpoint addresses

 private:
  std::unique_ptr<SerialModel> model_;
  bool dtr_ = false;
};

/// FT232R or FT231X. Each packet begins with two bytes of line state. What the line sent is held back until a packet is full or
/// the latency timer (16 ms unless set) has run out. A real chip sends an empty packet at each run-out; this one only every
/// 40 ms, so that a latency of 1 ms does not keep an emulated bus busy.
class FtdiFace final : public SerialFace {
 public:
  explicit FtdiFace(std::unique_ptr<SerialModel> model);
  int latency_ms() const { return latency_ms_; }

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
  void on_reset() override;
  void on_tick() override;
  int64_t next_event_us() const override;
  void line_sent(const Bytes& bytes) override;

 private:
  void send_packet();

  std::deque<uint8_t> held_;
  int latency_ms_ = 16;
  int64_t empty_due_us() const;
  int64_t flush_us_ = kNever, last_packet_us_ = 0;
  bool last_was_full_ = false;  ///< the reader waits for a short one
};

class Ch340Face final : public SerialFace {
 public:
  explicit Ch340Face(std::unique_ptr<SerialModel> model);

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;
};

class CdcAcmFace final : public SerialFace {
 public:
  explicit CdcAcmFace(std::unique_ptr<SerialModel> model);

 protected:
  int on_control(const Setup& setup, const Bytes& out, Bytes& in) override;

 private:
  Bytes line_coding_ = {0x80, 0x25, 0, 0, 0, 0, 8};  ///< 9600 8N1
};

/// The face that the model's vendor id calls for: 0403 FTDI, 1a86 CH340, else CDC-ACM.
std::unique_ptr<SerialFace> make_serial_face(std::unique_ptr<SerialModel> model);

}  // namespace patella::emulator::usbip
