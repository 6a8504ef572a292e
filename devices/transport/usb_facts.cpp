#include "transport/usb_facts.hpp"

#include <array>
#include <span>

#include <fmt/format.h>

#include "base/port_name.hpp"
#include "transport/hid_descriptor.hpp"
#include "transport/sysfs.hpp"

namespace patella::transport {
namespace {

constexpr unsigned kAskTimeoutMs = 1000;
// Device to host, standard request, to an interface (USB 2.0, table 9-2).
constexpr uint8_t kFromInterface = 0x81;
constexpr uint8_t kHidDescriptor = 0x21, kReportDescriptor = 0x22;
constexpr uint16_t kMaxReportDescriptor = 4096;  // HID_MAX_DESCRIPTOR_SIZE of the kernel

/// wDescriptorLength of the report descriptor, from the HID descriptor between interface and endpoints
/// (HID 1.11, 6.2.1).
uint16_t report_descriptor_length(const libusb_interface_descriptor& interface) {
  int at = 0;
  while (at + 2 <= interface.extra_length) {
    const uint8_t* bytes = interface.extra + at;
    const int length = bytes[0];
    if (length < 2 || at + length > interface.extra_length) break;
    if (bytes[1] == kHidDescriptor && length >= 9 && bytes[6] == kReportDescriptor)
      return static_cast<uint16_t>(bytes[7] | bytes[8] << 8);
    at += length;
  }
  return 0;
}

}  // namespace

ConfigPtr active_config(libusb_device* device) {
  libusb_config_descriptor* config = nullptr;
  if (libusb_get_active_config_descriptor(device, &config) == LIBUSB_SUCCESS) return ConfigPtr(config);
  if (libusb_get_config_descriptor(device, 0, &config) == LIBUSB_SUCCESS) return ConfigPtr(config);
  return nullptr;
}

std::string usb_path_of(libusb_device* device) {
  std::array<uint8_t, 8> ports{};
  const int count = libusb_get_port_numbers(device, ports.data(), static_cast<int>(ports.size()));
  return usb_path(libusb_get_bus_number(device), std::span(ports).first(count > 0 ? static_cast<std::size_t>(count) : 0u));
}

std::string usb_node_of(libusb_device* device) {
  return fmt::format("/dev/bus/usb/{:03}/{:03}", libusb_get_bus_number(device), libusb_get_device_address(device));
}

InterfaceFacts interface_facts(const libusb_interface_descriptor& interface, const std::string& path, int configuration) {
  InterfaceFacts facts{interface.bInterfaceNumber, interface.bInterfaceClass, {}, false};
  if (interface.bInterfaceClass != LIBUSB_CLASS_HID) return facts;
  const auto descriptor = bound_report_descriptor(path, configuration, interface.bInterfaceNumber);
  facts.usage_pages_known = !descriptor.empty();
  facts.usage_pages = read_report_descriptor(descriptor).usage_pages;
  return facts;
}

std::optional<Endpoints> find_endpoints(const libusb_interface_descriptor& interface, Kind kind) {
  const int type = kind == Kind::hid ? LIBUSB_ENDPOINT_TRANSFER_TYPE_INTERRUPT : LIBUSB_ENDPOINT_TRANSFER_TYPE_BULK;
  Endpoints found;
  for (int i = 0; i < interface.bNumEndpoints; ++i) {
    const libusb_endpoint_descriptor& endpoint = interface.endpoint[i];
    if ((endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != type) continue;
    const uint32_t packet = endpoint.wMaxPacketSize & 0x07FFu;
    const bool is_in = (endpoint.bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0;
    uint8_t& address = is_in ? found.in_address : found.out_address;
    if (address != 0 || packet == 0) continue;
    address = endpoint.bEndpointAddress;
    (is_in ? found.in_packet_size : found.out_packet_size) = packet;
  }
  if (found.in_address == 0) return std::nullopt;
  return found;
}

std::string usb_string(libusb_device_handle* handle, uint8_t index) {
  if (index == 0) return "";
  std::array<uint8_t, 256> text{};
  const int length = libusb_get_string_descriptor_ascii(handle, index, text.data(), static_cast<int>(text.size()));
  return length > 0 ? std::string(text.begin(), text.begin() + length) : std::string();
}

std::vector<uint8_t> fetch_report_descriptor(libusb_device_handle* handle, const libusb_interface_descriptor& interface) {
  uint16_t length = report_descriptor_length(interface);
  if (length == 0 || length > kMaxReportDescriptor) length = kMaxReportDescriptor;
  std::vector<uint8_t> bytes(length);
  const int got = libusb_control_transfer(handle, kFromInterface, LIBUSB_REQUEST_GET_DESCRIPTOR, kReportDescriptor << 8,
                                          interface.bInterfaceNumber, bytes.data(), length, kAskTimeoutMs);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0u);
  return bytes;
}

}  // namespace patella::transport
