// A plugin's tables in the present form, whatever minor version of the SDK it was built with: elements of arrays are as large as
// the plugin made them, and what SDK 1.0 said by the spelling of a key is said by flags. Nobody else knows those spellings.
#pragma once

#include <patella/device.h>
#include <patella/exercise.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>

namespace patella::tables {

/// No table of a plugin has more entries, nor may a list have more cells.
inline constexpr uint32_t kMaxEntries = 1024;

/// Bytes of a table in version 1.0: a shorter one is no table.
template <class T>
inline constexpr std::size_t kSizeIn10 = sizeof(T);
template <>
inline constexpr std::size_t kSizeIn10<patella_param> = offsetof(patella_param, flags);
template <>
inline constexpr std::size_t kSizeIn10<patella_channel> = offsetof(patella_channel, decimals);
template <>
inline constexpr std::size_t kSizeIn10<patella_wanted_channel> = offsetof(patella_wanted_channel, label);
template <>
inline constexpr std::size_t kSizeIn10<patella_exercise> = offsetof(patella_exercise, metrics);

/// Whether a table is there and at least that of version 1.0.
template <class T>
bool whole(const T* table) {
  return table && table->size >= kSizeIn10<T> && table->size < (1u << 16);
}

/// Table `index` of an array of tables. A member that the plugin does not have reads as 0 or NULL.
template <class T>
T table_at(const T* array, uint32_t index) {
  T table{};
  const std::size_t stride = std::max<std::size_t>(array->size, 1);
  const char* at = reinterpret_cast<const char*>(array) + stride * index;
  std::memcpy(static_cast<void*>(&table), at, std::min(stride, sizeof(T)));
  return table;
}

/// Copies of all tables. An array that is missing or implausibly long stays as the plugin has it, for the caller to refuse.
class Tables {
 public:
  Tables() = default;
  /// `entry` and its interface (one of the two, the other null) are whole(); they live as long as the process.
  Tables(const patella_plugin_entry& entry, const patella_device* device, const patella_exercise* exercise);

  const patella_plugin_entry& entry() const { return entry_; }
  bool is_driver() const { return is_driver_; }
  const patella_device& device() const { return device_; }        ///< of drivers
  const patella_exercise& exercise() const { return exercise_; }  ///< of exercise modules
  /// Whether describe_dose() says anything: of modules that describe theirs, and of those of 1.0, which could not yet.
  bool describes_dose() const;
  /// What the client is to do with these values, one message a line; "" when nothing is known.
  std::string describe_dose(std::span<const patella_value> values) const;

 private:
  struct Storage;
  std::shared_ptr<Storage> storage_;
  patella_plugin_entry entry_{};
  patella_device device_{};
  patella_exercise exercise_{};
  bool is_driver_ = false, is_of_1_0_ = false;
};

}  // namespace patella::tables
