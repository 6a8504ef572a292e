#include "emulator/usb.hpp"

namespace patella::emulator {

namespace {

uint8_t low(std::size_t value) { return static_cast<uint8_t>(value & 0xFF); }
uint8_t high(std::size_t value) { return static_cast<uint8_t>((value >> 8) & 0xFF); }

Bytes device_descriptor(const UsbIdentity& identity) {
  const uint8_t serial_index = identity.serial.empty() ? 0 : 3;
  return {18,
          1,
          0x10,
          0x01,
          0,
          0,
          0,
          64,
          low(identity.vendor),
          high(identity.vendor),
          low(identity.product),
          high(identity.product),
          0,
          1,
          1,
          2,
          serial_index,
          1};
}

}  // namespace

Setup Setup::parse(std::span<const uint8_t, 8> bytes) {
  const auto word = [&](std::size_t at) { return static_cast<uint16_t>(bytes[at] | bytes[at + 1] << 8); };
  return {bytes[0], bytes[1], word(2), word(4), word(6)};
}

Descriptors descriptors(const UsbIdentity& identity, uint8_t interface_class, const Bytes& class_descriptor,
                        const std::vector<Endpoint>& endpoints) {
  Bytes body = {9, 4, 0, 0, low(endpoints.size()), interface_class, 0, 0, 0};
  body.insert(body.end(), class_descriptor.begin(), class_descriptor.end());
  for (const Endpoint& e : endpoints) {
    const Bytes one = {7, 5, e.address, e.attributes, low(e.packet_size), high(e.packet_size), e.interval_ms};
    body.insert(body.end(), one.begin(), one.end());
  }
  const std::size_t total = 9 + body.size();
  Descriptors d;
  d.device = device_descriptor(identity);
  d.configuration = {9, 2, low(total), high(total), 1, 1, 0, 0x80, 49};
  d.configuration.insert(d.configuration.end(), body.begin(), body.end());
  d.strings = {identity.manufacturer, identity.product_name};
  if (!identity.serial.empty()) d.strings.push_back(identity.serial);
  d.interface_class = interface_class;
  d.endpoints = endpoints;
  return d;
}

Descriptors hid_descriptors(const UsbIdentity& identity, const Bytes& report_descriptor, const std::vector<Endpoint>& endpoints) {
  const Bytes hid = {9, 0x21, 0x11, 0x01, 0, 1, 0x22, low(report_descriptor.size()), high(report_descriptor.size())};
  Descriptors d = descriptors(identity, 3, hid, endpoints);
  d.reports[0] = report_descriptor;
  return d;
}

}  // namespace patella::emulator
