// Names of sockets: "usb:1-2.3" and "tty:ttyUSB0@1-2.3". The part "1-2.3" is the bus and the chain of hub
// ports, as the kernel writes it: it stays the same for one socket, while ttyUSB numbers and device addresses
// wander. Whoever compares sockets, transport or kiosk, does it with these functions, never as text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patella {

struct PortName {
  bool is_serial = false;
  std::string tty;       ///< "ttyUSB0"; "" for USB
  std::string usb_path;  ///< "1-2.3"; "" for a serial port without a USB parent
};

/// "1-2.3" from the bus and the ports; a root hub ("usb1" in the kernel) is "1-0".
std::string usb_path(int bus, std::span<const uint8_t> ports);
bool is_usb_path(std::string_view text);

std::string to_text(const PortName& name);
std::optional<PortName> parse_port_name(std::string_view text);

/// The USB path of such a name, the same for a serial bridge and for the port it makes; "" when it has none.
std::string usb_path_in(std::string_view port);
/// The same socket: equal USB paths of the same kind, or equal names where there is no USB path.
bool same_socket(std::string_view a, std::string_view b);

}  // namespace patella
