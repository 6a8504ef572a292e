// One station: stations/<id>.toml.
#include <fmt/format.h>

#include <algorithm>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

/// The driver's channel exists and measures in the module's unit.
void check_channels(const Binding& binding, const params::PluginSpec& module, const params::PluginSpec& driver,
                    const Reader& entry, Diagnostics& notes) {
  const auto* wanted = params::find(module.channels, binding.channel);
  const auto* offered = params::find(driver.channels, binding.device_channel);
  if (!wanted)
    notes.error(entry.line("channel"), entry.full_key("channel"),
                fmt::format("the exercise module {} reads no channel {}", in_quotes(module.folder), in_quotes(binding.channel)),
                did_you_mean(binding.channel, params::keys(module.channels)));
  if (!offered)
    notes.error(entry.line("device_channel"), entry.full_key("device_channel"),
                fmt::format("the driver {} has no channel {}", in_quotes(driver.folder), in_quotes(binding.device_channel)),
                did_you_mean(binding.device_channel, params::keys(driver.channels)));
  if (wanted && offered && wanted->unit != offered->unit)
    notes.error(
        entry.line("channel"), entry.full_key("channel"),
        fmt::format("the exercise wants {} and the device measures {}", in_quotes(wanted->unit), in_quotes(offered->unit)),
        "Bind a channel that has the same unit");
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

void read_binding(Reader& entry, const params::PluginSpec* module, const params::PluginSpecs& drivers,
                  const SiteParams& site_params, Station& station, EditLayer* edits) {
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
  if (driver && module && !binding.channel.empty()) check_channels(binding, *module, *driver, entry, notes);
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

/// The library's entry of that name, or null with an error told.
const LibraryEntry* find_exercise(const std::string& name, const std::map<std::string, LibraryEntry>& library, int line,
                                  Diagnostics& notes) {
  if (name.empty()) return nullptr;
  const auto found = library.find(name);
  if (found == library.end()) {
    std::vector<std::string> known;
    for (const auto& [id, entry] : library) known.push_back(id);
    notes.error(line, "exercise", fmt::format("there is no exercise {}", in_quotes(name)), did_you_mean(name, known));
    return nullptr;
  }
  if (!found->second.why_not.empty())
    notes.error(line, "exercise", fmt::format("the exercise {} cannot be used", in_quotes(name)),
                "Correct it first: " + found->second.why_not);
  return &found->second;
}

}  // namespace

Station read_station(const toml::table& table, const std::string& id, const Installed& installed, Diagnostics& notes,
                     EditLayer* edits) {
  Station station;
  station.file = notes.file();
  Reader file(table, "", notes);
  station.id = file.id("id", Need::required);
  check_id(station.id, id, file.line("id"), notes);
  station.title = file.text("title", Need::required, 32);
  station.subtitle = file.text("subtitle", Need::optional, 48);
  station.set_by = file.text("set_by", Need::optional, 60);
  station.set_by_physio = file.flag("set_by_physio", false);
  const std::string exercise = file.id("exercise", Need::required);
  const LibraryEntry* entry = find_exercise(exercise, installed.library, file.line("exercise"), notes);
  const params::PluginSpec* module = entry ? entry->module : nullptr;
  file.tables("bind", Need::optional, 8, [&](Reader& binding) {
    read_binding(binding, module, installed.drivers, installed.driver_params, station, edits);
  });
  if (edits) warn_of_lost_bindings(*edits, station);
  const toml::table* params = file.table("params");
  station.rules = read_rules(file.table("rules"), installed.questions, notes);
  file.finish();
  if (!module) return station;

  station.exercise = entry->exercise;
  const GivenParams given = read_params(params, "params", module->params, notes);
  station.exercise.params = with_edits(edits, station.id, "", "", module->params, {&entry->given, &given}, notes);
  check_required(station, *module, file.line("exercise"), notes);
  if (notes.errors() == 0) station.json = station_json(station, *module, installed.drivers);
  return station;
}

}  // namespace patella::config
