// One station: stations/<id>.toml.
#include <fmt/format.h>

#include <algorithm>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

constexpr std::size_t kMaxOffers = 64;

using Modules = std::vector<const params::PluginSpec*>;

std::vector<std::string> channels_of(const Modules& modules) {
  std::vector<std::string> known;
  for (const params::PluginSpec* module : modules)
    for (const std::string& key : params::keys(module->channels))
      if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
  return known;
}

/// The driver's channel exists, one of the exercises reads it, and those that do measure in its unit.
void check_channels(const Binding& binding, const Modules& modules, const params::PluginSpec& driver, const Reader& entry,
                    Diagnostics& notes) {
  const auto* offered = params::find(driver.channels, binding.device_channel);
  if (const auto known = channels_of(modules); std::find(known.begin(), known.end(), binding.channel) == known.end())
    notes.error(entry.line("channel"), entry.full_key("channel"),
                modules.size() == 1 ? fmt::format("the exercise module {} reads no channel {}", in_quotes(modules[0]->folder),
                                                  in_quotes(binding.channel))
                                    : fmt::format("none of the exercises here reads a channel {}", in_quotes(binding.channel)),
                did_you_mean(binding.channel, known));
  if (!offered)
    notes.error(entry.line("device_channel"), entry.full_key("device_channel"),
                fmt::format("the driver {} has no channel {}", in_quotes(driver.folder), in_quotes(binding.device_channel)),
                did_you_mean(binding.device_channel, params::keys(driver.channels)));
  for (const params::PluginSpec* module : modules) {
    const auto* wanted = params::find(module->channels, binding.channel);
    if (!wanted || !offered || wanted->unit == offered->unit) continue;
    notes.error(
        entry.line("channel"), entry.full_key("channel"),
        fmt::format("the exercise wants {} and the device measures {}", in_quotes(wanted->unit), in_quotes(offered->unit)),
        "Bind a channel that has the same unit");
    break;
  }
}

/// One device opened once has one set of driver settings.
void check_same_device(const Binding& binding, const Station& station, Reader& entry) {
  for (const Binding& other : station.bindings) {
    if (other.channel == binding.channel)
      entry.notes().error(entry.line("channel"), entry.full_key("channel"), in_quotes(binding.channel) + " is bound twice",
                          "Keep one of the two bindings");
    if (same_device(other, binding) && other.driver_params != binding.driver_params)
      entry.notes().error(entry.line("params"), entry.full_key("params"),
                          fmt::format("differ from those for {} on the same device", in_quotes(other.channel)),
                          "Give every binding of one device the same [bind.params]");
  }
}

/// The value of one parameter, or the cells of one list.
params::Values only(const params::Values& values, const params::Spec& spec) {
  params::Values some;
  for (const params::Value& value : values)
    if (value.key == spec.key || value.key.starts_with(spec.key + '.')) some.push_back(value);
  return some;
}

/// What the edits say of these parameters. `beneath`: them without edits.
GivenParams edited_params(EditLayer& edits, const std::string& station, const std::string& channel, const std::string& driver,
                          const params::Specs& specs, const params::Values& beneath) {
  GivenParams given;
  given.path = channel.empty() ? "params" : fmt::format("bind[{}].params", channel);
  for (const EditEntry& entry : edits.file.entries) {
    if (entry.channel != channel || entry.driver != driver) continue;
    const int line = line_of(*entry.value);
    const params::Spec* spec = params::find(specs, entry.key);
    if (!spec) {
      edits.notes.warning(line, where_of(entry), "is not a parameter of this plugin; it is kept and not used",
                          did_you_mean(entry.key, params::keys(specs)));
      continue;
    }
    auto values = read_value(*spec, *entry.value, where_of(entry), edits.notes);
    if (!values) continue;
    edits.in_force.push_back({station, where_of(entry), value_text(*spec, only(beneath, *spec)), value_text(*spec, *values),
                              entry.over, entry.by, entry.from.empty() ? edits.file.revision : entry.from_revision, entry.from});
    given.by_key[entry.key] = {line, std::move(*values)};
  }
  return given;
}

/// The declared parameters as the layers give them, and the edits over these.
params::Values with_edits(EditLayer* edits, const std::string& station, const std::string& channel, const std::string& driver,
                          const params::Specs& specs, std::vector<const GivenParams*> layers, Diagnostics& notes) {
  params::Values values = in_force(specs, layers);
  const GivenParams* top = layers.back();
  if (!edits) {
    check_pairs(specs, values, *top, notes);
    return values;
  }
  const GivenParams edited = edited_params(*edits, station, channel, driver, specs, values);
  layers.push_back(&edited);
  values = in_force(specs, layers);
  check_pairs(specs, values, edited, edits->notes);
  return values;
}

/// The kiosk's own edits stay, whatever became of what they are of.
void warn_of_lost_bindings(const EditLayer& edits, const Station& station) {
  for (const EditEntry& entry : edits.file.entries) {
    const auto is_it = [&](const Binding& b) { return b.channel == entry.channel && b.driver == entry.driver; };
    if (entry.channel.empty() || std::any_of(station.bindings.begin(), station.bindings.end(), is_it)) continue;
    edits.notes.warning(line_of(*entry.value), where_of(entry),
                        fmt::format("{} binds the driver {} to {} no more; it is kept and not used", station.file,
                                    in_quotes(entry.driver), in_quotes(entry.channel)),
                        fmt::format("Bind it again, or take the edit back with `patella edits {}`", station.id));
  }
}

/// Which of several exercises an edited number is of, the edit does not say.
void warn_of_doses(const EditLayer& edits) {
  for (const EditEntry& entry : edits.file.entries)
    if (entry.channel.empty())
      edits.notes.warning(line_of(*entry.value), where_of(entry),
                          "the station offers several exercises now; it is kept and not used",
                          "Write the number into [doses.<exercise>] of the station's file");
}

void read_binding(Reader& entry, const Modules& modules, const params::PluginSpecs& drivers, const SiteParams& site_params,
                  Station& station, EditLayer* edits) {
  Diagnostics& notes = entry.notes();
  Binding binding;
  binding.channel = entry.id("channel", Need::required);
  binding.driver = entry.id("driver", Need::required);
  binding.device_channel = entry.id("device_channel", Need::optional);
  if (binding.device_channel.empty()) binding.device_channel = binding.channel;
  binding.serial = entry.text("serial", Need::optional, 64);
  binding.port = entry.text("port", Need::optional, 128);
  const toml::table* params = entry.table("params");
  const params::PluginSpec* driver = params::find(drivers, binding.driver);
  if (!driver && !binding.driver.empty())
    notes.error(entry.line("driver"), entry.full_key("driver"),
                fmt::format("the driver {} is not installed", in_quotes(binding.driver)),
                did_you_mean(binding.driver, params::folders(drivers)));
  if (driver) {
    const GivenParams given = read_params(params, entry.full_key("params"), driver->params, notes);
    const auto site = site_params.find(binding.driver);
    const GivenParams nothing, &below = site == site_params.end() ? nothing : site->second;
    binding.driver_params =
        with_edits(edits, station.id, binding.channel, binding.driver, driver->params, {&below, &given}, notes);
  }
  if (driver && !modules.empty() && !binding.channel.empty()) check_channels(binding, modules, *driver, entry, notes);
  check_same_device(binding, station, entry);
  station.bindings.push_back(std::move(binding));
}

void check_required(const Station& station, const params::PluginSpec& module, int line, Diagnostics& notes) {
  for (const params::ChannelSpec& channel : module.channels) {
    if (!channel.required) continue;
    const bool bound =
        std::any_of(station.bindings.begin(), station.bindings.end(), [&](const Binding& b) { return b.channel == channel.key; });
    if (!bound)
      notes.error(line, "bind", fmt::format("nothing is bound to {}, which this exercise needs", in_quotes(channel.key)),
                  fmt::format("Add [[bind]] with channel = \"{}\" and a driver that measures {}", channel.key, channel.unit));
  }
}

/// [rules.on_yes]: what a yes does at this station, by the question's id.
void read_station_answers(const toml::table* table, const std::vector<Question>& questions, StationRules& rules,
                          Diagnostics& notes) {
  if (!table) return;
  Reader reader(*table, "rules.on_yes", notes);
  std::vector<std::string> ids;
  for (const Question& question : questions) {
    ids.push_back(question.id);
    if (table->contains(question.id))
      rules.on_yes.emplace_back(question.id, read_on_yes(reader, question.id.c_str(), question.on_yes));
  }
  for (const auto& [key, node] : *table) {
    const std::string id(key.str());
    if (std::find(ids.begin(), ids.end(), id) == ids.end())
      notes.error(line_of(node), reader.full_key(id), "kiosk.toml has no question " + in_quotes(id), did_you_mean(id, ids));
  }
}

StationRules read_rules(const toml::table* table, const std::vector<Question>& questions, Diagnostics& notes) {
  StationRules rules;
  if (!table) return rules;
  Reader reader(*table, "rules", notes);
  rules.lost_after_s = reader.number("lost_after_s", Need::optional, rules.lost_after_s, 0.1, 60);
  rules.pause_on_loss = reader.flag("pause_on_loss", rules.pause_on_loss);
  rules.pain_tell_staff_from = reader.whole("pain_tell_staff_from", Need::optional, rules.pain_tell_staff_from, 1, 10);
  rules.presence_ask_s = reader.number("presence_ask_s", Need::optional, rules.presence_ask_s, 10, 3600);
  rules.pain_blocks_start = reader.flag("pain_blocks_start", rules.pain_blocks_start);
  read_station_answers(reader.table("on_yes"), questions, rules, notes);
  reader.finish();
  return rules;
}

/// The library's entry of that name, or null with an error told. `key`: where it is named.
const LibraryEntry* find_exercise(const std::string& name, const std::map<std::string, LibraryEntry>& library, int line,
                                  const char* key, Diagnostics& notes) {
  const auto found = library.find(name);
  if (found == library.end()) {
    std::vector<std::string> known;
    for (const auto& [id, entry] : library) known.push_back(id);
    notes.error(line, key, fmt::format("there is no exercise {}", in_quotes(name)), did_you_mean(name, known));
    return nullptr;
  }
  if (!found->second.why_not.empty())
    notes.error(line, key, fmt::format("the exercise {} cannot be used", in_quotes(name)),
                "Correct it first: " + found->second.why_not);
  return &found->second;
}

/// The exercises that the file names: `exercise`, or the list `offers`; and at which key.
struct Named {
  std::vector<std::string> ids;
  const char* key = "exercise";
};
Named named_exercises(Reader& file) {
  const bool several = file.has("offers");
  const std::string one = file.id("exercise", several ? Need::optional : Need::required);
  if (!several) return {one.empty() ? std::vector<std::string>{} : std::vector{one}, "exercise"};
  Named named{file.texts("offers", Need::required, kMaxOffers, 64), "offers"};
  if (const toml::array* list = file.array("offers", Need::optional); list && list->empty())
    file.notes().error(file.line("offers"), "offers", "names no exercise", "Name at least one exercise of the library");
  if (!one.empty()) file.notes().error(file.line("offers"), "offers", "stands beside exercise", "Keep one of the two");
  for (std::size_t i = 0; i < named.ids.size(); ++i) {
    const auto here = named.ids.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(named.ids.begin(), here, *here) != here)
      file.notes().error(file.line("offers"), "offers", in_quotes(*here) + " is named twice", "Name each exercise once");
  }
  return named;
}

/// [doses.<exercise>] of what is not offered here is a mistake.
void check_doses(const toml::table* doses, const std::vector<std::string>& offered, Diagnostics& notes) {
  if (!doses) return;
  for (const auto& [key, node] : *doses) {
    const std::string id(key.str());
    if (std::find(offered.begin(), offered.end(), id) == offered.end())
      notes.error(line_of(node), "doses." + id, "this station does not offer " + in_quotes(id), did_you_mean(id, offered));
    else if (!node.is_table())
      notes.error(line_of(node), "doses." + id, "is " + kind_of(node),
                  fmt::format("Write [doses.{}] and the numbers below it", id));
  }
}

/// What the file sets of one of its exercises: [params] where it is the only one, [doses.<exercise>] where there are several.
struct Doses {
  const toml::table* params = nullptr;
  const toml::table* by_exercise = nullptr;
  std::pair<const toml::table*, std::string> of(const std::string& exercise) const {
    if (!by_exercise) return {params, "params"};
    return {(*by_exercise)[exercise].as_table(), "doses." + exercise};
  }
};

/// One of the exercises of a place, with the devices that it reads.
Station offered_at(const Station& place, const LibraryEntry& entry, const Doses& doses, EditLayer* edits, Diagnostics& notes) {
  Station station = place;
  const params::PluginSpec& module = *entry.module;
  std::erase_if(station.bindings, [&](const Binding& b) { return !params::find(module.channels, b.channel); });
  station.exercise = entry.exercise;
  const auto [table, path] = doses.of(entry.exercise.id);
  const GivenParams given = read_params(table, path, module.params, notes);
  station.exercise.params = with_edits(edits, place.id, "", "", module.params, {&entry.given, &given}, notes);
  return station;
}

}  // namespace

StationFile read_station(const toml::table& table, const std::string& id, const Installed& installed, Diagnostics& notes,
                         EditLayer* edits) {
  StationFile read;
  Station& station = read.place;
  station.file = notes.file();
  Reader file(table, "", notes);
  station.id = file.id("id", Need::required);
  check_id(station.id, id, file.line("id"), notes);
  station.title = file.text("title", Need::required, 32);
  station.subtitle = file.text("subtitle", Need::optional, 48);
  station.set_by = file.text("set_by", Need::optional, 60);
  station.set_by_physio = file.flag("set_by_physio", false);
  const Named named = named_exercises(file);
  const bool several = named.ids.size() > 1 || named.key == std::string_view("offers");
  std::vector<const LibraryEntry*> entries;
  Modules modules;
  for (const std::string& name : named.ids) {
    const LibraryEntry* entry = find_exercise(name, installed.library, file.line(named.key), named.key, notes);
    if (!entry || !entry->module) continue;
    entries.push_back(entry);
    modules.push_back(entry->module);
  }
  file.tables("bind", Need::optional, 8, [&](Reader& binding) {
    read_binding(binding, modules, installed.drivers, installed.driver_params, station, edits);
  });
  if (edits) warn_of_lost_bindings(*edits, station);
  if (edits && several) warn_of_doses(*edits);
  const Doses doses{several ? nullptr : file.table("params"), several ? file.table("doses") : nullptr};
  check_doses(doses.by_exercise, named.ids, notes);
  station.rules = read_rules(file.table("rules"), installed.questions, notes);
  file.finish();

  for (const LibraryEntry* entry : entries) {
    Station offered = offered_at(station, *entry, doses, several ? nullptr : edits, notes);
    check_required(offered, *entry->module, file.line(named.key), notes);
    if (notes.errors() == 0) offered.json = station_json(offered, *entry->module, installed.drivers);
    read.offered.push_back(std::move(offered));
  }
  return read;
}

std::optional<Station> station_without_devices(const Exercise& exercise, const params::PluginSpecs& modules) {
  const params::PluginSpec* module = params::find(modules, exercise.module);
  if (!module) return std::nullopt;
  if (std::any_of(module->channels.begin(), module->channels.end(), [](const auto& channel) { return channel.required; }))
    return std::nullopt;
  Station station;
  station.id = exercise.id;
  station.title = exercise.name;
  station.exercise = exercise;
  station.json = station_json(station, *module, {});
  return station;
}

}  // namespace patella::config
