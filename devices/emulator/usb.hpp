// USB as a host controller sees it: transfers, how they end, and descriptors as they lie on the wire.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "emulator/model.hpp"

namespace patella::emulator {

/// The eight bytes that start a control transfer (USB 2.0, 9.3).
struct Setup {
  uint8_t type = 0, request = 0;
  uint16_t value = 0, index = 0, length = 0;
  static Setup parse(std::span<const uint8_t, 8> bytes);
};

/// The numbers are those of usbdevfs.
enum class TransferType : uint8_t { isochronous = 0, interrupt = 1, control = 2, bulk = 3 };

struct Transfer {
  uint64_t id = 0;  ///< chosen by the host, given back in the Completion
  TransferType type = TransferType::interrupt;
  uint8_t endpoint = 0;  ///< bit 7 set = IN
  Setup setup;           ///< control only
  uint32_t length = 0;   ///< IN: room in bytes
  Bytes out;             ///< OUT: the data
};

/// status: 0, or the negative errno the Linux kernel gives a URB that ended so (-EPIPE stalled, -ESHUTDOWN
/// gone …).
struct Completion {
  uint64_t id = 0;
  int status = 0;
  uint32_t actual = 0;
  Bytes in;
};

struct Endpoint {
  uint8_t address = 0;     ///< bit 7 set = IN
  uint8_t attributes = 3;  ///< 2 bulk, 3 interrupt
  uint16_t packet_size = 64;
  uint8_t interval_ms = 1;
};

struct Descriptors {
  Bytes device, configuration;       ///< as on the wire
  std::map<uint8_t, Bytes> reports;  ///< HID report descriptor of an interface
  std::vector<std::string> strings;  ///< 1 manufacturer, 2 product, 3 serial number
  uint8_t interface_class = 0;       ///< of interface 0
  std::vector<Endpoint> endpoints;
  bool high_speed = false;
  uint16_t vendor() const { return static_cast<uint16_t>(device[8] | device[9] << 8); }
  uint16_t product() const { return static_cast<uint16_t>(device[10] | device[11] << 8); }
};

struct UsbIdentity {
  uint16_t vendor = 0, product = 0;
  std::string manufacturer, product_name, serial;
};

/// A device with one interface; class_descriptor stands between interface and endpoints.
Descriptors descriptors(const UsbIdentity& identity, uint8_t interface_class, const Bytes& class_descriptor,
                        const std::vector<Endpoint>& endpoints);
/// A device with one HID interface.
Descriptors hid_descriptors(const UsbIdentity& identity, const Bytes& report_descriptor, const std::vector<Endpoint>& endpoints);

}  // namespace patella::emulator
