// A plugin's own tables as plain values, read by a child process (the kiosk never loads a plugin).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugin_link/manifest.hpp"

namespace patella::plugin_link {

struct PluginParam {
  int type = 0;  ///< enum patella_param_type
  std::string key, label, unit, help;
  double default_value = 0, min = 0, max = 0, step = 0;
  std::vector<std::string> choices;
  std::vector<PluginParam> columns;
  struct Cell { std::string key; int row = 0; double number = 0; bool has_text = false; std::string text; };
  std::vector<Cell> default_rows;
};

struct PluginChannel {
  std::string key, label, unit;
  double min = 0, max = 0, nominal_rate_hz = 0, stale_after_s = 1;  ///< drivers
  bool required = false;                                            ///< modules
};

struct PluginSerial {  ///< serial drivers: how the port is set, as patella_serial_settings
  int baud = 115200, data_bits = 8, parity = 0, stop_bits = 1;
  bool dtr = true;
};

struct PluginInfo {
  Manifest manifest;
  std::string id, name, version;
  std::vector<PluginParam> params;
  std::vector<PluginChannel> channels;
  PluginSerial serial;
};

/// Runs `host --describe` for the plugin, at most 5 s. Error: why it cannot be used (ABI, symbol, crash, differs from its
/// manifest), in one sentence. Cached by nobody: ask once at start.
Result<PluginInfo> describe(const std::filesystem::path& host_program, const Manifest& manifest);
/// The same of all, side by side: however many hang, all is known after about 5 s. In the order of `manifests`.
std::vector<Result<PluginInfo>> describe_all(const std::filesystem::path& host_program, const std::vector<Manifest>& manifests);

}  // namespace patella::plugin_link
