#include "include_law.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

#include "tree.hpp"

namespace patella::boundaries {
namespace fs = std::filesystem;
namespace {

using Names = std::vector<std::string_view>;

struct Unit {
  std::string_view folder;  // longest match wins; '*' stands for one folder name
  Names ours;               // its own name is always allowed
  Names libraries;
  bool pure = false;  // no threads, files, clocks, randomness, operating system
};

const Unit kUnits[] = {
    {"plugins/sdk", {}, {}, true},
    {"plugins/tables", {"patella"}, {}, true},
    {"plugins/check", {"patella", "tables", "base", "device_script"}, {"fmt", "toml++"}},
    {"plugins/host", {"patella", "tables", "transport", "base", "wire"}, {"fmt", "seccomp", "CLI", "nlohmann"}},
    {"plugins/host/wire", {"patella"}, {}},
    {"plugins/module_kit", {"patella"}, {}, true},
    {"plugins/*", {"patella", "module_kit"}, {}, true},
    {"devices/transport", {"base"}, {"fmt", "libusb", "libserialport"}},
    {"devices/device_script", {"base"}, {"fmt", "toml++"}},
    {"devices/emulator", {"patella", "base", "device_script"}, {"fmt"}},
    {"devices/emulator/mock_bus", {"emulator", "base"}, {"fmt", "umockdev"}},
    {"devices/emulator/usbip", {"emulator", "base"}, {"fmt"}},
    {"devices/emulator/tool", {"mock_bus", "usbip", "emulator", "base"}, {"fmt", "CLI"}},
    {"devices/driver_kit", {"patella"}, {}, true},
    {"devices/*", {"patella", "driver_kit"}, {}, true},
    {"kiosk/base", {}, {"fmt", "spdlog", "nlohmann"}},
    {"kiosk/params", {"base", "patella"}, {"fmt", "nlohmann"}, true},
    {"kiosk/plan", {"base", "params"}, {"fmt"}, true},
    {"kiosk/text", {"base"}, {"fmt"}},
    {"kiosk/sound", {"base", "text"}, {"fmt", "alsa"}},
    {"kiosk/voice", {"sound"}, {"espeak-ng"}},
    {"kiosk/notices", {"base"}, {"fmt"}, true},
    {"kiosk/session", {"base", "notices", "params", "patella"}, {"fmt"}, true},
    {"kiosk/calibration", {"base"}, {"fmt"}, true},
    {"kiosk/pin", {"base"}, {"fmt", "sodium"}},
    {"kiosk/staff", {"base", "notices", "session", "calibration", "pin"}, {"fmt"}, true},
    {"kiosk/plugin_link", {"base", "params", "session", "patella", "wire"}, {"fmt", "toml++", "sodium", "nlohmann"}},
    {"kiosk/store", {"base", "notices", "session"}, {"fmt", "sqlite", "zstd", "sodium", "nlohmann"}},
    {"kiosk/export", {"store", "session", "base"}, {"fmt", "nlohmann", "sodium"}},
    {"kiosk/config", {"base", "params", "plan", "patella"}, {"fmt", "toml++", "sodium", "nlohmann"}},
    {"kiosk/ui", {"base", "text", "notices", "session", "patella"}, {"fmt", "graphics"}},
    {"kiosk/runtime",
     {"base", "params", "plan", "text", "notices", "session", "calibration", "pin", "staff", "plugin_link", "store", "export",
      "config", "patella"},
     {"fmt", "nlohmann", "sodium"}},
    {"kiosk/window", {"base", "session", "ui"}, {"fmt", "graphics", "window", "nlohmann"}},
    {"kiosk/cli",
     {"base", "params", "plan", "text", "notices", "session", "calibration", "pin", "staff", "plugin_link", "store", "export",
      "config", "runtime", "patella"},
     {"fmt", "CLI", "nlohmann"}},
    {"kiosk/run_kiosk.cpp", {"base", "session", "config", "runtime", "window", "cli"}, {"fmt"}},
    {"kiosk/run_kiosk.hpp", {"runtime", "cli"}, {}},
    {"kiosk/main.cpp", {"cli"}, {}}};

struct Library {
  std::string_view name;
  Names beginnings;
};
const Library kLibraries[] = {{"libusb", {"libusb"}},
                              {"libserialport", {"libserialport"}},
                              {"graphics", {"imgui", "backends/imgui", "GL/", "EGL/", "stb"}},
                              {"window", {"GLFW/", "X11/"}},
                              {"sqlite", {"sqlite3"}},
                              {"spdlog", {"spdlog/"}},
                              {"toml++", {"toml++/"}},
                              {"zstd", {"zstd"}},
                              {"sodium", {"sodium"}},
                              {"seccomp", {"seccomp.h"}},
                              {"alsa", {"alsa/"}},
                              {"espeak-ng", {"espeak-ng/"}},
                              {"CLI", {"CLI/"}},
                              {"nlohmann", {"nlohmann/"}},
                              {"fmt", {"fmt/"}},
                              {"umockdev", {"umockdev"}},
                              {"catch2", {"catch2/"}}};

// A pure folder gets time, input and randomness handed in.
const std::set<std::string_view> kNotPure = {"thread",    "mutex",   "shared_mutex", "condition_variable", "future",
                                             "semaphore", "latch",   "barrier",      "stop_token",         "chrono",
                                             "ctime",     "fstream", "iostream",     "filesystem",         "random",
                                             "locale",    "csignal", "time.h",       "signal.h",           "stdio.h"};
// Headers of the C standard that touch nothing.
const std::set<std::string_view> kHarmlessC = {"stdint.h", "stddef.h", "string.h", "math.h", "stdlib.h", "errno.h", "limits.h"};

struct Include {
  std::string name;
  bool angled;
  int line;
};

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex kLine(R"re((^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])re");
  std::vector<Include> found;
  for (std::sregex_iterator at(file.text.begin(), file.text.end(), kLine); at != std::sregex_iterator(); ++at)
    found.push_back({(*at)[3], (*at)[2] == "<", line_of(file.text, static_cast<std::size_t>(at->position(3)))});
  return found;
}

bool lies_in(std::string_view path, std::string_view folder) {
  if (path == folder) return true;  // a law for one file
  if (!folder.ends_with('*')) return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
  folder.remove_suffix(1);
  return path.starts_with(folder) && path.find('/', folder.size()) != std::string_view::npos;
}

const Unit* unit_of(std::string_view path) {
  const Unit* best = nullptr;
  for (const Unit& unit : kUnits)
    if (lies_in(path, unit.folder) && (!best || unit.folder.size() > best->folder.size())) best = &unit;
  return best;
}

/// The name by which others include a unit: its last folder; of plugins/* and devices/* the folder of the file.
std::string own_name(const Unit& unit, const std::string& path) {
  if (!unit.folder.ends_with('*')) return std::string(unit.folder.substr(unit.folder.rfind('/') + 1));
  const std::size_t begin = unit.folder.size() - 1;
  return path.substr(begin, path.find('/', begin) - begin);
}

bool holds(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::optional<std::string_view> library_of(std::string_view include) {
  for (const Library& library : kLibraries)
    for (const std::string_view beginning : library.beginnings)
      if (include.starts_with(beginning)) return library.name;
  return {};
}

std::string list(const Names& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text.empty() ? "none" : text;
}

/// "" = fine. Emulated devices are models in virtual time too, whatever else lies in their folder.
std::string judge_system(const Unit& unit, const SourceFile& file, const std::string& name) {
  const bool model = file.path.find("_model.") != std::string::npos;
  if (!unit.pure && !model) {
    const bool unknown = name.ends_with(".hpp") || name.ends_with(".hxx");
    return unknown ? "a library that no folder may use" : "";
  }
  if (kNotPure.count(name)) return "this folder is pure: no threads, files, clocks or randomness";
  if (name.find('.') != std::string::npos && !kHarmlessC.count(name))
    return "this folder is pure: nothing of the operating system";
  return "";
}

std::string judge_ours(const Unit& unit, const SourceFile& file, const fs::path& root, const Include& include) {
  if (include.name.find("..") != std::string::npos) return "a path that climbs out of its folder";
  const std::size_t slash = include.name.find('/');
  if (slash != std::string::npos) {
    const std::string first = include.name.substr(0, slash);
    if (first == own_name(unit, file.path) || holds(unit.ours, first)) return "";
    if (fs::exists(root / fs::path(file.path).parent_path() / include.name)) return "";
    return "allowed of ours here: " + list(unit.ours);
  }
  if (fs::exists(root / fs::path(file.path).parent_path() / include.name)) return "";
  return "not a file of this folder";
}

std::string judge(const Unit& unit, const SourceFile& file, const fs::path& root, const Include& include) {
  if (!include.angled) return judge_ours(unit, file, root, include);
  if (include.name.starts_with("patella/"))
    return unit.folder == "plugins/sdk" || holds(unit.ours, "patella") ? "" : "allowed of ours here: " + list(unit.ours);
  if (const auto library = library_of(include.name))
    return holds(unit.libraries, *library) ? "" : "allowed libraries here: " + list(unit.libraries);
  return judge_system(unit, file, include.name);
}

template <class Each>
void each_include(const fs::path& root, Each&& each) {
  for (const SourceFile& file : read_tree(root, {"plugins", "devices", "kiosk"}, {".cpp", ".hpp", ".c", ".h"})) {
    if (file.path.ends_with("_test.cpp")) continue;
    for (const Include& include : includes_of(file)) each(file, include);
  }
}

}  // namespace

std::vector<std::string> broken_includes(const fs::path& root) {
  std::vector<std::string> broken;
  each_include(root, [&](const SourceFile& file, const Include& include) {
    const Unit* unit = unit_of(file.path);
    const std::string why = unit ? judge(*unit, file, root, include) : "a folder that the law does not know";
    if (!why.empty()) broken.push_back(file.path + ":" + std::to_string(include.line) + ": " + include.name + ": " + why);
  });
  return broken;
}

std::size_t judged_includes(const fs::path& root) {
  std::size_t count = 0;
  each_include(root, [&](const SourceFile&, const Include&) { ++count; });
  return count;
}

}  // namespace patella::boundaries
