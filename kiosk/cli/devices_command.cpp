// `patella devices`: what is attached, which driver takes it, and why not. The kiosk links no transport: a
// plugin host lists.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "cli/device_verdict.hpp"

namespace patella::cli {

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
  if (status != 0 || !list.is_array()) return Error{"the plugin host could not list the devices", command, "See the line above"};
  return list;
}

bool brltty_runs() {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    std::ifstream comm(entry.path() / "comm");
    std::string name;
    if (std::getline(comm, name) && name == "brltty") return true;
  }
  return false;
}

std::map<std::string, std::string> used_by_kiosk(const Paths& paths) {
  std::map<std::string, std::string> ports;
  const auto status = ask_running_for(paths, "status");
  if (!status || !*status) return ports;  // none runs, or it does not answer: then nothing is claimed of it
  for (const auto& device : (**status).value("devices_in_use", nlohmann::json::array()))
    ports[device.value("port", "")] = device.value("driver", "");
  return ports;
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
  const MachineFacts machine{brltty_runs(), used_by_kiosk(paths)};
  const nlohmann::json all = *attached;
  for (auto& device : *attached) {
    device["driver"] = drivers_for(device, found.plugins);
    device["verdict"] = verdict_on(device, all, found.plugins, machine);
  }
  if (json) {
    fmt::print("{}\n", json_text(*attached, 2));
    return 0;
  }
  if (attached->empty()) fmt::print("no USB device or USB serial port is attached\n");
  for (const auto& device : *attached)
    say(stdout,
        fmt::format("{:04x}:{:04x}  {:<24}  {} {}{}\n            {}\n", device.value("vendor", 0), device.value("product", 0),
                    device.value("port", ""), device.value("manufacturer", ""), device.value("product_name", ""),
                    device.value("serial", "").empty() ? "" : ", serial " + device.value("serial", ""),
                    device.value("verdict", "")));
  std::vector<std::string> sockets;
  for (const auto& device : *attached) sockets.push_back(device.value("port", ""));
  if (const std::string line = calibration_reminder(paths, sockets); !line.empty()) fmt::print("Tell staff: {}\n", line);
  return 0;
}

int check_system_command(const Paths& paths) {
  const std::string command = "'" + (paths.libexec / "patella-plugin-host").string() + "' --layers";
  const int status = std::system(command.c_str());
  return status == 0 ? 0 : 1;
}

}  // namespace patella::cli
