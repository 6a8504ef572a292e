// plugin.toml beside the library: the kiosk judges a plugin by it without loading it, so both must say the same.
#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "base/files.hpp"
#include "base/toml_depth.hpp"
#include "cases.hpp"

namespace patella::check {
namespace {

void same(Findings& findings, const toml::table& section, const char* key, const std::string& in_table) {
  const auto value = section[key].value<std::string>();
  if (!value)
    findings.fault(fmt::format("plugin.toml: {} is missing", key));
  else if (*value != in_table)
    findings.fault(fmt::format("plugin.toml: {} is \"{}\", the library says \"{}\"", key, *value, in_table));
}

std::string match_text(int64_t vendor, int64_t product, int64_t interface_class, int64_t usage_page) {
  const auto part = [](const char* name, int64_t value) { return value < 0 ? "" : fmt::format(" {} {:#06x}", name, value); };
  return part("vendor", vendor) + part("product", product) + part("class", interface_class) + part("usage page", usage_page);
}

/// Null when there is none of that key.
const patella_param* param_of(const patella_plugin_entry& entry, std::string_view key) {
  for (uint32_t i = 0; i < entry.param_count; ++i)
    if (entry.params[i].key && key == entry.params[i].key) return &entry.params[i];
  return nullptr;
}

const patella_channel* channel_of(const patella_device& device, std::string_view key) {
  for (uint32_t i = 0; i < device.channel_count; ++i)
    if (device.channels[i].key && key == device.channels[i].key) return &device.channels[i];
  return nullptr;
}

/// The channels can tell every number of that kind.
void check_sensor_channels(const patella_device& device, int64_t kind, Findings& findings) {
  for (const char* key : {"sensor_heard", "sensor_moving"}) {
    const patella_channel* channel = channel_of(device, key);
    if (!channel) {
      findings.fault(fmt::format("plugin.toml: device.sensors needs the channel {}, which the library lacks", key));
    } else if (const double highest = static_cast<double>(kind * 65536 + 65535);
               channel->min > static_cast<double>(kind * 65536 + 1) || channel->max < highest) {
      findings.fault(fmt::format("plugin.toml: device.sensors has the kind {}, but the channel {} does not reach {:.0f}", kind,
                                 key, highest));
    }
  }
}

void check_sensor(const Plugin& plugin, const toml::table& sensor, std::set<int64_t>& kinds, Findings& findings) {
  const int64_t kind = sensor["kind"].value_exact<int64_t>().value_or(-1);
  const std::string key = sensor["param"].value_exact<std::string>().value_or("");
  if (kind < 0 || kind > 0xFFFF) return findings.fault("plugin.toml: device.sensors: kind is no whole number from 0 to 65535");
  if (!kinds.insert(kind).second) findings.fault(fmt::format("plugin.toml: device.sensors has the kind {} twice", kind));
  check_sensor_channels(*plugin.device, kind, findings);
  if (key.empty()) return findings.fault(fmt::format("plugin.toml: device.sensors: the kind {} has no param", kind));
  const patella_param* param = param_of(*plugin.entry, key);
  if (!param || param->type != PATELLA_PARAM_INT)
    findings.fault(fmt::format("plugin.toml: device.sensors: {} is no INT parameter of the library", key));
  else if (param->min > -1 || param->max < 1)
    findings.fault(
        fmt::format("plugin.toml: device.sensors: the parameter {} does not take -1 (none), 0 (the first one "
                    "heard) and numbers",
                    key));
}

void check_sensors(const Plugin& plugin, const toml::table& section, Findings& findings) {
  const toml::node* sensors = section.get("sensors");
  if (!sensors) return;
  const toml::array* list = sensors->as_array();
  if (!list) return findings.fault("plugin.toml: device.sensors is no list of tables");
  std::set<int64_t> kinds;
  for (const toml::node& node : *list) {
    if (const toml::table* sensor = node.as_table())
      check_sensor(plugin, *sensor, kinds, findings);
    else
      findings.fault("plugin.toml: device.sensors is no list of tables");
  }
}

void check_device(const Plugin& plugin, const toml::table& root, Findings& findings) {
  const patella_device& device = *plugin.device;
  const toml::table* section = root["device"].as_table();
  if (!section) return findings.fault("plugin.toml: the section [device] is missing");
  constexpr const char* kTransports[] = {"?", "hid", "bulk", "serial"};
  same(findings, *section, "transport", kTransports[device.transport <= 3 ? device.transport : 0]);

  std::vector<std::string> in_file, in_table;
  if (const toml::array* matches = (*section)["matches"].as_array())
    for (const toml::node& node : *matches) {
      const toml::table* match = node.as_table();
      const auto field = [&](const char* key) { return match ? (*match)[key].value_or(int64_t{-1}) : -1; };
      in_file.push_back(match_text(field("vendor"), field("product"), field("interface_class"), field("usage_page")));
    }
  for (uint32_t i = 0; i < device.match_count; ++i) {
    const patella_match& m = device.matches[i];
    in_table.push_back(match_text(m.vendor, m.product, m.interface_class, m.usage_page));
  }
  for (const std::string& match : in_table)
    if (std::find(in_file.begin(), in_file.end(), match) == in_file.end())
      findings.fault("plugin.toml: device.matches lacks" + match);
  for (const std::string& match : in_file)
    if (std::find(in_table.begin(), in_table.end(), match) == in_table.end())
      findings.fault("plugin.toml: device.matches has more than the library:" + match);
  check_sensors(plugin, *section, findings);
}

std::optional<toml::table> parse(const std::string& content, Findings& findings) {
  if (const auto deep = toml_too_deep(content)) {
    findings.fault(fmt::format("plugin.toml, line {}: {}. {}", deep->line, deep->what, deep->remedy));
    return {};
  }
  try {
    return toml::table(toml::parse(content));
  } catch (const toml::parse_error& error) {
    findings.fault(fmt::format("plugin.toml, line {}: {}", error.source().begin.line, std::string(error.description())));
    return {};
  }
}

}  // namespace

void check_manifest(const Plugin& plugin, const Options& options, Findings& findings) {
  const std::filesystem::path file = std::filesystem::absolute(options.file).parent_path() / "plugin.toml";
  const Result<std::string> content = read_file(file, 64u << 10);
  if (!content) return findings.fault(content.error().text());
  const std::optional<toml::table> parsed = parse(*content, findings);
  if (!parsed) return;
  const toml::table& root = *parsed;
  const toml::table* section = root["plugin"].as_table();
  if (!section) return findings.fault("plugin.toml: the section [plugin] is missing");
  const patella_plugin_entry& entry = *plugin.entry;
  const auto text = [](const char* words) { return std::string(words ? words : ""); };
  same(findings, *section, "id", text(entry.id));
  same(findings, *section, "name", text(entry.name));
  same(findings, *section, "version", text(entry.version));
  same(findings, *section, "kind", plugin.device ? "driver" : "exercise");
  same(findings, *section, "abi", fmt::format("{}.{}", entry.abi_major, entry.abi_minor));
  same(findings, *section, "library", options.file.filename().string());
  if (plugin.device) check_device(plugin, root, findings);
  findings.note("plugin.toml says the same as the library");
}

}  // namespace patella::check
