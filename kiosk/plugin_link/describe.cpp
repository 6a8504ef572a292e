#include <patella/plugin.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "params/json.hpp"
#include "plugin_link/answer_cache.hpp"
#include "plugin_link/host_process.hpp"
#include "plugin_link/links.hpp"
#include "plugin_link/plugin_info.hpp"

namespace patella::plugin_link {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxEntries = 1024;        // of a table; the host keeps to it, what a plugin prints itself need not
constexpr std::size_t kMaxDefaultCells = 65536;  // rows × columns: each is made

// The child prints what a plugin holds, so nothing is taken for granted: a wrong type reads as empty.
std::string text_of(const json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}
double number_of(const json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_number() ? it->get<double>() : 0.0;
}
int whole_of(const json& j, const char* key) {
  const double number = number_of(j, key);
  return std::fabs(number) < 1e9 ? static_cast<int>(number) : 0;
}
bool flag_of(const json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_boolean() && it->get<bool>();
}
const json& list_of(const json& j, const char* key) {
  static const json empty = json::array();
  const auto it = j.find(key);
  return it != j.end() && it->is_array() ? *it : empty;
}

/// A sentence when the library cannot do what [device] sensors says of it; "" when it can.
std::string faults_of_sensors(const PluginInfo& info) {
  for (const ManifestSensor& sensor : info.manifest.sensors)
    if (std::none_of(info.params.begin(), info.params.end(),
                     [&](const auto& p) { return p.key == sensor.param && p.type == PATELLA_PARAM_INT; }))
      return fmt::format(
          "plugin.toml puts the number of a sensor into \"{}\", which is no whole number among the "
          "driver's parameters",
          sensor.param);
  for (const char* needed : {"sensor_heard", "sensor_moving"})
    if (!info.manifest.sensors.empty() &&
        std::none_of(info.channels.begin(), info.channels.end(), [&](const auto& c) { return c.key == needed; }))
      return fmt::format("plugin.toml names sensors, but the driver has no channel \"{}\"", needed);
  return "";
}

/// A sentence when a list's columns or default rows cannot be worked with; "" when they can.
std::string invalid_list(const params::Spec& param) {
  if (param.columns.size() > kMaxEntries || param.choices.size() > kMaxEntries || param.default_rows.size() > kMaxEntries)
    return fmt::format("The parameter {} is implausibly large", param.key);
  for (const params::Value& cell : param.default_rows)
    if (cell.row < 0 || cell.row >= param.max ||
        static_cast<std::size_t>(cell.row) >= kMaxDefaultCells / std::max<std::size_t>(1, param.columns.size()))
      return fmt::format("The parameter {} has a default row {}, which is not one of its rows", param.key, cell.row);
  return "";
}

/// A sentence when the tables cannot be worked with; "" when they can.
std::string senseless(const PluginInfo& info, bool driver) {
  for (const params::Spec& param : info.params)
    if (param.type < PATELLA_PARAM_INT || param.type > PATELLA_PARAM_ROWS || param.min > param.max)
      return fmt::format("The parameter {} has a type or limits that make no sense", param.key);
  if (info.params.size() > kMaxEntries || info.channels.size() > kMaxEntries || info.metrics.size() > kMaxEntries ||
      info.reasons.size() > kMaxEntries)
    return "Its tables are implausibly large";
  for (const params::Spec& param : info.params)
    if (const std::string invalid = invalid_list(param); !invalid.empty()) return invalid;
  for (const params::ChannelSpec& channel : info.channels) {
    if (channel.key.empty()) return "A channel has no key";
    if (driver && !(channel.min < channel.max && channel.stale_after_s > 0))
      return fmt::format("The channel {} has a range or an age limit that makes no sense", channel.key);
  }
  for (const params::MetricSpec& metric : info.metrics)
    if (metric.key.empty()) return "A figure has no key";
  for (const params::ReasonSpec& reason : info.reasons)
    if (reason.id.empty()) return "A reason has no id";
  for (const ManifestNeed& need : info.manifest.needs)
    if (std::none_of(info.channels.begin(), info.channels.end(), [&](const auto& c) { return c.key == need.channel; }))
      return fmt::format("plugin.toml needs a rate of the channel \"{}\", which the exercise does not have", need.channel);
  if (driver && info.channels.empty()) return "A driver without channels measures nothing";
  return faults_of_sensors(info);
}

std::string transport_word(int transport) { return transport == 1 ? "hid" : transport == 2 ? "bulk" : "serial"; }

/// What plugin.toml says otherwise than the library; "" when they agree.
std::string difference(const Manifest& manifest, const json& j) {
  const auto differs = [](const char* key, const std::string& toml, const std::string& library) {
    return fmt::format("plugin.toml says {} = \"{}\", the library says \"{}\"", key, toml, library);
  };
  const std::string kind = manifest.kind == Manifest::Kind::driver ? "driver" : "exercise";
  if (text_of(j, "kind") != kind) return differs("kind", kind, text_of(j, "kind"));
  if (text_of(j, "id") != manifest.id) return differs("id", manifest.id, text_of(j, "id"));
  if (text_of(j, "version") != manifest.version) return differs("version", manifest.version, text_of(j, "version"));
  if (whole_of(j, "abi_major") != manifest.abi_major || whole_of(j, "abi_minor") != manifest.abi_minor)
    return differs("abi", fmt::format("{}.{}", manifest.abi_major, manifest.abi_minor),
                   fmt::format("{}.{}", whole_of(j, "abi_major"), whole_of(j, "abi_minor")));
  const std::string transport = transport_word(whole_of(j, "transport"));
  if (kind == "driver" && manifest.transport != "none" && manifest.transport != transport)
    return differs("transport", manifest.transport, transport);
  return "";
}

PluginInfo info_of(const Manifest& manifest, const json& j) {
  PluginInfo info;
  info.manifest = manifest;
  info.folder = manifest.folder;
  info.id = text_of(j, "id");
  info.name = text_of(j, "name");
  info.version = text_of(j, "version");
  for (const json& param : list_of(j, "params")) info.params.push_back(params::spec_from_json(param));
  for (const json& channel : list_of(j, "channels")) info.channels.push_back(params::channel_from_json(channel));
  for (const json& metric : list_of(j, "metrics")) info.metrics.push_back(params::metric_from_json(metric));
  for (const json& reason : list_of(j, "reasons")) info.reasons.push_back(params::reason_from_json(reason));
  info.describes_dose = flag_of(j, "describes_dose");
  if (const auto serial = j.find("serial"); serial != j.end() && serial->is_object())
    info.serial = {static_cast<uint32_t>(std::max(0, whole_of(*serial, "baud"))), whole_of(*serial, "data_bits"),
                   whole_of(*serial, "parity"), whole_of(*serial, "stop_bits"), flag_of(*serial, "dtr")};
  return info;
}

/// The tables, when they can be worked with and are what plugin.toml says.
Result<PluginInfo> judged(const Manifest& manifest, const json& j) {
  const std::string where = manifest.library.string();
  if (!j.is_object())
    return Error{"It printed something else than its tables", where, "The plugin is not used; tell who made it"};
  const std::string other = difference(manifest, j);
  if (!other.empty()) return Error{other, where, "Install library and plugin.toml from one source"};
  PluginInfo info = info_of(manifest, j);
  const std::string sense = senseless(info, manifest.kind == Manifest::Kind::driver);
  if (!sense.empty()) return Error{sense, where, "The plugin is not used; tell who made it"};
  return info;
}

std::vector<std::string> dose_lines(const json& dose) {
  std::vector<std::string> lines;
  const std::string text = dose.is_string() ? dose.get<std::string>() : std::string();
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end > from) lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

/// What `judge` makes of the answer that is kept, when it finds no fault in it; else of what a child prints now.
template <class T, class Judge>
Result<T> ask(const HostOptions& options, const AnswerCache::Question& question, AnswerCache* cache, const char* remedy,
              const Judge& judge) {
  const std::string mark = cache ? cache->mark_of(question.library) : "";
  if (const auto kept = cache ? cache->find(question, mark) : std::nullopt)
    if (Result<T> known = judge(json::parse(*kept, nullptr, false))) return known;
  const std::string where = question.library.string();
  const Result<std::string> printed = run_host(options, {question.option, where}, question.input);
  if (!printed) return Error{printed.error().what, where, remedy};
  Result<T> told = judge(json::parse(*printed, nullptr, false));
  if (told && cache) cache->keep(question, mark, *printed);
  return told;
}

}  // namespace

Result<PluginInfo> describe(const std::filesystem::path& host_program, const Manifest& manifest, AnswerCache* cache) {
  const std::string where = manifest.library.string();
  if (manifest.abi_major != static_cast<int>(PATELLA_ABI_MAJOR))
    return Error{fmt::format("The plugin speaks version {} of the plugin interface; this is version {}", manifest.abi_major,
                             PATELLA_ABI_MAJOR),
                 where, "Get a version of the plugin for this Patella"};
  HostOptions options;
  options.host_program = host_program;
  return ask<PluginInfo>(options, {"--describe", manifest.library, {}}, cache, "The plugin is not used; tell who made it",
                         [&](const json& j) { return judged(manifest, j); });
}

std::vector<Result<PluginInfo>> describe_all(const std::filesystem::path& host_program, const std::vector<Manifest>& manifests,
                                             AnswerCache* cache) {
  // A child dies with the thread that started it; each thread here waits for its own.
  constexpr std::size_t kMaxAtOnce = 64;
  std::vector<Result<PluginInfo>> all(manifests.size(), Error{"It was not described", "", ""});
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < manifests.size(); i = next++) all[i] = describe(host_program, manifests[i], cache);
  };
  std::vector<std::jthread> workers;
  try {
    for (std::size_t i = 1; i < std::min(manifests.size(), kMaxAtOnce); ++i) workers.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads are to be had: those that are there do it.
  }
  work();
  workers.clear();  // joins
  return all;
}

Result<std::vector<std::vector<std::string>>> describe_doses(const std::filesystem::path& host_program, const PluginInfo& module,
                                                             const std::vector<params::Values>& sets, AnswerCache* cache) {
  using Doses = std::vector<std::vector<std::string>>;
  if (!module.describes_dose || sets.empty()) return Doses(sets.size());
  std::string input;
  for (const params::Values& set : sets) input += (input.empty() ? "[" : ",") + params::to_log_json(set);
  HostOptions options;
  options.host_program = host_program;
  const std::filesystem::path& library = module.manifest.library;
  return ask<Doses>(options, {"--dose", library, input + "]"}, cache,
                    "The station shows no numbers before the start; tell who made the plugin",
                    [&](const json& j) -> Result<Doses> {
                      if (!j.is_array() || j.size() != sets.size())
                        return Error{"It printed something else than its doses", library.string(), "Tell who made the plugin"};
                      Doses doses;
                      for (const json& dose : j) doses.push_back(dose_lines(dose));
                      return doses;
                    });
}

Result<std::vector<ConfinementLayer>> confinement_report(const HostOptions& options) {
  const Result<std::string> printed = run_host(options, {"--layers"});
  if (!printed) return printed.error();
  const json j = json::parse(*printed, nullptr, false);
  if (!j.is_array())
    return Error{"The report of the layers cannot be read", options.host_program.string(), "Install Patella again"};
  std::vector<ConfinementLayer> layers;
  for (const json& layer : j) layers.push_back({text_of(layer, "name"), flag_of(layer, "on"), text_of(layer, "text")});
  return layers;
}

}  // namespace patella::plugin_link
