// One open, claimed USB interface: four IN transfers always in flight, one OUT at a time, control transfers
// by tag.
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "transport/transport.hpp"
#include "transport/usb_context.hpp"

namespace patella::transport {

struct UsbEndpoints {
  int interface = 0;
  uint8_t in_address = 0;
  uint8_t out_address = 0;        ///< 0 = none
  bool interrupt = true;          ///< else bulk
  uint32_t in_buffer_bytes = 64;  ///< a multiple of the IN packet size
};

class UsbPort final : public Port {
 public:
  /// Takes the handle, whose interface is claimed. start() submits the first transfers.
  UsbPort(std::shared_ptr<UsbContext> context, libusb_device_handle* handle, const UsbEndpoints& endpoints, Identity identity,
          const Clock& clock);
  ~UsbPort() override;
  Status start();

  const Identity& identity() const override { return identity_; }
  bool write(std::span<const uint8_t> bytes) override;
  bool control(uint32_t tag, uint8_t request_type, uint8_t request, uint16_t value, uint16_t index, std::span<const uint8_t> data,
               uint16_t length) override;
  void wait_fds(std::vector<pollfd>& out) const override;
  int64_t deadline_us() const override;
  void service(PortEvents& events) override;

 private:
  enum class Use { in, out, control };
  /// One transfer and its buffer. Lives as long as libusb may touch it.
  struct Slot {
    UsbPort* port = nullptr;  ///< null once the port gave up waiting for it
    libusb_transfer* transfer = nullptr;
    std::vector<uint8_t> buffer;
    Use use = Use::in;
    uint32_t tag = 0;
    bool flying = false;  ///< libusb has it
    bool unread = false;  ///< it has ended and service() has not acted on it yet
    int64_t done_us = 0;
    ~Slot() { libusb_free_transfer(transfer); }
  };
  using SlotPtr = std::unique_ptr<Slot>;

  static void LIBUSB_CALL on_done(libusb_transfer* transfer);
  SlotPtr make_slot(Use use, std::size_t bytes);
  int submit(Slot& slot);
  void submit_idle_in();
  void send_next();
  void deliver(const Slot& slot, PortEvents& events) const;
  void finish_in(Slot& slot, PortEvents& events);
  void finish_out(Slot& slot, PortEvents& events);
  void finish_control(Slot& slot, PortEvents& events);
  void recover_stall();
  void note_good();
  void note_error(int64_t now_us);
  void set_gone(Gone reason, std::string why);
  int flying_in() const;
  bool any_control_flying() const;
  bool any_flying() const;
  void cancel_all();
  void run_until_idle(int64_t limit_us, bool only_writes);
  void abandon();

  std::shared_ptr<UsbContext> context_;
  libusb_device_handle* handle_;
  UsbEndpoints endpoints_;
  Identity identity_;
  const Clock& clock_;

  std::vector<SlotPtr> in_;
  SlotPtr out_;
  std::deque<std::vector<uint8_t>> waiting_;
  std::vector<SlotPtr> controls_;
  std::vector<Slot*> done_;  ///< in the order of completion

  bool left_ = false;     ///< set by the hot-plug callback
  bool stalled_ = false;  ///< waiting for the other IN transfers to end, then the halt is cleared
  int stalls_in_row_ = 0, overflows_in_row_ = 0;
  int out_tries_ = 0;  ///< failed attempts of the write at the head of the queue
  int64_t first_error_us_ = -1;
  int64_t retry_us_ = std::numeric_limits<int64_t>::max();
  bool is_gone_ = false, gone_told_ = false;
  Gone gone_reason_ = Gone::unplugged;
  std::string gone_why_;
};

}  // namespace patella::transport
