// Loads a plugin and checks its tables. Never unloads it.
#pragma once

#include <patella/device.h>
#include <patella/exercise.h>

#include <filesystem>

#include "base/result.hpp"
#include "tables/tables.hpp"

namespace patella::host {

/// Tables in the present form, whatever minor version the plugin was built with.
struct Library {
  tables::Tables tables;  ///< keeps what the others point to
  patella_plugin_entry entry{};
  bool is_driver = false;
  patella_device device{};      ///< drivers
  patella_exercise exercise{};  ///< exercise modules
};

/// dlopen (RTLD_NOW | RTLD_LOCAL), entry table, ABI, exactly one of the two interfaces, all functions there.
Result<Library> load_library(const std::filesystem::path& file);

}  // namespace patella::host
