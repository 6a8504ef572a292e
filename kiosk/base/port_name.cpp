#include "base/port_name.hpp"

namespace patella {
namespace {

/// Length of the decimal number `text` starts with.
std::size_t digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return n;
}

}  // namespace

std::string usb_path(int bus, std::span<const uint8_t> ports) {
  std::string path = std::to_string(bus) + "-";
  if (ports.empty()) return path + "0";
  for (std::size_t i = 0; i < ports.size(); ++i) path += (i ? "." : "") + std::to_string(ports[i]);
  return path;
}

bool is_usb_path(std::string_view text) {
  std::size_t n = digits(text);
  if (n == 0 || n >= text.size() || text[n] != '-') return false;
  text.remove_prefix(n + 1);
  while (true) {
    n = digits(text);
    if (n == 0) return false;
    if (n == text.size()) return true;
    if (text[n] != '.') return false;
    text.remove_prefix(n + 1);
  }
}

std::string to_text(const PortName& name) {
  if (!name.is_serial) return "usb:" + name.usb_path;
  return name.usb_path.empty() ? "tty:" + name.tty : "tty:" + name.tty + "@" + name.usb_path;
}

std::optional<PortName> parse_port_name(std::string_view text) {
  if (text.substr(0, 4) == "usb:") {
    text.remove_prefix(4);
    if (!is_usb_path(text)) return std::nullopt;
    return PortName{false, "", std::string(text)};
  }
  if (text.substr(0, 4) != "tty:") return std::nullopt;
  text.remove_prefix(4);
  const std::size_t at = text.find('@');
  const std::string_view tty = text.substr(0, at);
  if (tty.empty() || tty.find('/') != std::string_view::npos) return std::nullopt;
  if (at == std::string_view::npos) return PortName{true, std::string(tty), ""};
  const std::string_view path = text.substr(at + 1);
  if (!is_usb_path(path)) return std::nullopt;
  return PortName{true, std::string(tty), std::string(path)};
}

std::string usb_path_in(std::string_view port) {
  const auto name = parse_port_name(port);
  return name ? name->usb_path : "";
}

bool same_socket(std::string_view a, std::string_view b) {
  const auto left = parse_port_name(a), right = parse_port_name(b);
  if (!left || !right) return a == b;
  if (left->is_serial != right->is_serial) return false;
  if (left->usb_path.empty() || right->usb_path.empty()) return left->tty == right->tty;
  return left->usb_path == right->usb_path;
}

}  // namespace patella
