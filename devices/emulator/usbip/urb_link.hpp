// One device on one USB/IP connection, without the socket: commands as bytes in, answers as bytes out.
#pragma once

#include <map>
#include <string>

#include "emulator/usb_model.hpp"
#include "usbip/wire.hpp"

namespace patella::emulator::usbip {

class UrbLink {
 public:
  /// `model` outlives the link, and is as after its plug (UsbModel::reset).
  explicit UrbLink(UsbModel& model) : model_(model) {}
  UrbLink(const UrbLink&) = delete;
  UrbLink& operator=(const UrbLink&) = delete;
  ~UrbLink();  ///< what is in flight is forgotten

  void received(std::span<const uint8_t> bytes, int64_t now_us);
  void tick(int64_t now_us);
  int64_t deadline_us() const;
  /// The answers so far; the caller takes them away.
  Bytes& output() { return output_; }

  /// The plug is being pulled: for a moment every transfer ends with -EPROTO, as a host controller reports a device that no
  /// longer answers, until the hub notices that it is gone.
  void lose_contact(int64_t now_us);
  /// A transfer of an endpoint other than 0 is in flight: somebody reads or writes.
  bool is_in_use() const;
  /// Why the connection cannot go on; "" = it can.
  const std::string& broken() const { return decoder_.broken(); }

 private:
  struct Flying {
    uint8_t endpoint;
    bool in;
    uint32_t length;
  };
  void submit(const Submit& submit, int64_t now_us);
  void unlink(const Unlink& unlink);
  void collect();
  void answer(const Completion& completion);

  UsbModel& model_;
  Decoder decoder_;
  std::map<uint32_t, Flying> flying_;
  Bytes output_;
  bool lost_ = false;
  int64_t next_error_us_ = kNever;
};

}  // namespace patella::emulator::usbip
