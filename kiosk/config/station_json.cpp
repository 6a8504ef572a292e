#include <nlohmann/json.hpp>

#include "config/entries.hpp"
#include "params/json.hpp"

namespace patella::config {

namespace {

using nlohmann::json;  // its objects are sorted by key

json binding_json(const Binding& binding, const params::PluginSpecs& drivers) {
  json object = {{"channel", binding.channel},
                 {"driver", binding.driver},
                 {"device_channel", binding.device_channel},
                 {"serial", binding.serial},
                 {"port", binding.port}};
  for (const params::PluginSpec& driver : drivers) {
    if (driver.folder != binding.driver) continue;
    object["driver_id"] = driver.id;
    object["driver_version"] = driver.version;
    object["params"] = params::to_named_json(driver.params, binding.driver_params);
  }
  return object;
}

}  // namespace

std::string station_json(const Station& station, const params::PluginSpec& module, const params::PluginSpecs& drivers) {
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
                {"module", {{"plugin", module.folder}, {"id", module.id}, {"version", module.version}}},
                {"params", params::to_named_json(module.params, exercise.params)},
                {"bindings", std::move(bindings)},
                {"rules",
                 {{"lost_after_s", params::number_json(station.rules.lost_after_s)},
                  {"pause_on_loss", station.rules.pause_on_loss},
                  {"pain_tell_staff_from", station.rules.pain_tell_staff_from},
                  {"pain_blocks_start", station.rules.pain_blocks_start},
                  {"on_yes", std::move(on_yes)}}}};
  if (station.rules.presence_ask_s > 0) whole["rules"]["presence_ask_s"] = params::number_json(station.rules.presence_ask_s);
  if (station.set_by_physio) whole["set_by_physio"] = true;  // the house's numbers keep the revision they have
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace patella::config
