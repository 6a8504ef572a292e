// What the guest's kernel and udev made of a plugged device, read from /sys and /run/udev.
#pragma once

#include <optional>
#include <string>

namespace patella::vm {

struct UsbFacts {
  std::string path;           ///< "/sys/bus/usb/devices/1-1"
  std::string node;           ///< "/dev/bus/usb/001/002"
  std::string tty;            ///< "/dev/ttyUSB0"; "" = none
  std::string kernel_driver;  ///< of the first interface: "usbhid", "ftdi_sio", "usbfs"; "" = none
  std::string power_control;  ///< "on", "auto"
  std::string latency_timer;  ///< of an FTDI port; "" = none
  bool is_finished = false;   ///< udev has dealt with the device, its interfaces and its tty
  bool has_uaccess = false;   ///< the tag, on the node that is to be opened
  std::string owner;          ///< of that node: "root:plugdev 0660"
};

/// The attached device with these ids ("0922:8003"). opens_tty: programs open its tty, else its USB node (a stick may have both).
std::optional<UsbFacts> find_usb(const std::string& ids, bool opens_tty);

}  // namespace patella::vm
