// A plugin's own tables as plain values, read by a child process (the kiosk never loads a plugin).
#pragma once

#include <string>
#include <vector>

#include "base/message.hpp"
#include "base/result.hpp"
#include "base/serial_settings.hpp"
#include "params/spec.hpp"
#include "plugin_link/manifest.hpp"

namespace patella::plugin_link {

struct PluginInfo : params::PluginSpec {
  Manifest manifest;
  SerialSettings serial;  ///< of drivers with the transport "serial"
};

/// What people call it, in the words of its own catalogues.
inline Message name_of(const PluginInfo& plugin) { return translatable(plugin.name, plugin.folder); }

class AnswerCache;

/// Runs `host --describe` for the plugin, at most 5 s, unless `cache` knows what it prints (null: nothing is known, nothing kept).
/// Error: why it cannot be used (ABI, symbol, crash, differs from its manifest), in one sentence; kept by nobody.
Result<PluginInfo> describe(const std::filesystem::path& host_program, const Manifest& manifest, AnswerCache* cache = nullptr);
/// The same of all, side by side: however many hang, all is known after about 5 s. In the order of `manifests`.
std::vector<Result<PluginInfo>> describe_all(const std::filesystem::path& host_program, const std::vector<Manifest>& manifests,
                                             AnswerCache* cache = nullptr);

/// What the module says of each of these sets of values: messages (patella/plugin.h), one a line on the screen before the start.
/// Runs the host once, at most 5 s; not at all for a module that says nothing (1.0), or when `cache` knows what it would print. Error: it
/// crashed or did not answer.
Result<std::vector<std::vector<std::string>>> describe_doses(const std::filesystem::path& host_program, const PluginInfo& module,
                                                             const std::vector<params::Values>& sets,
                                                             AnswerCache* cache = nullptr);

}  // namespace patella::plugin_link
