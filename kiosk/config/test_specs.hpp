// For tests: plugins as config sees them, and a folder of files that a test may spoil.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patella::config::test {

params::PluginSpecs modules();
params::PluginSpecs drivers();

/// A folder of its own under the system's temporary folder; gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view content) const;
  std::string read(const std::string& name) const;
  Config load() const { return config::load(path_, modules(), drivers()); }

 private:
  std::filesystem::path path_;
};

/// A small configuration without any fault: two stations (curl, ride), three exercises, one figure, two
/// clients.
void write_good_files(const Folder& folder);

/// All diagnostics, one a line.
std::string all_text(const Config& config);

std::vector<std::string> station_ids(const Config& config);

/// The value of a parameter (row -1: a scalar), NaN when there is none.

}  // namespace patella::config::test
