// What /sys says about USB devices and serial ports. Reading it disturbs no device, unlike opening one:
// opening a serial port raises DTR, which resets half of the boards we look for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patella::transport {

/// An attribute without its line end; "" when there is none.
std::string sysfs_text(const std::string& path);
std::vector<uint8_t> sysfs_bytes(const std::string& path);
std::vector<std::string> folder_names(const std::string& path);
/// Last part of what a link points to; "" when there is none.
std::string link_name(const std::string& path);

/// Folder of a USB device, "/sys/bus/usb/devices/1-2.3", and of its interface, "…/1-2.3:1.0".
std::string usb_folder(const std::string& usb_path);
std::string usb_interface_folder(const std::string& usb_path, int configuration, int interface);

/// The driver the kernel bound to an interface: "usbhid"; "usbfs" = a program has claimed it; "" = none.
std::string kernel_driver(const std::string& usb_path, int configuration, int interface);
/// The HID report descriptor, which the kernel shows to everyone while its HID driver is bound; else empty.
std::vector<uint8_t> bound_report_descriptor(const std::string& usb_path, int configuration, int interface);

struct UsbTty {
  std::string name;      ///< "ttyUSB0"
  std::string usb_path;  ///< "1-2.3"
  std::string plug;      ///< changes at each plug-in: path and device number
  uint16_t vendor = 0, product = 0;
  std::string manufacturer, product_name, serial_number;
  std::string driver;  ///< "ftdi_sio"
};
/// Serial ports whose parent is a USB device, by name.
std::vector<UsbTty> list_usb_ttys();

/// "" or why the present user cannot open the node, with the remedy.
std::string permission_trouble(const std::string& node, bool is_serial);

}  // namespace patella::transport
