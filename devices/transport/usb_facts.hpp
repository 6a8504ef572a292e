// What a USB device says of itself: path, interfaces, endpoints, strings.
#pragma once

#include <libusb.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transport/match.hpp"
#include "transport/transport.hpp"

namespace patella::transport {

struct ConfigDeleter {
  void operator()(libusb_config_descriptor* config) const { libusb_free_config_descriptor(config); }
};
using ConfigPtr = std::unique_ptr<libusb_config_descriptor, ConfigDeleter>;

/// The active configuration, or the first one when none is set. Comes from /sys: nothing is sent to the
/// device.
ConfigPtr active_config(libusb_device* device);

/// "1-2.3"
std::string usb_path_of(libusb_device* device);
std::string usb_node_of(libusb_device* device);  ///< "/dev/bus/usb/001/004"

/// Class and, where the kernel shows the report descriptor, usage pages. Nothing is sent to the device.
InterfaceFacts interface_facts(const libusb_interface_descriptor& interface, const std::string& usb_path, int configuration);

struct Endpoints {
  uint8_t in_address = 0, out_address = 0;
  uint32_t in_packet_size = 0, out_packet_size = 0;
};
/// First IN and first OUT endpoint of the type the kind reads from (interrupt for HID); none without an IN
/// endpoint.
std::optional<Endpoints> find_endpoints(const libusb_interface_descriptor& interface, Kind kind);

/// A string descriptor as UTF-8; "" when the device has none or does not answer within 1 s.
std::string usb_string(libusb_device_handle* handle, uint8_t index);

/// GET_DESCRIPTOR(report) to the interface, which must be claimed: usbfs refuses it otherwise. Empty on
/// error.
std::vector<uint8_t> fetch_report_descriptor(libusb_device_handle* handle, const libusb_interface_descriptor& interface);

}  // namespace patella::transport
