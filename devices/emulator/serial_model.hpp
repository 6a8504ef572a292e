// A device behind a serial line: bytes in, bytes out, misbehaviour on request.
#pragma once

#include <deque>
#include <span>
#include <string_view>

#include "emulator/random.hpp"
#include "emulator/usb.hpp"

namespace patella::emulator {

/// How the line misbehaves; all off by default.
struct LineFault {
  bool silent = false;      ///< nothing arrives
  bool garbage = false;     ///< random bytes instead of the data, as with a wrong baud rate
  int64_t delay_us = 0;     ///< everything comes this late
  int cut_to = -1;          ///< lines are cut to that many bytes, their end included; -1 = whole
  int wrong_checksums = 0;  ///< noise: one byte of each of the next N lines is wrong
  int burst = 0;            ///< the next N lines are held back and then come at once
  int64_t bytes_per_s = 0;  ///< a slow line; 0 = as fast as it is written
};

class SerialModel : public Model {
 public:
  /// line_baud: the speed at which the device talks; 0 = it has none, as a CDC-ACM device of one chip.
  SerialModel(UsbIdentity identity, uint64_t seed, uint32_t line_baud = 0);

  /// The bridge chip as the bus sees it.
  const UsbIdentity& identity() const { return identity_; }
  LineFault& fault() { return fault_; }

  /// The host opened the port, which raises DTR.
  void opened(int64_t now_us);
  void closed(int64_t now_us);
  bool is_open() const { return open_; }
  /// The speed that the host has set; 0 = not known, taken for right. At another one than the device's both sides read
  /// garbage.
  void set_host_baud(uint32_t baud) { host_baud_ = baud; }
  /// Bytes from the host.
  void received(std::span<const uint8_t> bytes, int64_t now_us);
  /// Bytes that are due for the host.
  Bytes take_output(int64_t now_us);

  void tick(int64_t now_us) final;
  int64_t deadline_us() const final;

 protected:
  virtual void on_opened() {}
  virtual void on_closed() {}
  virtual void on_received(std::span<const uint8_t> bytes) = 0;
  virtual void on_tick() {}
  virtual int64_t next_event_us() const { return kNever; }
  /// Queues one line (or any run of bytes that belongs together), its end included.
  void send(std::string_view line);

  int64_t now_us() const { return now_us_; }
  Random& random() { return random_; }

 private:
  struct Chunk {
    int64_t due_us = 0;
    Bytes bytes;
  };
  void queue(Bytes line);
  bool is_speed_wrong() const { return host_baud_ != 0 && line_baud_ != 0 && host_baud_ != line_baud_; }
  void garble(std::span<uint8_t> bytes);

  UsbIdentity identity_;
  uint32_t line_baud_, host_baud_ = 0;
  LineFault fault_;
  bool open_ = false;
  std::deque<Chunk> out_;
  std::vector<Bytes> held_;
  int64_t line_free_us_ = 0;  ///< when a slow line has sent what it was given
  int64_t now_us_ = 0;
  Random random_;
};

}  // namespace patella::emulator
