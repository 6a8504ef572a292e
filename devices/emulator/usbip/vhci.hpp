// The kernel's virtual USB host controller (vhci_hcd): its ports as its files in /sys list them, and the handing over of a socket.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace patella::emulator::usbip {

struct VhciPort {
  int number = 0;
  bool super_speed = false;  ///< for USB 3 devices only
  bool free = false;
};

/// The lines of one `status` file.
std::vector<VhciPort> parse_vhci_status(const std::string& text);

class Vhci {
 public:
  static constexpr const char* kFolder = "/sys/devices/platform/vhci_hcd.0";

  /// Error, with the remedy: the module is not loaded, or this process may not write there.
  static Result<Vhci> open(const std::string& folder = kFolder);
  /// A free port for a full- or high-speed device: `wanted` when it is free, else the first.
  Result<int> free_port(int wanted) const;
  /// Hands a connected stream socket over; the caller closes its own copy. speed: usbip::speed_number.
  Status attach(int port, int socket_fd, uint32_t device_id, uint32_t speed) const;

 private:
  explicit Vhci(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace patella::emulator::usbip
