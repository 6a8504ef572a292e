// plugin.toml: what a plugin says of itself, judged without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/usb_match.hpp"

namespace patella::plugin_link {

/// How often a channel has to give a value: [exercise] needs.
struct ManifestNeed {
  std::string channel;  ///< the module's key
  double rate_hz = 0;
  std::string what;    ///< words: "counting repetitions"
  std::string figure;  ///< key of the figure that is left out below that rate; "" = nothing is counted below it
};

/// Which parameter takes the number of a wireless sensor of that kind: [device] sensors.
struct ManifestSensor {
  int kind = 0;       ///< 0…65535; what is heard is told as kind × 65536 + number
  std::string param;  ///< key of a whole number: the sensor's number, 0 = the first one heard, -1 = none
};

struct Manifest {
  std::string folder;  ///< name of its folder: "concept2_pm5"
  std::filesystem::path library;
  std::string id, name, version;
  enum class Kind { driver = 1, exercise = 2 } kind = Kind::driver;
  int abi_major = 0, abi_minor = 0;
  std::string transport;  ///< drivers: "hid", "bulk", "serial"
  std::vector<UsbMatch> matches;
  std::vector<ManifestSensor> sensors;  ///< drivers of wireless sensors, each kind once; empty for the others
  std::vector<ManifestNeed> needs;      ///< exercises
};

struct FoundPlugins {
  std::vector<Manifest> plugins;  ///< by folder name
  std::vector<Error> problems;    ///< each names the file and says what to do; the others stay usable
};

/// Reads every <folder>/plugin.toml below the given folders. One that another user could have changed, or whose library
/// could be, is a problem and not read (trusted_file.hpp).
FoundPlugins find_plugins(const std::vector<std::filesystem::path>& folders);

}  // namespace patella::plugin_link
