// The models as USB/IP devices: for clients over TCP (stock `usbip attach`), or straight into this machine's kernel (vhci_hcd).
//
// One thread of its own serves all connections and lets the models' time pass. Members may be called from any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include "base/unique_fd.hpp"
#include "emulator/bus.hpp"
#include "emulator/catalog.hpp"
#include "usbip/serial_face.hpp"
#include "usbip/urb_link.hpp"
#include "usbip/vhci.hpp"

namespace patella::emulator::usbip {

class UsbipBus final : public Bus {
 public:
  /// Listens at a numeric address; port 0 = any free one. One client a device at a time; clients may come and go.
  static Result<std::unique_ptr<UsbipBus>> listen(const std::string& address, uint16_t port);
  /// Each plug attaches the device to a port of this machine's kernel.
  static std::unique_ptr<UsbipBus> into_kernel(Vhci vhci);
  ~UsbipBus() override;
  UsbipBus(const UsbipBus&) = delete;
  UsbipBus& operator=(const UsbipBus&) = delete;

  uint16_t tcp_port() const { return tcp_port_; }

  /// Not plugged in yet. Names are unique.
  Status add(const std::string& name, Made made);

  Status plug(const std::string& name) override;
  /// io_first: transfers fail for 150 ms before the device is gone, as when a real cable is pulled. uevent_first: gone at once.
  /// In both the kernel tells udev; the other two orders cannot be had from a kernel. Waits until the client is cut off.
  Status unplug(const std::string& name, UnplugOrder order = UnplugOrder::io_first) override;
  bool has(const std::string& name) override;
  std::vector<std::string> names() override;
  bool is_open(const std::string& name) override;
  /// "bus id 1-2" or "vhci port 0" while plugged.
  std::string node_of(const std::string& name) override;
  /// Whether a client (or the kernel) has the device.
  bool is_attached(const std::string& name);
  bool with_usb(const std::string& name, const std::function<void(UsbModel&)>& change) override;
  bool with_serial(const std::string& name, const std::function<void(SerialModel&)>& change) override;
  bool with_model(const std::string& name, const std::function<void(Model&, int64_t now_us)>& change) override;

 private:
  /// One client that has a device.
  struct Attachment {
    UniqueFd fd;
    UrbLink link;
    int64_t end_us = kNever;
    bool readable = true;  ///< there may be something to receive
  };
  struct Slot {
    std::string name;
    uint32_t number = 0;  ///< on the bus, from 1
    std::unique_ptr<UsbModel> usb;
    SerialFace* face = nullptr;  ///< the same object, when it is a serial device
    bool plugged = false;
    int vhci_port = -1;
    std::unique_ptr<Attachment> attachment;
    Exported exported() const;
  };
  /// A TCP connection that has not imported anything yet.
  struct Caller {
    UniqueFd fd;
    Decoder decoder;
    Bytes output;
    uint64_t heard = 0;  ///< of all that was heard: when it said something last
    bool done = false;
  };

  UsbipBus();
  void start();
  Slot* find(const std::string& name);
  Status attach_to_kernel(Slot& slot);
  void attach(Slot& slot, UniqueFd fd, const Bytes& already_sent);
  void detach(Slot& slot);
  void run();
  void wake();
  std::vector<pollfd> what_to_wait_for(int timer_fd) const;
  void take_readiness(const std::vector<pollfd>& waited);
  void arm(int timer_fd);
  void serve(int64_t now_us);
  void serve(Slot& slot, int64_t now_us);
  void accept_callers();
  void serve(Caller& caller);
  void answer(Caller& caller, const Operation& operation);

  std::optional<Vhci> vhci_;
  UniqueFd listener_, wake_fd_;
  uint16_t tcp_port_ = 0;
  std::mutex mutex_;  ///< all that follows
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::unique_ptr<Caller>> callers_;
  uint64_t heard_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace patella::emulator::usbip
