#include "usb_facts.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace patella::vm {

namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string driver_of(const fs::path& device) {
  std::error_code none;
  const fs::path driver = fs::read_symlink(device / "driver", none);
  return none ? "" : driver.filename().string();
}

/// udev's own record of a device with a node: a line "G:tag" for each tag, "I:" when it has dealt with it.
std::string udev_record(const std::string& node) {
  struct stat about {};
  if (::stat(node.c_str(), &about) != 0) return "";
  std::ifstream file(fmt::format("/run/udev/data/c{}:{}", major(about.st_rdev), minor(about.st_rdev)));
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

std::string owner_of(const std::string& node) {
  struct stat about {};
  if (::stat(node.c_str(), &about) != 0) return "";
  const passwd* user = ::getpwuid(about.st_uid);
  const group* group_entry = ::getgrgid(about.st_gid);
  return fmt::format("{}:{} {:04o}", user ? user->pw_name : "?", group_entry ? group_entry->gr_name : "?",
                     about.st_mode & 07777u);
}

/// "tty/ttyACM0" below the interface (cdc_acm), or "ttyUSB0/tty/ttyUSB0" (usb-serial).
void find_tty(const fs::path& interface, UsbFacts& facts) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(interface, none)) {
    const std::string name = entry.path().filename();
    if (name == "tty")
      for (const auto& tty : fs::directory_iterator(entry.path(), none)) facts.tty = "/dev/" + tty.path().filename().string();
    if (!name.starts_with("ttyUSB")) continue;
    facts.tty = "/dev/" + name;
    facts.latency_timer = line_of(entry.path() / "latency_timer");
  }
}

}  // namespace

std::optional<UsbFacts> find_usb(const std::string& ids, bool opens_tty) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/sys/bus/usb/devices", none)) {
    const fs::path& path = entry.path();
    if (line_of(path / "idVendor") + ":" + line_of(path / "idProduct") != ids) continue;
    UsbFacts facts;
    facts.path = path;
    facts.node = fmt::format("/dev/bus/usb/{:03}/{:03}", std::stoi("0" + line_of(path / "busnum")),
                             std::stoi("0" + line_of(path / "devnum")));
    facts.power_control = line_of(path / "power/control");
    const std::string first = path.filename().string() + ":1.0";
    facts.kernel_driver = driver_of(path / first);
    for (const auto& one : fs::directory_iterator(path, none))
      if (one.path().filename().string().starts_with(path.filename().string() + ":")) find_tty(one.path(), facts);
    const std::string opened = opens_tty ? facts.tty : facts.node;
    const std::string record = udev_record(opened);
    facts.is_finished = record.find("I:") != std::string::npos && udev_record(facts.node).find("I:") != std::string::npos;
    facts.has_uaccess = record.find("G:uaccess\n") != std::string::npos;
    facts.owner = owner_of(opened);
    return facts;
  }
  return std::nullopt;
}

}  // namespace patella::vm
