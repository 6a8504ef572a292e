#include "plugin_link/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include <toml++/toml.h>

#include "base/files.hpp"
#include "base/toml_depth.hpp"
#include "plugin_link/trusted_file.hpp"

namespace patella::plugin_link {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxManifest = 64u << 10;

/// One file being read: collects problems with file, line and key. Unknown keys are problems too, but not fatal.
class Reader {
 public:
  Reader(const fs::path& file, std::vector<Error>& problems) : file_(file), problems_(problems) {}

  bool failed() const { return failed_; }

  void fail(const toml::source_region& at, const std::string& key, std::string what, std::string remedy) {
    failed_ = true;
    note(at, key, std::move(what), std::move(remedy));
  }

  void note(const toml::source_region& at, const std::string& key, std::string what, std::string remedy) {
    std::string where = file_.string();
    if (at.begin.line > 0) where += fmt::format(", line {}", at.begin.line);
    if (!key.empty()) where += fmt::format(", key {}", key);
    problems_.push_back({std::move(what), std::move(where), std::move(remedy)});
  }

  std::string text(const toml::table& table, const char* section, const char* key, const char* example) {
    const std::string name = fmt::format("{}.{}", section, key);
    const toml::node* node = table.get(key);
    if (!node) {
      fail(table.source(), name, "The key is missing", fmt::format("Add {} = \"{}\"", key, example));
      return {};
    }
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) {
      fail(node->source(), name, "This must be a text that is not empty", fmt::format("Write {} = \"{}\"", key, example));
      return {};
    }
    return *value;
  }

  void warn_unknown(const toml::table& table, const char* section, std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : table) {
      const std::string_view name = std::string_view(key);
      if (std::find(known.begin(), known.end(), name) == known.end())
        note(node.source(), section[0] ? fmt::format("{}.{}", section, name) : std::string(name),
             "This key is not known and has no effect", "Check its spelling, or remove it");
    }
  }

 private:
  fs::path file_;
  std::vector<Error>& problems_;
  bool failed_ = false;
};

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.find('/') == std::string_view::npos && text != "." && text != "..";
}

bool is_reverse_dns(std::string_view text) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; };
  return std::all_of(text.begin(), text.end(), fine) && text.find('.') != std::string_view::npos && text.front() != '.' &&
         text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool read_version(std::string_view text, int& major, int& minor) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto whole = [](std::string_view digits, int& value) {
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return end.ec == std::errc() && end.ptr == digits.data() + digits.size() && value >= 0;
  };
  return whole(text.substr(0, dot), major) && whole(text.substr(dot + 1), minor);
}

void read_plugin(Reader& reader, const toml::table& plugin, const fs::path& folder, Manifest& manifest) {
  reader.warn_unknown(plugin, "plugin", {"id", "name", "version", "kind", "abi", "library"});
  manifest.id = reader.text(plugin, "plugin", "id", "org.example.my_sensor");
  manifest.name = reader.text(plugin, "plugin", "name", "My sensor");
  manifest.version = reader.text(plugin, "plugin", "version", "1.0.0");
  const std::string kind = reader.text(plugin, "plugin", "kind", "driver");
  const std::string abi = reader.text(plugin, "plugin", "abi", "1.0");
  const std::string library = reader.text(plugin, "plugin", "library", "my_sensor.so");
  if (reader.failed()) return;

  const auto at = [&](const char* key) { return plugin.get(key)->source(); };
  if (!is_reverse_dns(manifest.id))
    reader.fail(at("id"), "plugin.id", fmt::format("\"{}\" is not an id in reverse DNS", manifest.id),
                "Write lower case with dots, for example \"org.example.my_sensor\"");
  if (kind != "driver" && kind != "exercise")
    reader.fail(at("kind"), "plugin.kind", fmt::format("\"{}\" is not a kind of plugin", kind),
                "Write \"driver\" or \"exercise\"");
  if (!read_version(abi, manifest.abi_major, manifest.abi_minor))
    reader.fail(at("abi"), "plugin.abi", fmt::format("\"{}\" is not a version", abi), "Write \"1.0\"");
  if (!is_plain_name(library))
    reader.fail(at("library"), "plugin.library", fmt::format("\"{}\" is not a file beside plugin.toml", library),
                "Give the file's name without a folder");
  manifest.kind = kind == "exercise" ? Manifest::Kind::exercise : Manifest::Kind::driver;
  manifest.library = folder / library;
}

std::optional<UsbMatch> read_match(Reader& reader, const toml::node& node) {
  const toml::table* table = node.as_table();
  if (!table) {
    reader.fail(node.source(), "device.matches", "An entry must be a table", "Write { vendor = 0x17a4, product = 0x0002 }");
    return std::nullopt;
  }
  reader.warn_unknown(*table, "device.matches", {"vendor", "product", "interface_class", "usage_page"});
  UsbMatch match;
  const auto field = [&](const char* key, int& into, int64_t highest) {
    const toml::node* given = table->get(key);
    if (!given) return;
    const auto number = given->value_exact<int64_t>();
    if (!number || *number < 0 || *number > highest)
      reader.fail(given->source(), fmt::format("device.matches.{}", key),
                  fmt::format("This must be a whole number from 0 to {:#x}", highest), "Write it as 0x17a4");
    else
      into = static_cast<int>(*number);
  };
  field("vendor", match.vendor, 0xFFFF);
  field("product", match.product, 0xFFFF);
  field("interface_class", match.interface_class, 0xFF);
  field("usage_page", match.usage_page, 0xFFFF);
  if (match.vendor < 0 && match.product < 0 && match.interface_class < 0 && match.usage_page < 0)
    reader.fail(node.source(), "device.matches", "This entry would take every device",
                "Give at least one of vendor, product, interface_class and usage_page");
  return match;
}

void read_sensors(Reader& reader, const toml::table& device, Manifest& manifest) {
  const toml::node* sensors = device.get("sensors");
  if (!sensors) return;
  constexpr const char* kExample = "Write sensors = [ { kind = 121, param = \"speed_cadence\" } ]";
  const toml::array* list = sensors->as_array();
  if (!list) return reader.fail(sensors->source(), "device.sensors", "This must be a list of tables", kExample);
  for (const toml::node& node : *list) {
    const toml::table* entry = node.as_table();
    if (!entry) return reader.fail(node.source(), "device.sensors", "An entry must be a table", kExample);
    reader.warn_unknown(*entry, "device.sensors", {"kind", "param"});
    const toml::node* kind = entry->get("kind");
    const int64_t number = kind ? kind->value_exact<int64_t>().value_or(-1) : -1;
    if (number < 0 || number > 0xFFFF)
      return reader.fail((kind ? *kind : node).source(), "device.sensors.kind", "This must be a whole number from 0 to 65535",
                         kExample);
    ManifestSensor sensor{static_cast<int>(number), reader.text(*entry, "device.sensors", "param", "speed_cadence")};
    const auto same = [&](const ManifestSensor& other) { return other.kind == sensor.kind; };
    if (std::any_of(manifest.sensors.begin(), manifest.sensors.end(), same))
      reader.fail(kind->source(), "device.sensors.kind", fmt::format("The kind {} is named twice", number),
                  "Keep one of the two entries");
    manifest.sensors.push_back(std::move(sensor));
  }
}

void read_device(Reader& reader, const toml::table& device, Manifest& manifest) {
  reader.warn_unknown(device, "device", {"transport", "matches", "sensors"});
  read_sensors(reader, device, manifest);
  manifest.transport = reader.text(device, "device", "transport", "hid");
  // "none" is for drivers that need no device; only a test's switch lets the host run one.
  const bool known = manifest.transport == "hid" || manifest.transport == "bulk" || manifest.transport == "serial" ||
                     manifest.transport == "none";
  if (!manifest.transport.empty() && !known)
    reader.fail(device.get("transport")->source(), "device.transport",
                fmt::format("\"{}\" is not a transport", manifest.transport), "Write \"hid\", \"bulk\" or \"serial\"");
  if (manifest.transport == "none") return;
  const toml::node* matches = device.get("matches");
  const toml::array* list = matches ? matches->as_array() : nullptr;
  if (!list || list->empty()) {
    reader.fail(matches ? matches->source() : device.source(), "device.matches", "It must name at least one device",
                "Write matches = [ { vendor = 0x17a4 } ]");
    return;
  }
  for (const toml::node& node : *list)
    if (const auto match = read_match(reader, node)) manifest.matches.push_back(*match);
}

void read_exercise(Reader& reader, const toml::table& exercise, Manifest& manifest) {
  reader.warn_unknown(exercise, "exercise", {"needs"});
  const toml::node* needs = exercise.get("needs");
  if (!needs) return;
  constexpr const char* kExample = "Write needs = [ { channel = \"force\", rate_hz = 10, what = \"counting repetitions\" } ]";
  const toml::array* list = needs->as_array();
  if (!list) return reader.fail(needs->source(), "exercise.needs", "This must be a list of tables", kExample);
  for (const toml::node& node : *list) {
    const toml::table* entry = node.as_table();
    if (!entry) return reader.fail(node.source(), "exercise.needs", "An entry must be a table", kExample);
    reader.warn_unknown(*entry, "exercise.needs", {"channel", "rate_hz", "what", "figure"});
    ManifestNeed need;
    need.channel = reader.text(*entry, "exercise.needs", "channel", "force");
    need.what = reader.text(*entry, "exercise.needs", "what", Message("counting repetitions").id.c_str());
    if (entry->contains("figure")) need.figure = reader.text(*entry, "exercise.needs", "figure", "rfd_n_per_s");
    need.rate_hz = entry->get("rate_hz") ? entry->get("rate_hz")->value_or(0.0) : 0.0;
    if (!(need.rate_hz > 0 && need.rate_hz <= 20'000))
      reader.fail(entry->source(), "exercise.needs.rate_hz", "This must be a number of values a second, above 0", kExample);
    manifest.needs.push_back(std::move(need));
  }
}

std::optional<Manifest> read_manifest(const fs::path& file, std::vector<Error>& problems) {
  const Result<std::string> content = read_file(file, kMaxManifest);
  if (!content) {
    problems.push_back(content.error());
    return std::nullopt;
  }
  Reader reader(file, problems);
  if (const auto deep = toml_too_deep(*content)) {
    problems.push_back({"This file " + deep->what, fmt::format("{}, line {}", file.string(), deep->line), deep->remedy});
    return std::nullopt;
  }
  toml::table root;
  try {
    root = toml::parse(*content, file.string());
  } catch (const toml::parse_error& error) {
    reader.fail(error.source(), "", fmt::format("This is not TOML: {}", error.description()),
                "Correct the line; docs/plugins.md shows a whole plugin.toml");
    return std::nullopt;
  }
  Manifest manifest;
  manifest.folder = file.parent_path().filename().string();
  reader.warn_unknown(root, "", {"plugin", "device", "exercise"});
  const toml::table* plugin = root.get_as<toml::table>("plugin");
  const toml::table* device = root.get_as<toml::table>("device");
  const toml::table* exercise = root.get_as<toml::table>("exercise");
  if (!plugin) {
    reader.fail({}, "plugin", "The section is missing", "Add [plugin] with id, name, version, kind, abi and library");
    return std::nullopt;
  }
  read_plugin(reader, *plugin, file.parent_path(), manifest);
  if (reader.failed()) return std::nullopt;
  if (manifest.kind == Manifest::Kind::driver) {
    if (device)
      read_device(reader, *device, manifest);
    else
      reader.fail(plugin->source(), "device", "A driver must say which devices it takes",
                  "Add [device] with transport and matches");
    if (exercise) reader.note(exercise->source(), "exercise", "A driver is no exercise; the section has no effect", "Remove it");
  } else if (device) {
    reader.note(device->source(), "device", "An exercise module has no device; the section has no effect", "Remove it");
  }
  if (manifest.kind == Manifest::Kind::exercise && exercise) read_exercise(reader, *exercise, manifest);
  std::error_code ignored;
  if (!reader.failed() && !fs::is_regular_file(manifest.library, ignored))
    reader.fail(plugin->get("library")->source(), "plugin.library", fmt::format("There is no file {}", manifest.library.string()),
                "Install the plugin again");
  if (reader.failed()) return std::nullopt;
  return manifest;
}

/// Nothing is read, and later nothing run, that another user could have put there.
std::optional<Manifest> read_trusted(const fs::path& file, std::vector<Error>& problems) {
  Status trusted = check_trusted(file);
  std::optional<Manifest> manifest = trusted ? read_manifest(file, problems) : std::nullopt;
  if (manifest) trusted = check_trusted(manifest->library);
  if (trusted) return manifest;
  problems.push_back(trusted.error());
  return std::nullopt;
}

std::vector<fs::path> manifests_below(const fs::path& folder, std::vector<Error>& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code ignored;
    const fs::path file = entries->path() / "plugin.toml";
    // What is there and no plain file is told when it is read; most folders without one are no plugins.
    if (fs::exists(fs::symlink_status(file, ignored))) files.push_back(file);
  }
  if (error)
    problems.push_back({fmt::format("The folder of plugins cannot be read: {}", error.message()), folder.string(),
                        "Create it, or name another one with --plugins"});
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

FoundPlugins find_plugins(const std::vector<fs::path>& folders) {
  FoundPlugins found;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : manifests_below(folder, found.problems)) {
      std::optional<Manifest> manifest = read_trusted(file, found.problems);
      if (!manifest) continue;
      const auto same = [&](const Manifest& other) { return other.id == manifest->id; };
      const auto earlier = std::find_if(found.plugins.begin(), found.plugins.end(), same);
      if (earlier != found.plugins.end())
        found.problems.push_back(
            {fmt::format("The id {} is already used by {}", manifest->id, earlier->library.parent_path().string()),
             file.string() + ", key plugin.id", "Remove one of the two; this one is not used"});
      else
        found.plugins.push_back(std::move(*manifest));
    }
  }
  std::sort(found.plugins.begin(), found.plugins.end(), [](const Manifest& a, const Manifest& b) { return a.folder < b.folder; });
  return found;
}

}  // namespace patella::plugin_link
