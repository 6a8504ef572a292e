// Puts configuration and plugins together: what the session core, the links and the command line work from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "config/config.hpp"
#include "plugin_link/links.hpp"
#include "session/kiosk_flow.hpp"

namespace patella::runtime {

/// Where things are: the install prefix or the build tree; see paths.cpp for the order in which they are
/// looked for.
struct Paths {
  std::filesystem::path config, state, libexec;
  std::filesystem::path locale;  ///< catalogues of the languages
  std::vector<std::filesystem::path> plugins;
};
Paths find_paths(const std::string& config, const std::string& state);
/// As kiosk.toml says, or as PATELLA_LANGUAGE does, for whoever tries a language out.
std::string shown_language(const config::Kiosk& kiosk);

/// A driver to be run, and where its channels go.
struct DriverInstance {
  std::size_t plugin = 0;  ///< index into Assembly::drivers
  plugin_link::DriverLink::Binding binding;
  struct Route {
    std::size_t station = 0;
    uint16_t module_channel = 0;
    uint16_t device_channel = 0;
  };
  std::vector<Route> routes;
};

struct Assembly {
  config::Config config;
  std::vector<plugin_link::PluginInfo> modules, drivers;
  std::vector<std::string> problems;        ///< plugins that cannot be used, one sentence each
  std::vector<std::string> remarks;         ///< what is done otherwise than a file says, and why; no fault
  session::KioskSetup kiosk_setup;          ///< stations in the order of config.stations, then the broken ones
  std::vector<std::size_t> station_module;  ///< by flow station: index into modules
  std::vector<DriverInstance> driver_instances;
};

/// What the plugins declare, for config/edits.hpp.
struct EditPlugins {
  params::PluginSpecs modules, drivers;
};
EditPlugins edit_plugins(const Assembly& assembly);

/// A value is lost once it is twice as old as the stale limit, but never before `lost_after_s`.
session::AgeLimits age_limits(double stale_after_s, double lost_after_s);

/// One line for each channel that counts as lost later than the station's rule says, since its sensor is slower.
std::vector<std::string> late_losses(const config::Station& station, const session::StationSetup& setup);

/// How a station uses a device of that serial number and socket ("" = not said): one that names it before one
/// that takes any. Null: none does. `driver`: its folder.
const DriverInstance* find_instance(const Assembly& assembly, const std::string& driver, const std::string& serial,
                                    const std::string& port);
/// The same of a device that is there, whose serial number may be "": it has none.
const DriverInstance* instance_of_device(const Assembly& assembly, const std::string& driver, const std::string& serial,
                                         const std::string& port);

plugin_link::HostOptions host_options(const Paths& paths);
/// Reads plugins and configuration. Never fails as a whole. `cache`: for the kiosk's own start; without one every plugin is asked.
/// `exercise`: of the library, which gets a place of its own without devices when no station offers it; "" = none.
Assembly assemble(const Paths& paths, const plugin_link::HostOptions& host, plugin_link::AnswerCache* cache = nullptr,
                  const std::string& exercise = {});
/// The configuration read once more, for the plugins that were found at the start; with the edits in `state`, "" = without.
config::Config reload_config(const std::filesystem::path& folder, const std::vector<plugin_link::PluginInfo>& modules,
                             const std::vector<plugin_link::PluginInfo>& drivers, const std::filesystem::path& state = {});

}  // namespace patella::runtime
