#include "mock_bus/sysfs_tree.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace patella::emulator {

namespace fs = std::filesystem;

std::string SysfsTree::class_path(const SysfsDevice& device) const {
  const std::string name = device.path.substr(device.path.rfind('/') + 1);
  return device.subsystem == "tty" ? "/class/tty/" + name : fmt::format("/bus/{}/devices/{}", device.subsystem, name);
}

void SysfsTree::write(const std::string& path, const std::string& contents) {
  const fs::path file = root_ + "/sys" + path;
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << contents;
}

void SysfsTree::link(const std::string& path, const std::string& target) {
  const fs::path file = root_ + "/sys" + path;
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  fs::remove(file, ignored);
  fs::create_symlink(fs::path(target).lexically_relative(fs::path(path).parent_path()), file, ignored);
}

void SysfsTree::remove_all(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(root_ + "/sys" + path, ignored);
}

void SysfsTree::add(const SysfsDevice& device) {
  std::string uevent;
  if (!device.devname.empty())
    uevent += fmt::format("MAJOR={}\nMINOR={}\nDEVNAME={}\n", device.major, device.minor, device.devname);
  if (!device.devtype.empty()) uevent += "DEVTYPE=" + device.devtype + "\n";
  for (const auto& [key, value] : device.properties) uevent += key + "=" + value + "\n";
  write(device.path + "/uevent", uevent);
  for (const auto& [name, contents] : device.attributes) write(device.path + "/" + name, contents);
  const std::string numbers = fmt::format("{}:{}", device.major, device.minor);
  if (!device.devname.empty()) write(device.path + "/dev", numbers + "\n");

  const std::string home = device.subsystem == "tty" ? "/class/tty" : "/bus/" + device.subsystem;
  write(home + "/uevent", "");
  link(device.path + "/subsystem", home);
  if (!device.devname.empty()) link("/dev/char/" + numbers, device.path);
  link(class_path(device), device.path);
}

void SysfsTree::remove(const SysfsDevice& device) {
  std::error_code ignored;
  fs::remove(root_ + "/sys" + class_path(device), ignored);
  fs::remove(root_ + fmt::format("/sys/dev/char/{}:{}", device.major, device.minor), ignored);
  remove_all(device.path);
}

void SysfsTree::bind(const std::string& device_path, const std::string& bus, const std::string& driver) {
  if (driver.empty()) return remove_all(device_path + "/driver");
  const std::string home = fmt::format("/bus/{}/drivers/{}", bus, driver);
  write(home + "/uevent", "");
  link(device_path + "/driver", home);
}

}  // namespace patella::emulator
