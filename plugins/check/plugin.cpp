#include "plugin.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string_view>

namespace patella::check {
namespace {

const char* kept_key(const std::string& key) {
  static std::deque<std::string> keys;  // a key must outlive the call that hands it over, and deques do not move
  const auto known = std::find(keys.begin(), keys.end(), key);
  return known != keys.end() ? known->c_str() : keys.emplace_back(key).c_str();
}

double at(const patella_param& param, Corner corner) {
  if (corner == Corner::lowest) return param.min;
  if (corner == Corner::highest) return param.type == PATELLA_PARAM_CHOICE ? param.choice_count - 1.0 : param.max;
  return param.default_value;
}

std::string text_at(const patella_param& column, Corner corner) {
  if (corner == Corner::lowest) return "";
  if (corner == Corner::highest) return std::string(static_cast<std::size_t>(std::clamp(column.max, 0.0, 4096.0)), 'W');
  return "text";
}

void add_rows(Values& values, const patella_param& param, Corner corner) {
  if (corner == Corner::preset) {
    values.insert(values.end(), param.default_rows, param.default_rows + param.default_row_value_count);
    return;
  }
  const int rows = static_cast<int>(std::clamp(corner == Corner::lowest ? param.min : param.max, 0.0, 1000.0));
  for (int row = 0; row < rows; ++row)
    for (uint32_t c = 0; c < param.column_count; ++c) {
      const patella_param& column = param.columns[c];
      const bool text = column.type == PATELLA_PARAM_TEXT;
      values.push_back({kept_key(fmt::format("{}.{}", param.key, column.key)), row, text ? 0 : at(column, corner),
                        text ? kept_key(text_at(column, corner)) : nullptr});
    }
}

void add_values(Values& values, const patella_param& param, Corner corner) {
  if (param.type == PATELLA_PARAM_ROWS) return add_rows(values, param, corner);
  if (param.type == PATELLA_PARAM_TEXT)
    return values.push_back({param.key, -1, 0, corner == Corner::preset ? "" : kept_key(text_at(param, corner))});
  values.push_back({param.key, -1, at(param, corner), nullptr});
}

Status too_small(const char* table, uint32_t size, std::size_t wanted) {
  return Error{fmt::format("{} says size {}, that of abi {}.0 is {}", table, size, PATELLA_ABI_MAJOR, wanted), "",
               "Set size to sizeof the table"};
}

}  // namespace

Result<Plugin> load(const std::filesystem::path& file, Pulse& pulse) {
  Plugin plugin;
  plugin.path = std::filesystem::absolute(file);
  plugin.pulse = &pulse;
  pulse.enter("dlopen");
  void* library = dlopen(plugin.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* why = dlerror();
    return Error{why ? why : "the library does not load", "", "Link everything the plugin needs"};
  }
  plugin.entry = static_cast<const patella_plugin_entry*>(dlsym(library, PATELLA_ENTRY_SYMBOL));
  if (!plugin.entry) return Error{"no symbol patella_entry", "", "Define it with PATELLA_DRIVER, PATELLA_EXERCISE or by hand"};
  return plugin;
}

Status find_interfaces(Plugin& plugin) {
  if (plugin.tables) return {};
  const patella_plugin_entry& entry = *plugin.entry;
  if (entry.abi_major != PATELLA_ABI_MAJOR)
    return Error{fmt::format("abi {}.{}, this is {}.{}", entry.abi_major, entry.abi_minor, PATELLA_ABI_MAJOR, PATELLA_ABI_MINOR),
                 "", "Build with the SDK of the kiosk"};
  if (!tables::whole(&entry)) return too_small("patella_plugin_entry", entry.size, tables::kSizeIn10<patella_plugin_entry>);
  if (!entry.get_interface) return Error{"get_interface is NULL", "", ""};
  if (entry.param_count > 0 && !entry.params) return Error{"params is NULL", "", ""};
  plugin.pulse->enter("get_interface");
  plugin.device = static_cast<const patella_device*>(entry.get_interface(PATELLA_DEVICE_INTERFACE));
  plugin.exercise = static_cast<const patella_exercise*>(entry.get_interface(PATELLA_EXERCISE_INTERFACE));
  if (!plugin.device && !plugin.exercise)
    return Error{"has neither patella.device/1 nor patella.exercise/1", "", "get_interface must answer one of them"};
  if (plugin.device && plugin.exercise) return Error{"is a driver and a module at once", "", "Make it two plugins"};
  if (plugin.device) {
    const patella_device& d = *plugin.device;
    if (!tables::whole(&d)) return too_small("patella_device", d.size, tables::kSizeIn10<patella_device>);
    if (!d.create || !d.connected || !d.received || !d.tick || !d.disconnected || !d.destroy)
      return Error{"a function of patella_device is NULL that must be there", "", ""};
    if (!d.channels || d.channel_count == 0) return Error{"a driver without channels", "", ""};
    if (!d.matches || d.match_count == 0) return Error{"a driver that matches no device", "", ""};
    plugin.tables = std::make_shared<const tables::Tables>(entry, &d, nullptr);
    plugin.entry = &plugin.tables->entry();
    plugin.device = &plugin.tables->device();
    return {};
  }
  const patella_exercise& e = *plugin.exercise;
  if (!tables::whole(&e)) return too_small("patella_exercise", e.size, tables::kSizeIn10<patella_exercise>);
  if (!e.create || !e.on_samples || !e.on_tick || !e.on_action || !e.on_gap || !e.fill_view || !e.destroy)
    return Error{"a function of patella_exercise is NULL that must be there", "", ""};
  if (e.channel_count > PATELLA_MAX_WANTED_CHANNELS)
    return Error{fmt::format("{} channels, at most {}", e.channel_count, PATELLA_MAX_WANTED_CHANNELS), "", ""};
  if (e.channel_count > 0 && !e.channels) return Error{"channels is NULL", "", ""};
  plugin.tables = std::make_shared<const tables::Tables>(entry, nullptr, &e);
  plugin.entry = &plugin.tables->entry();
  plugin.exercise = &plugin.tables->exercise();
  return {};
}

Values values_of(const Plugin& plugin, Corner corner) {
  Values values;
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i) add_values(values, plugin.entry->params[i], corner);
  return values;
}

Values values_with(const Plugin& plugin, uint32_t param, Corner corner) {
  Values values;
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i)
    add_values(values, plugin.entry->params[i], i == param ? corner : Corner::preset);
  return values;
}

double typical(const Plugin& plugin, const char* unit, double fallback) {
  double largest = 0;
  const auto consider = [&](const patella_param& param, double value) {
    if (param.unit && std::string_view(param.unit) == unit) largest = std::max(largest, value);
  };
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i) {
    const patella_param& param = plugin.entry->params[i];
    consider(param, param.default_value);
    for (uint32_t c = 0; c < param.column_count; ++c) {
      const std::string key = fmt::format("{}.{}", param.key, param.columns[c].key);
      for (uint32_t v = 0; v < param.default_row_value_count; ++v)
        if (key == param.default_rows[v].key) consider(param.columns[c], param.default_rows[v].number);
    }
  }
  return largest > 0 ? largest : fallback;
}

void judge_message(const char* text, std::size_t room, const std::string& what, Findings& findings) {
  if (!is_text(text, room, true)) return findings.fault(what + " is not UTF-8 that ends in NUL");
  if (const std::string fault = rules::message_fault(text); !fault.empty())
    findings.hint(what + " is shown with its braces: " + fault);
}

std::string shown(const char* text) {
  if (!text) return "NULL";
  std::string line(text, strnlen(text, 40));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  return "\"" + line + "\"";
}

}  // namespace patella::check
