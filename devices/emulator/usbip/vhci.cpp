#include "usbip/vhci.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/unique_fd.hpp"

namespace patella::emulator::usbip {

namespace {

/// As many controllers as the kernel was built for: status, status.1, status.2 …
std::string read_status(const std::string& folder) {
  std::string text;
  for (int controller = 0;; ++controller) {
    std::ifstream file(controller ? fmt::format("{}/status.{}", folder, controller) : folder + "/status");
    if (!file) return text;
    std::ostringstream all;
    all << file.rdbuf();
    text += all.str();
  }
}

}  // namespace

std::vector<VhciPort> parse_vhci_status(const std::string& text) {
  constexpr int kFree = 4;  // VDEV_ST_NULL
  std::vector<VhciPort> ports;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hub;
    int number = -1, state = -1;
    if (!(words >> hub >> number >> state) || number < 0 || (hub != "hs" && hub != "ss")) continue;  // the heading
    ports.push_back({number, hub == "ss", state == kFree});
  }
  return ports;
}

Result<Vhci> Vhci::open(const std::string& folder) {
  if (::access(folder.c_str(), F_OK) != 0)
    return Error{"this system has no virtual USB host controller", folder,
                 "Load it: sudo modprobe vhci-hcd (on Debian from the package linux-image-amd64; cloud kernels and "
                 "containers have none)"};
  if (::access((folder + "/attach").c_str(), W_OK) != 0)
    return Error{"no permission to attach devices", folder + "/attach", "Run it as root: sudo patella-emulator vhci ..."};
  return Vhci(folder);
}

Result<int> Vhci::free_port(int wanted) const {
  int first = -1;
  for (const VhciPort& port : parse_vhci_status(read_status(folder_))) {
    if (!port.free || port.super_speed) continue;
    if (port.number == wanted) return wanted;
    if (first < 0) first = port.number;
  }
  if (first < 0)
    return Error{"no port of the virtual host controller is free", folder_, "Detach a device: usbip port; usbip detach -p N"};
  return first;
}

Status Vhci::attach(int port, int socket_fd, uint32_t device_id, uint32_t speed) const {
  const std::string path = folder_ + "/attach", line = fmt::format("{} {} {} {}", port, socket_fd, device_id, speed);
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || ::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return Error{"the kernel does not take the device: " + std::string(std::strerror(errno)), path, ""};
  return {};
}

}  // namespace patella::emulator::usbip
