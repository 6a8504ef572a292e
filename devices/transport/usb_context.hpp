// One libusb session: its descriptors to poll, and what the hot-plug callback noticed. No other thread calls
// it.
#pragma once

#include <libusb.h>
#include <poll.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"

namespace patella::transport {

class UsbContext {
 public:
  /// Starts libusb's udev thread when it is the first of the process. `hotplug` false: one look only.
  static Result<std::shared_ptr<UsbContext>> make(bool hotplug);
  ~UsbContext();
  UsbContext(const UsbContext&) = delete;
  UsbContext& operator=(const UsbContext&) = delete;

  libusb_context* get() const { return context_; }
  /// Runs what is ready, never waits. Transfer callbacks run in here.
  void pump();
  void wait_fds(std::vector<pollfd>& out) const;
  /// libusb's own next time-out; INT64_MAX when its timerfd (among the descriptors) sees to it.
  int64_t deadline_us(int64_t now_us) const;

  /// True once after each arrival or departure.
  bool take_changed();
  /// `*left` becomes true when that device leaves. The flag must live until unwatch().
  void watch(libusb_device* device, bool* left);
  void unwatch(bool* left);

 private:
  UsbContext() = default;
  static int on_hotplug(libusb_context*, libusb_device* device, libusb_hotplug_event event, void* self);

  struct Watch {
    libusb_device* device;
    bool* left;
  };
  libusb_context* context_ = nullptr;
  libusb_hotplug_callback_handle callback_ = 0;
  bool has_callback_ = false;
  bool changed_ = false;
  std::vector<Watch> watches_;
};

}  // namespace patella::transport
