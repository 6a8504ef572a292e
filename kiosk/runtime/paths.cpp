// Where the program's parts lie: beside it in a build tree, or under an install prefix.
#include <cstdlib>

#include "runtime/assembly.hpp"

namespace patella::runtime {

namespace {
std::filesystem::path program_folder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::filesystem::path state_home() {
  if (const char* state = std::getenv("STATE_DIRECTORY")) return state;  // systemd
  if (const char* state = std::getenv("XDG_STATE_HOME")) return std::filesystem::path(state) / "patella";
  if (const char* home = std::getenv("HOME")) return std::filesystem::path(home) / ".local/state/patella";
  return "/var/lib/patella";
}
}  // namespace

Paths find_paths(const std::string& config, const std::string& state) {
  const std::filesystem::path bin = program_folder();
  const std::filesystem::path prefix = bin.parent_path();
  std::error_code unreadable;  // a folder that this user may not look into is no build tree
  const bool in_build_tree = std::filesystem::exists(prefix / "CMakeCache.txt", unreadable);
  Paths paths;
  paths.config = !config.empty() ? std::filesystem::path(config)
                 : in_build_tree ? std::filesystem::path(PATELLA_SOURCE_CONFIG)
                                 : std::filesystem::path("/etc/patella");
  paths.state = state.empty() ? state_home() : std::filesystem::path(state);
  if (!paths.state.has_filename() && paths.state.has_parent_path())
    paths.state = paths.state.parent_path();  // "…/" is the same folder
  paths.plugins = {in_build_tree ? prefix / "plugins" : prefix / PATELLA_LIBDIR / "patella/plugins"};
  // Explicit test switch: plugins that misbehave, and drivers that need no device.
  if (const char* extra = std::getenv("PATELLA_TEST_PLUGINS")) paths.plugins.emplace_back(extra);
  paths.locale = in_build_tree ? prefix / "locale" : prefix / "share/patella/locale";
  paths.libexec = in_build_tree ? bin : prefix / "libexec/patella";
  return paths;
}

std::string shown_language(const config::Kiosk& kiosk) {
  const char* tried = std::getenv("PATELLA_LANGUAGE");
  return tried ? tried : kiosk.language;
}

}  // namespace patella::runtime
