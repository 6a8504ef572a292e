// The plugin under test, and the values it is created with.
#pragma once

#include <patella/device.h>
#include <patella/exercise.h>
#include <patella/texts.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "findings.hpp"
#include "pulse.hpp"
#include "tables/tables.hpp"

namespace patella::check {

struct Plugin {
  std::filesystem::path path;
  const patella_plugin_entry* entry = nullptr;
  const patella_device* device = nullptr;  ///< one of the two after interfaces()
  const patella_exercise* exercise = nullptr;
  std::shared_ptr<const tables::Tables> tables;  ///< after find_interfaces(): what the others point to, in the present form
  Pulse* pulse = nullptr;
};

struct Options {
  std::filesystem::path file;
  std::filesystem::path device;  ///< a DeviceScript; "" = made-up bytes
  uint64_t seed = 1;
  uint64_t bytes = 200'000;  ///< random bytes fed to a driver
  double hour_s = 3600;      ///< length of the long run of a module
};

/// Loads the library and finds its entry table; looks no further. Error: does not load, no symbol.
Result<Plugin> load(const std::filesystem::path& file, Pulse& pulse);

/// Fills in `device` or `exercise` when abi and table sizes allow it. Error: why no further check can run.
Status find_interfaces(Plugin& plugin);

using Values = std::vector<patella_value>;
enum class Corner { preset, lowest, highest };

/// A value for each declared parameter, as the kiosk hands them over. Cell keys live as long as the process.
Values values_of(const Plugin& plugin, Corner corner);
/// The presets, with one parameter at its lowest or highest.
Values values_with(const Plugin& plugin, uint32_t param, Corner corner);

/// Largest preset of a parameter or cell in that unit: where an exercise happens. `fallback` if there is none.
double typical(const Plugin& plugin, const char* unit, double fallback);

using rules::is_text;
/// A text that a person reads: like is_text, may have several lines; a hint when its braces do not fit the rules of plugin.h.
void judge_message(const char* text, std::size_t room, const std::string& what, Findings& findings);
/// As shown in a report: cut, control characters as '?'.
std::string shown(const char* text);

}  // namespace patella::check
