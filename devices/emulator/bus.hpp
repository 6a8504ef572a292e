// Where emulated devices are plugged in, as commands see it: one process's own /sys (mock_bus), or USB/IP (usbip).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "emulator/serial_model.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

/// In which order a program learns that a device is gone: by failing transfers (io) and by the udev event.
enum class UnplugOrder { io_first, uevent_first, io_only, uevent_only };

/// Devices known by name. Members may be called from any thread.
class Bus {
 public:
  virtual ~Bus() = default;
  virtual Status plug(const std::string& name) = 0;
  virtual Status unplug(const std::string& name, UnplugOrder order) = 0;
  virtual bool has(const std::string& name) = 0;
  virtual std::vector<std::string> names() = 0;  ///< in the order they were added
  /// Whether a program reads or writes it.
  virtual bool is_open(const std::string& name) = 0;
  /// Where it is to be found while plugged ("/dev/ttyUSB0", "vhci port 2"), else "".
  virtual std::string node_of(const std::string& name) = 0;
  /// Changes a model under the bus's lock, and lets the change show. false: no device of that name and nature.
  virtual bool with_usb(const std::string& name, const std::function<void(UsbModel&)>& change) = 0;
  virtual bool with_serial(const std::string& name, const std::function<void(SerialModel&)>& change) = 0;
  virtual bool with_model(const std::string& name, const std::function<void(Model&, int64_t now_us)>& change) = 0;
};

}  // namespace patella::emulator
