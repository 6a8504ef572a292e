// `patella devices`: what is attached, which driver takes it, and why not. The kiosk links no transport: a
// plugin host lists.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.hpp"

namespace patella::app {

namespace {

Result<nlohmann::json> list_attached(const Paths& paths) {
  const std::string command = "'" + (paths.libexec / "patella-plugin-host").string() + "' --attached";
  FILE* pipe = ::popen(command.c_str(), "re");
  if (!pipe) return Error{"the plugin host cannot be started", command, "Install or build Patella again"};
  std::string text;
  char block[4096];
  for (std::size_t got; (got = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, got);
  const int status = ::pclose(pipe);
  nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
  if (status != 0 || !list.is_array())
    return Error{"the plugin host could not list the devices", command, "See the line above"};
  return list;
}

bool fits(const plugin_link::ManifestMatch& match, const nlohmann::json& device,
          const std::string& transport) {
  if (device.value("serial_port", false) != (transport == "serial")) return false;
  if (match.vendor >= 0 && match.vendor != device.value("vendor", -1)) return false;
  if (match.product >= 0 && match.product != device.value("product", -1)) return false;
  if (match.interface_class < 0 && match.usage_page < 0) return true;
  for (const auto& interface : device["interfaces"]) {
    const bool class_fits =
        match.interface_class < 0 || match.interface_class == interface.value("interface_class", -1);
    const bool page_fits = match.usage_page < 0 || match.usage_page == interface.value("usage_page", -1);
    if (class_fits && page_fits) return true;
  }
  return false;
}

std::string driver_for(const nlohmann::json& device, const std::vector<plugin_link::Manifest>& plugins) {
  std::string names;
  for (const auto& plugin : plugins) {
    if (plugin.kind != plugin_link::Manifest::Kind::driver) continue;
    for (const auto& match : plugin.matches)
      if (fits(match, device, plugin.transport)) {
        names += (names.empty() ? "" : ", ") + plugin.folder;
        break;
      }
  }
  return names;
}

std::string verdict(const nlohmann::json& device, const std::string& driver) {
  const std::string trouble = device.value("trouble", "");
  if (driver.empty()) return "no driver knows it";
  if (!trouble.empty()) return fmt::format("{} would take it, but: {}", driver, trouble);
  const bool shared_bridge = device.value("serial_port", false);
  return shared_bridge ? fmt::format("{} asks it who it is when a station is bound to it", driver)
                       : "taken by " + driver;
}

}  // namespace

int devices_command(const Paths& paths, bool json) {
  auto attached = list_attached(paths);
  if (!attached) {
    fmt::print(stderr, "{}\n", attached.error().text());
    return 1;
  }
  const auto found = plugin_link::find_plugins(paths.plugins);
  for (const auto& problem : found.problems) fmt::print(stderr, "{}\n", problem.text());
  for (auto& device : *attached) {
    device["driver"] = driver_for(device, found.plugins);
    device["verdict"] = verdict(device, device["driver"]);
  }
  if (json) {
    fmt::print("{}\n", attached->dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return 0;
  }
  if (attached->empty()) fmt::print("no USB device or USB serial port is attached\n");
  for (const auto& device : *attached)
    fmt::print("{:04x}:{:04x}  {:<24}  {} {}{}\n            {}\n", device.value("vendor", 0),
               device.value("product", 0), device.value("port", ""), device.value("manufacturer", ""),
               device.value("product_name", ""),
               device.value("serial", "").empty() ? "" : ", serial " + device.value("serial", ""),
               device.value("verdict", ""));
  return 0;
}

int check_system_command(const Paths& paths) {
  const std::string command = "'" + (paths.libexec / "patella-plugin-host").string() + "' --layers";
  const int status = std::system(command.c_str());
  return status == 0 ? 0 : 1;
}

}  // namespace patella::app
