// plugin.toml beside the library: the kiosk judges a plugin by it without loading it, so both must say the same.
#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "base/files.hpp"
#include "cases.hpp"

namespace patella::check {
namespace {

void same(Findings& findings, const toml::table& section, const char* key, const std::string& in_table) {
  const auto value = section[key].value<std::string>();
  if (!value) findings.fault(fmt::format("plugin.toml: {} is missing", key));
  else if (*value != in_table) findings.fault(fmt::format("plugin.toml: {} is \"{}\", the library says \"{}\"", key, *value, in_table));
}

std::string match_text(int64_t vendor, int64_t product, int64_t interface_class, int64_t usage_page) {
  const auto part = [](const char* name, int64_t value) { return value < 0 ? "" : fmt::format(" {} {:#06x}", name, value); };
  return part("vendor", vendor) + part("product", product) + part("class", interface_class) + part("usage page", usage_page);
}

void check_device(const patella_device& device, const toml::table& root, Findings& findings) {
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
}

std::optional<toml::table> parse(const std::string& content, Findings& findings) {
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
  if (plugin.device) check_device(*plugin.device, root, findings);
  findings.note("plugin.toml says the same as the library");
}

}  // namespace patella::check
