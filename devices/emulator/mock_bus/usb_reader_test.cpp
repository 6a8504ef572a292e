// A small program that reads a USB device, for the tests that need a process of its own. Knows of no
// emulation.
//   usb_reader VENDOR PRODUCT ENDPOINT [SPARE_FDS]
// Says on stdout, a line each: waiting, arrived, open, report N, left, failed WHY. Ends when stdin ends.
// SPARE_FDS: that many descriptors are taken first, so that several readers have their libusb on distinct
// ones.
#include <fcntl.h>
#include <libusb.h>
#include <poll.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace {

struct Seen {
  libusb_device* arrived = nullptr;
  bool left = false;
};

int LIBUSB_CALL on_hotplug(libusb_context*, libusb_device* device, libusb_hotplug_event event, void* data) {
  Seen& seen = *static_cast<Seen*>(data);
  if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED) {
    if (seen.arrived) libusb_unref_device(seen.arrived);
    seen.arrived = libusb_ref_device(device);
    std::puts("arrived");
  } else {
    seen.left = true;
    std::puts("left");
  }
  return 0;
}

bool input_ended() {
  pollfd input{0, POLLIN, 0};
  return poll(&input, 1, 0) > 0;
}

libusb_device_handle* open_claimed(libusb_device* device) {
  libusb_device_handle* handle = nullptr;
  int code = libusb_open(device, &handle);
  if (code == 0) {
    libusb_set_auto_detach_kernel_driver(handle, 1);
    code = libusb_claim_interface(handle, 0);
  }
  if (code == 0) return handle;
  std::printf("failed %s\n", libusb_error_name(code));
  if (handle) libusb_close(handle);
  return nullptr;
}

/// Reads until the device is gone or stdin ends.
void read_device(libusb_context* context, libusb_device_handle* handle, uint8_t endpoint) {
  std::array<uint8_t, 512> report{};
  for (int count = 0; !input_ended();) {
    int got = 0;
    const int code = libusb_interrupt_transfer(handle, endpoint, report.data(), int{report.size()}, &got, 200);
    if (code == 0) std::printf("report %d\n", ++count);
    if (code == LIBUSB_ERROR_PIPE) libusb_clear_halt(handle, endpoint);
    if (code == LIBUSB_ERROR_NO_DEVICE) break;
    timeval none{0, 0};
    libusb_handle_events_timeout_completed(context, &none, nullptr);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  for (int i = argc > 4 ? std::atoi(argv[4]) : 0; i > 0; --i)
    if (open("/dev/null", O_RDONLY) < 0) return 2;
  libusb_context* context = nullptr;
  if (libusb_init(&context) != 0) return 2;
  Seen seen;
  const auto number = [&](int i) { return static_cast<int>(std::strtol(argv[i], nullptr, 16)); };
  const auto events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
  std::puts("waiting");
  libusb_hotplug_register_callback(context, events, LIBUSB_HOTPLUG_ENUMERATE, number(1), number(2), LIBUSB_HOTPLUG_MATCH_ANY,
                                   on_hotplug, &seen, nullptr);
  while (!input_ended()) {
    if (!seen.arrived) {
      timeval wait{0, 50'000};
      libusb_handle_events_timeout_completed(context, &wait, nullptr);
      continue;
    }
    libusb_device* device = seen.arrived;
    seen.arrived = nullptr;
    if (libusb_device_handle* handle = open_claimed(device)) {
      std::puts("open");
      read_device(context, handle, static_cast<uint8_t>(number(3)));
      libusb_close(handle);
    }
    libusb_unref_device(device);
  }
  libusb_exit(context);
  return 0;
}
