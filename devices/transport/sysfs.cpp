#include "transport/sysfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/port_name.hpp"
#include "base/unique_fd.hpp"

namespace patella::transport {
namespace {

constexpr std::size_t kMaxAttribute = 64 * 1024;

std::string real_path(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? resolved : std::string();
}

/// A hexadecimal attribute of four digits; 0 when it is not one.
uint16_t hex_id(const std::string& text) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text.c_str(), &end, 16);
  return end != text.c_str() && *end == '\0' && value <= 0xFFFF ? static_cast<uint16_t>(value) : uint16_t{0};
}

/// The folder of the USB device that a device folder lies in: the nearest one above that has an idVendor.
std::string usb_parent(std::string folder) {
  while (folder.size() > std::strlen("/sys/")) {
    if (!sysfs_text(folder + "/idVendor").empty()) return folder;
    const std::size_t slash = folder.rfind('/');
    if (slash == std::string::npos || slash == 0) return "";
    folder.resize(slash);
  }
  return "";
}

std::optional<UsbTty> read_usb_tty(const std::string& name) {
  const std::string folder = real_path("/sys/class/tty/" + name);
  // Virtual terminals and the machine's own ports are many and never ours: spare the walk up.
  if (folder.empty() || folder.find("/usb") == std::string::npos) return std::nullopt;
  const std::string parent = usb_parent(folder);
  if (parent.empty()) return std::nullopt;
  UsbTty tty;
  tty.name = name;
  tty.usb_path = parent.substr(parent.rfind('/') + 1);
  if (!is_usb_path(tty.usb_path)) return std::nullopt;
  tty.plug = tty.usb_path + "#" + sysfs_text(parent + "/devnum");
  tty.vendor = hex_id(sysfs_text(parent + "/idVendor"));
  tty.product = hex_id(sysfs_text(parent + "/idProduct"));
  tty.manufacturer = sysfs_text(parent + "/manufacturer");
  tty.product_name = sysfs_text(parent + "/product");
  tty.serial_number = sysfs_text(parent + "/serial");
  tty.driver = link_name("/sys/class/tty/" + name + "/device/driver");
  return tty;
}

}  // namespace

std::vector<uint8_t> sysfs_bytes(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) return {};
  std::vector<uint8_t> bytes;
  uint8_t chunk[4096];
  while (bytes.size() < kMaxAttribute) {
    const ssize_t got = ::read(fd.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes.insert(bytes.end(), chunk, chunk + got);
  }
  return bytes;
}

std::string sysfs_text(const std::string& path) {
  const std::vector<uint8_t> bytes = sysfs_bytes(path);
  std::string text(bytes.begin(), bytes.end());
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\0')) text.pop_back();
  return text;
}

std::vector<std::string> folder_names(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) return names;
  while (const dirent* entry = ::readdir(folder.get()))
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string link_name(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  if (length <= 0) return "";
  const std::string text(target, static_cast<std::size_t>(length));
  return text.substr(text.rfind('/') + 1);
}

std::string usb_folder(const std::string& usb_path) { return "/sys/bus/usb/devices/" + usb_path; }

std::string usb_interface_folder(const std::string& usb_path, int configuration, int interface) {
  return fmt::format("{}:{}.{}", usb_folder(usb_path), configuration, interface);
}

std::string kernel_driver(const std::string& usb_path, int configuration, int interface) {
  return link_name(usb_interface_folder(usb_path, configuration, interface) + "/driver");
}

std::vector<uint8_t> bound_report_descriptor(const std::string& usb_path, int configuration, int interface) {
  const std::string folder = usb_interface_folder(usb_path, configuration, interface);
  for (const std::string& name : folder_names(folder)) {
    // The HID device is named bus:vendor:product.instance, "0003:0922:8003.0004".
    if (std::count(name.begin(), name.end(), ':') != 2) continue;
    std::vector<uint8_t> bytes = sysfs_bytes(folder + "/" + name + "/report_descriptor");
    if (!bytes.empty()) return bytes;
  }
  return {};
}

std::vector<UsbTty> list_usb_ttys() {
  std::vector<UsbTty> ttys;
  for (const std::string& name : folder_names("/sys/class/tty"))
    if (auto tty = read_usb_tty(name)) ttys.push_back(std::move(*tty));
  return ttys;
}

std::string permission_trouble(const std::string& node, bool is_serial) {
  if (::access(node.c_str(), R_OK | W_OK) == 0) return "";
  if (errno == ENOENT) return fmt::format("{} is not there (yet)", node);
  return is_serial ? fmt::format(
                         "no permission to open {}. Install packaging/udev/60-patella.rules, or add the user "
                         "to the group dialout and log in again",
                         node)
                   : fmt::format(
                         "no permission to open {}. Install packaging/udev/60-patella.rules and plug the "
                         "device in again",
                         node);
}

}  // namespace patella::transport
