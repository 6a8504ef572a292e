// A USB bus that programs see through umockdev: real libusb, real /sys and udev events, no hardware, no root.
//
// One thread of its own lets the models' time pass. Members may be called from any thread.
// At most one MockBus a process; programs started by the process see it when they have LD_PRELOAD and
// UMOCKDEV_DIR.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "emulator/bus.hpp"
#include "mock_bus/peer_socket.hpp"
#include "mock_bus/pty_port.hpp"
#include "mock_bus/sysfs_tree.hpp"
#include "mock_bus/uevent_sender.hpp"
#include "mock_bus/usbfs_device.hpp"

namespace patella::emulator {

class MockBus final : public Bus {
 public:
  /// Fails when the process does not run with umockdev's preload library.
  static Result<std::unique_ptr<MockBus>> make();
  ~MockBus() override;
  MockBus(const MockBus&) = delete;
  MockBus& operator=(const MockBus&) = delete;

  const std::string& root() const { return root_; }
  /// "libumockdev-preload.so.0", the value that LD_PRELOAD needs beside UMOCKDEV_DIR = root().
  static const char* preload_library();

  /// Not plugged in yet. Names are unique.
  Status add(const std::string& name, std::unique_ptr<UsbModel> model, NodeKind node = NodeKind::fifo);
  Status add(const std::string& name, std::unique_ptr<SerialModel> model);

  Status plug(const std::string& name) override;
  Status unplug(const std::string& name, UnplugOrder order = UnplugOrder::io_first) override;
  bool has(const std::string& name) override;
  std::vector<std::string> names() override;  ///< in the order they were added
  bool is_plugged(const std::string& name);
  /// Whether a program has it open.
  bool is_open(const std::string& name) override;
  /// Waits for is_open() to become `open`.
  bool wait_open(const std::string& name, bool open, int64_t limit_us);

  /// Changes a model under the lock, and lets the change show. false: no device of that name.
  bool with_usb(const std::string& name, const std::function<void(UsbModel&)>& change) override;
  bool with_serial(const std::string& name, const std::function<void(SerialModel&)>& change) override;
  bool with_model(const std::string& name, const std::function<void(Model&, int64_t now_us)>& change) override;

  /// "/dev/bus/usb/001/002" or "/dev/ttyUSB0" while plugged, else "".
  std::string node_of(const std::string& name) override;
  /// ioctls answered so far, for tests of what a waiting program costs.
  uint64_t ioctl_count() const { return ioctls_; }
  static int64_t now_us();

 private:
  struct Slot;
  /// A program that has a USB node open.
  struct Client {
    UMockdevIoctlClient* handle;
    Slot* slot;
    UniqueFd socket;
    bool is_gone() const;
  };
  explicit MockBus(UMockdevTestbed* testbed);
  void add_root_hub();
  Status plug_usb(Slot& slot);
  Status plug_serial(Slot& slot);
  void make_usb_folders(Slot& slot);
  void bind_driver(const Slot& slot, const std::string& driver);
  Status attach_handler(const std::string& node);
  void take_from_sysfs(Slot& slot);
  Slot* find(const std::string& name);
  Slot* find_node(const char* node);
  Slot* find_tty(const char* node);
  void drop_dead_clients();
  void release_retired();
  void wake();
  void run();
  void serve(int64_t now_us);
  void take_opens(int64_t now_us);
  void arm(int timer_fd);
  static int on_ioctl(void* base, UMockdevIoctlClient* client, void* self);
  static void on_connected(void* base, UMockdevIoctlClient* client, void* self);

  UMockdevTestbed* testbed_;
  std::string root_;
  SysfsTree sysfs_;
  UeventSender uevents_;
  std::mutex plug_mutex_;  ///< one plug or unplug at a time; taken before mutex_
  std::mutex mutex_;       ///< all that follows
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<UMockdevIoctlBase*> handlers_;
  std::vector<std::string> handled_nodes_;
  std::vector<Client> clients_;
  std::vector<UMockdevIoctlClient*> retired_;
  int last_device_number_ = 1, last_port_ = 0, ttys_ = 0;
  bool stop_ = false;
  UniqueFd wake_fd_, inotify_fd_;
  std::atomic<uint64_t> ioctls_{0};
  std::thread thread_;
};

}  // namespace patella::emulator
