#include "transport/usb_context.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace patella::transport {

Result<std::shared_ptr<UsbContext>> UsbContext::make(bool hotplug) {
  std::shared_ptr<UsbContext> self(new UsbContext);
  int code = libusb_init(&self->context_);
  if (code != LIBUSB_SUCCESS) {
    self->context_ = nullptr;
    return Error{"USB cannot be used: " + std::string(libusb_strerror(code)), "libusb",
                 "Check that /dev/bus/usb and /sys are there"};
  }
  libusb_set_option(self->context_, LIBUSB_OPTION_LOG_LEVEL, LIBUSB_LOG_LEVEL_NONE);
  if (!hotplug) return self;
  code = libusb_hotplug_register_callback(self->context_, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                                          LIBUSB_HOTPLUG_NO_FLAGS, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                          LIBUSB_HOTPLUG_MATCH_ANY, &UsbContext::on_hotplug, self.get(), &self->callback_);
  if (code != LIBUSB_SUCCESS)
    return Error{"USB plug events cannot be watched: " + std::string(libusb_strerror(code)), "libusb", "Check that udev runs"};
  self->has_callback_ = true;
  return self;
}

UsbContext::~UsbContext() {
  if (has_callback_) libusb_hotplug_deregister_callback(context_, callback_);
  if (context_) libusb_exit(context_);
}

// Only notes what happened: libusb deadlocks or corrupts its lists when a hot-plug callback submits, cancels
// or closes.
int UsbContext::on_hotplug(libusb_context*, libusb_device* device, libusb_hotplug_event event, void* self) {
  auto& context = *static_cast<UsbContext*>(self);
  context.changed_ = true;
  if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT)
    for (const Watch& watch : context.watches_)
      if (watch.device == device) *watch.left = true;
  return 0;
}

void UsbContext::pump() {
  timeval none{0, 0};
  libusb_handle_events_timeout_completed(context_, &none, nullptr);
}

void UsbContext::wait_fds(std::vector<pollfd>& out) const {
  const libusb_pollfd** fds = libusb_get_pollfds(context_);
  if (!fds) return;
  for (std::size_t i = 0; fds[i]; ++i) out.push_back({fds[i]->fd, fds[i]->events, 0});
  libusb_free_pollfds(fds);
}

int64_t UsbContext::deadline_us(int64_t now_us) const {
  timeval wait{};
  if (libusb_get_next_timeout(context_, &wait) != 1) return std::numeric_limits<int64_t>::max();
  return now_us + int64_t{wait.tv_sec} * 1'000'000 + wait.tv_usec;
}

bool UsbContext::take_changed() { return std::exchange(changed_, false); }

void UsbContext::watch(libusb_device* device, bool* left) { watches_.push_back({device, left}); }

void UsbContext::unwatch(bool* left) {
  std::erase_if(watches_, [&](const Watch& watch) { return watch.left == left; });
}

}  // namespace patella::transport
