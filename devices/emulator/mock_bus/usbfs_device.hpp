// One USB device as usbfs shows it to programs: answers the ioctls that umockdev brings here from a UsbModel.
//
// Every call is made under the bus's lock. Follows the kernel's drivers/usb/core/devio.c in what belongs to
// whom: transfers and claims belong to the open file that made them and end with it.
#pragma once

#include <umockdev.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "emulator/usb_model.hpp"
#include "mock_bus/ready_node.hpp"

namespace patella::emulator {

class UsbfsDevice {
 public:
  /// bind: called when the interface's kernel driver changes: "usbhid", "usbfs", "".
  UsbfsDevice(std::unique_ptr<UsbModel> model, std::function<void(const std::string& driver)> bind);
  ~UsbfsDevice();
  UsbfsDevice(const UsbfsDevice&) = delete;
  UsbfsDevice& operator=(const UsbfsDevice&) = delete;

  UsbModel& model() { return *model_; }

  void plug(ReadyNode node);
  /// Ends all transfers; whoever has the device open gets ENODEV from now on.
  void unplug();
  bool is_plugged() const { return node_ && !gone_; }
  bool is_open() const { return !clients_.empty(); }

  void tick(int64_t now_us);
  int64_t deadline_us() const { return is_plugged() ? model_->deadline_us() : kNever; }
  /// After a change of the model from outside: lets what has ended show.
  void collect();

  void client_connected(UMockdevIoctlClient* client);
  void client_gone(UMockdevIoctlClient* client);
  void ioctl(UMockdevIoctlClient* client, int64_t now_us);

 private:
  struct Flying {
    UMockdevIoctlClient* client;
    UMockdevIoctlData *urb, *buffer;
  };
  struct Answer {
    long result = 0;
    int error = 0;
  };
  bool belongs_to_old_plug(UMockdevIoctlClient* client) const;
  Answer reap(UMockdevIoctlClient* client, UMockdevIoctlData* arg, bool gone);
  Answer submit(UMockdevIoctlClient* client, UMockdevIoctlData* arg, int64_t now_us);
  Answer discard(UMockdevIoctlClient* client, UMockdevIoctlData* arg);
  Answer simple(UMockdevIoctlClient* client, unsigned long request, UMockdevIoctlData* arg);
  Answer claim(UMockdevIoctlClient* client, bool detach);
  Answer release(UMockdevIoctlClient* client);
  Answer driver_ioctl(UMockdevIoctlData* arg);
  void set_driver(const std::string& driver);
  void drop(const Flying& flying);
  void show_ready();

  std::unique_ptr<UsbModel> model_;
  std::function<void(const std::string&)> bind_;
  std::unique_ptr<ReadyNode> node_;
  std::vector<ReadyNode> old_nodes_;  ///< still polled by programs that have them open
  bool gone_ = false;
  uint64_t plug_ = 0;                                 ///< counts plugs
  std::map<UMockdevIoctlClient*, uint64_t> clients_;  ///< open files of this plug and of earlier ones
  std::string driver_;                                ///< bound to the interface
  UMockdevIoctlClient* owner_ = nullptr;              ///< who claimed the interface
  std::map<uint64_t, Flying> flying_;
  std::deque<Completion> ready_;
  uint64_t next_id_ = 1;
};

}  // namespace patella::emulator
