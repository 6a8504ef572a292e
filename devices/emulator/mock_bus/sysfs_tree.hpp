// Lays a device out in the testbed's /sys as the kernel does. Files first, then the links by which it is
// found; the other way round when it goes: who lists devices never sees half of one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace patella::emulator {

struct SysfsDevice {
  std::string path;       ///< "/devices/pci0000:00/usb1/1-1"
  std::string subsystem;  ///< "usb": found under /sys/bus; "tty": found under /sys/class
  std::string devtype;    ///< "usb_device"; "" = none
  std::string devname;    ///< below /dev: "bus/usb/001/002"; "" = no node
  int major = 0, minor = 0;
  std::vector<std::pair<std::string, std::string>> properties;  ///< further lines of its uevent file
  std::vector<std::pair<std::string, std::string>> attributes;  ///< file name → contents, as they are
};

class SysfsTree {
 public:
  /// root: the testbed's folder.
  explicit SysfsTree(std::string root) : root_(std::move(root)) {}

  void add(const SysfsDevice& device);
  void remove(const SysfsDevice& device);
  /// The link "driver" of a device: /sys/bus/<bus>/drivers/<driver>; "" removes it.
  void bind(const std::string& device_path, const std::string& bus, const std::string& driver);
  /// Writes one file below /sys, with the folders above it.
  void write(const std::string& path, const std::string& contents);
  void remove_all(const std::string& path);
  /// A link below /sys to another path below /sys.
  void link(const std::string& path, const std::string& target);

 private:
  std::string class_path(const SysfsDevice& device) const;
  std::string root_;
};

}  // namespace patella::emulator
