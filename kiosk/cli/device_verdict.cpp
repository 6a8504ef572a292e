#include "cli/device_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/port_name.hpp"

namespace patella::cli {

namespace {

using plugin_link::Manifest;

bool ids_fit(const UsbMatch& match, const nlohmann::json& device) {
  return (match.vendor < 0 || match.vendor == device.value("vendor", -1)) &&
         (match.product < 0 || match.product == device.value("product", -1));
}

bool fits(const UsbMatch& match, const nlohmann::json& device, const std::string& transport) {
  if (device.value("serial_port", false) != (transport == "serial") || !ids_fit(match, device)) return false;
  if (match.interface_class < 0 && match.usage_page < 0) return true;
  const auto interfaces = device.value("interfaces", nlohmann::json::array());
  return std::any_of(interfaces.begin(), interfaces.end(), [&](const nlohmann::json& interface) {
    return (match.interface_class < 0 || match.interface_class == interface.value("interface_class", -1)) &&
           (match.usage_page < 0 || match.usage_page == interface.value("usage_page", -1));
  });
}

std::string usb_path_of(const nlohmann::json& device) { return usb_path_in(device.value("port", "")); }

bool is_bridge(const nlohmann::json& device, const std::vector<Manifest>& plugins) {
  return std::any_of(plugins.begin(), plugins.end(), [&](const Manifest& plugin) {
    return plugin.kind == Manifest::Kind::driver && plugin.transport == "serial" &&
           std::any_of(plugin.matches.begin(), plugin.matches.end(),
                       [&](const UsbMatch& match) { return match.vendor >= 0 && ids_fit(match, device); });
  });
}

std::string bridge_verdict(const nlohmann::json& device, const nlohmann::json& all, const MachineFacts& machine) {
  for (const auto& other : all)
    if (other.value("serial_port", false) && usb_path_of(other) == usb_path_of(device))
      return "a serial bridge: see its port " + other.value("node", "");
  if (machine.brltty_runs)
    return "a serial bridge whose port is missing: brltty, the program for Braille displays, takes such bridges. Remove it "
           "(apt remove brltty) and plug the device in again";
  return "a serial bridge whose port is missing: the kernel has no driver for it loaded. Plug it in again; if that does not "
         "help, install the kernel's modules (ftdi_sio, cp210x, ch341, cdc_acm)";
}

}  // namespace

std::string drivers_for(const nlohmann::json& device, const std::vector<Manifest>& plugins) {
  std::string names;
  for (const auto& plugin : plugins) {
    if (plugin.kind != Manifest::Kind::driver) continue;
    const bool any = std::any_of(plugin.matches.begin(), plugin.matches.end(),
                                 [&](const UsbMatch& match) { return fits(match, device, plugin.transport); });
    if (any) names += (names.empty() ? "" : ", ") + plugin.folder;
  }
  return names;
}

std::string verdict_on(const nlohmann::json& device, const nlohmann::json& all, const std::vector<Manifest>& plugins,
                       const MachineFacts& machine) {
  const std::string drivers = drivers_for(device, plugins), trouble = device.value("trouble", ""),
                    kernel_driver = device.value("kernel_driver", "");
  const bool serial = device.value("serial_port", false);
  const auto used = machine.in_use.find(device.value("port", ""));
  if (used != machine.in_use.end()) return fmt::format("in use by this kiosk ({})", used->second);
  if (drivers.empty()) {
    if (!serial && is_bridge(device, plugins)) return bridge_verdict(device, all, machine);
    return kernel_driver.empty() ? "no driver knows it"
                                 : fmt::format("no driver knows it; the kernel uses it ({})", kernel_driver);
  }
  if (!trouble.empty()) return fmt::format("{} would take it, but: {}", drivers, trouble);
  const bool several = drivers.find(',') != std::string::npos;
  if (serial) return fmt::format("{} {} it who it is when a station is bound to it", drivers, several ? "ask" : "asks");
  if (!kernel_driver.empty())
    return fmt::format("taken by {}, which asks the kernel's driver {} to let go", drivers, kernel_driver);
  return "taken by " + drivers;
}

}  // namespace patella::cli
