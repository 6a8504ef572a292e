#include "library.hpp"

#include <dlfcn.h>

#include <fmt/format.h>

namespace patella::host {
namespace {

constexpr const char* kRebuild = "Build the plugin again with the SDK of this version";

Error wrong(const std::filesystem::path& file, std::string what, const char* remedy = kRebuild) {
  return {std::move(what), file.string(), remedy};
}

using tables::whole;

const char* missing_function(const patella_device& d) {
  return !d.create         ? "create"
         : !d.connected    ? "connected"
         : !d.received     ? "received"
         : !d.tick         ? "tick"
         : !d.disconnected ? "disconnected"
         : !d.destroy      ? "destroy"
                           : nullptr;
}

const char* missing_function(const patella_exercise& e) {
  return !e.create       ? "create"
         : !e.on_samples ? "on_samples"
         : !e.on_tick    ? "on_tick"
         : !e.on_action  ? "on_action"
         : !e.on_gap     ? "on_gap"
         : !e.fill_view  ? "fill_view"
         : !e.destroy    ? "destroy"
                         : nullptr;
}

template <class T>
Status check_interface(const std::filesystem::path& file, const T* table, uint32_t most_channels, const char* id) {
  if (!whole(table)) return wrong(file, fmt::format("The table {} is shorter than that of version 1.0", id));
  if (const char* name = missing_function(*table)) return wrong(file, fmt::format("The table {} has no function {}", id, name));
  if (table->channel_count > most_channels)
    return wrong(file, fmt::format("The plugin has {} channels; at most {} are possible", table->channel_count, most_channels));
  if (table->channel_count > 0 && !whole(table->channels)) return wrong(file, "The table of channels is missing or too short");
  return {};
}

}  // namespace

Result<Library> load_library(const std::filesystem::path& file) {
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return wrong(file, fmt::format("It cannot be loaded: {}", dlerror()), "Install the plugin and what it needs again");
  const auto* entry = static_cast<const patella_plugin_entry*>(dlsym(handle, PATELLA_ENTRY_SYMBOL));
  if (!entry)
    return wrong(file, "It does not export " PATELLA_ENTRY_SYMBOL ", so it is no plugin", "Give the library of a plugin");
  if (entry->size < offsetof(patella_plugin_entry, id)) return wrong(file, "Its entry table is too short");
  if (entry->abi_major != PATELLA_ABI_MAJOR)
    return wrong(file, fmt::format("It speaks version {} of the plugin interface; this is version {}", entry->abi_major,
                                   PATELLA_ABI_MAJOR));
  if (!whole(entry)) return wrong(file, "Its entry table is too short");
  if (!entry->id || !entry->name || !entry->version || !entry->get_interface)
    return wrong(file, "Its entry table lacks the id, the name, the version or get_interface");
  if (entry->param_count > 0 && !whole(entry->params)) return wrong(file, "The table of parameters is missing or too short");

  Library library;
  const auto* device = static_cast<const patella_device*>(entry->get_interface(PATELLA_DEVICE_INTERFACE));
  const auto* exercise = static_cast<const patella_exercise*>(entry->get_interface(PATELLA_EXERCISE_INTERFACE));
  if (!device == !exercise)
    return wrong(file, "It must be a driver (" PATELLA_DEVICE_INTERFACE ") or an exercise module (" PATELLA_EXERCISE_INTERFACE
                       "), and not both");
  library.is_driver = device != nullptr;
  const Status checked = device ? check_interface(file, device, PATELLA_MAX_CHANNELS, PATELLA_DEVICE_INTERFACE)
                                : check_interface(file, exercise, PATELLA_MAX_WANTED_CHANNELS, PATELLA_EXERCISE_INTERFACE);
  if (!checked) return checked.error();
  library.tables = tables::Tables(*entry, device, exercise);
  library.entry = library.tables.entry();
  library.device = library.tables.device();
  library.exercise = library.tables.exercise();
  return library;
}

}  // namespace patella::host
