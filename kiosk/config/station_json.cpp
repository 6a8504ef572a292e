#include <patella/plugin.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/entries.hpp"

namespace patella::config {

namespace {

using nlohmann::json;  // its objects are sorted by key

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53: up to here a double is an exact whole number

json number_json(double value) {
  const bool whole = std::floor(value) == value && std::abs(value) <= kLargestWhole;
  return whole ? json(static_cast<int64_t>(value)) : json(value);
}

/// A secret of the site stays out of the session log, and of all that is made of it (see plugin.h).
bool is_secret(const ParamSpec& spec) { return spec.type == PATELLA_PARAM_TEXT && spec.key.ends_with("_key"); }

json value_json(const ParamSpec& spec, const ParamValue& value) {
  if (is_secret(spec)) return value.text && !value.text->empty() ? "(set)" : "";
  if (value.text) return *value.text;
  if (spec.type == PATELLA_PARAM_BOOL) return value.number != 0;
  const auto index = static_cast<std::size_t>(std::max(0.0, value.number));
  if (spec.type == PATELLA_PARAM_CHOICE && index < spec.choices.size()) return spec.choices[index];
  return number_json(value.number);
}

json rows_json(const ParamSpec& list, const std::vector<ParamValue>& values) {
  json rows = json::array();
  for (const ParamSpec& column : list.columns) {
    for (const ParamValue& value : values) {
      if (value.row < 0 || value.key != list.key + '.' + column.key) continue;
      rows[static_cast<std::size_t>(value.row)][column.key] = value_json(column, value);
    }
  }
  return rows;
}

json params_json(const std::vector<ParamSpec>& specs, const std::vector<ParamValue>& values) {
  json object = json::object();
  for (const ParamSpec& spec : specs) {
    if (spec.type == PATELLA_PARAM_ROWS) {
      object[spec.key] = rows_json(spec, values);
      continue;
    }
    for (const ParamValue& value : values)
      if (value.row < 0 && value.key == spec.key) object[spec.key] = value_json(spec, value);
  }
  return object;
}

json binding_json(const Binding& binding, const std::vector<DriverSpec>& drivers) {
  json object = {{"channel", binding.channel},
                 {"driver", binding.driver},
                 {"device_channel", binding.device_channel},
                 {"serial", binding.serial},
                 {"port", binding.port}};
  for (const DriverSpec& driver : drivers) {
    if (driver.plugin != binding.driver) continue;
    object["driver_id"] = driver.id;
    object["driver_version"] = driver.version;
    object["params"] = params_json(driver.params, binding.driver_params);
  }
  return object;
}

}  // namespace

std::string station_json(const Station& station, const ModuleSpec& module,
                         const std::vector<DriverSpec>& drivers) {
  json bindings = json::array();
  for (const Binding& binding : station.bindings) bindings.push_back(binding_json(binding, drivers));
  const Exercise& exercise = station.exercise;
  json on_yes = json::object();
  for (const auto& [question, does] : station.rules.on_yes) on_yes[question] = id_of(does);
  json whole = {{"id", station.id},
                      {"title", station.title},
                      {"subtitle", station.subtitle},
                      {"set_by", station.set_by},
                      {"exercise",
                       {{"id", exercise.id},
                        {"name", exercise.name},
                        {"steps", exercise.steps},
                        {"watch_for", exercise.watch_for},
                        {"icon", exercise.icon},
                        {"figure", exercise.figure}}},
                      {"module", {{"plugin", module.plugin}, {"id", module.id}, {"version", module.version}}},
                      {"params", params_json(module.params, exercise.params)},
                      {"bindings", std::move(bindings)},
                      {"rules",
                       {{"lost_after_s", number_json(station.rules.lost_after_s)},
                        {"pause_on_loss", station.rules.pause_on_loss},
                        {"pain_tell_staff_from", station.rules.pain_tell_staff_from},
                        {"pain_blocks_start", station.rules.pain_blocks_start},
                        {"on_yes", std::move(on_yes)}}}};
  if (station.rules.presence_ask_s > 0) whole["rules"]["presence_ask_s"] = number_json(station.rules.presence_ask_s);
  if (station.set_by_physio) whole["set_by_physio"] = true;  // the house's numbers keep the revision they have
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace patella::config
