// Why an attached device is or is not taken, in one sentence: what `patella devices` says. Pure.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plugin_link/manifest.hpp"

namespace patella::cli {

struct MachineFacts {
  bool brltty_runs = false;  ///< the program for Braille displays, which takes serial bridges for itself
  /// Driver by port, of what the running kiosk has open.
  std::map<std::string, std::string> in_use = {};
};

/// The folders of the drivers that would take the device, separated by ", "; "" = none. `device` as patella-plugin-host
/// --attached lists it.
std::string drivers_for(const nlohmann::json& device, const std::vector<plugin_link::Manifest>& plugins);

/// `all`: the whole list, since a serial bridge appears twice in it, as a USB device and as a port.
std::string verdict_on(const nlohmann::json& device, const nlohmann::json& all, const std::vector<plugin_link::Manifest>& plugins,
                       const MachineFacts& machine);

}  // namespace patella::cli
