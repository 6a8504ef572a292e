// Loads a plugin and checks its tables. Never unloads it.
#pragma once

#include <patella/device.h>
#include <patella/exercise.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>

#include "base/result.hpp"

namespace patella::host {

/// Tables copied over zeros, so that a member the plugin does not have reads as 0 or NULL.
struct Library {
  patella_plugin_entry entry{};
  bool is_driver = false;
  patella_device device{};      ///< drivers
  patella_exercise exercise{};  ///< exercise modules
};

/// Table `index` of an array of tables, whose elements are as large as the plugin was built with.
template <class T>
T table_at(const T* array, uint32_t index) {
  T table{};
  const std::size_t stride = std::max<std::size_t>(array->size, 1);
  const char* at = reinterpret_cast<const char*>(array) + stride * index;
  std::memcpy(&table, at, std::min(stride, sizeof(T)));
  return table;
}

/// dlopen (RTLD_NOW | RTLD_LOCAL), entry table, ABI, exactly one of the two interfaces, all functions there.
Result<Library> load_library(const std::filesystem::path& file);

}  // namespace patella::host
