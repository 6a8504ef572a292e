#include "runtime/assembly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/port_name.hpp"

namespace patella::runtime {

namespace {
session::OnYes on_yes_of(config::OnYes on_yes) {
  switch (on_yes) {
    case config::OnYes::nothing:
      return session::OnYes::nothing;
    case config::OnYes::notice:
      return session::OnYes::notice;
    case config::OnYes::staff_start:
      return session::OnYes::staff_start;
  }
  return session::OnYes::notice;
}

std::size_t index_of(const std::vector<plugin_link::PluginInfo>& plugins, const std::string& folder) {
  const auto at = std::find_if(plugins.begin(), plugins.end(), [&](const auto& p) { return p.folder == folder; });
  return static_cast<std::size_t>(at - plugins.begin());
}

int64_t to_us(double seconds) { return static_cast<int64_t>(seconds * 1e6); }

/// What each module says of the dose of its stations, by the index of the station in the configuration. One child a module.
std::vector<std::vector<Message>> doses_of(Assembly& assembly, const plugin_link::HostOptions& host,
                                           plugin_link::AnswerCache* cache) {
  const auto& stations = assembly.config.stations;
  std::vector<std::vector<Message>> lines(stations.size());
  std::vector<std::string> problems(assembly.modules.size());
  std::vector<std::jthread> asking;  // a child dies with the thread that started it
  for (std::size_t m = 0; m < assembly.modules.size(); ++m)
    asking.emplace_back([&, m] {
      std::vector<params::Values> sets;
      std::vector<std::size_t> whose;
      for (std::size_t i = 0; i < stations.size(); ++i) {
        if (stations[i].exercise.module != assembly.modules[m].folder) continue;
        sets.push_back(stations[i].exercise.params);
        whose.push_back(i);
      }
      auto doses = plugin_link::describe_doses(host.host_program, assembly.modules[m], sets, cache);
      if (!doses) problems[m] = doses.error().text();
      for (std::size_t i = 0; doses && i < whose.size(); ++i)
        for (const std::string& line : (*doses)[i])
          for (Message& said : read_messages(line, assembly.modules[m].folder)) lines[whose[i]].push_back(std::move(said));
    });
  asking.clear();  // joins
  for (std::string& problem : problems)
    if (!problem.empty()) assembly.problems.push_back(std::move(problem));
  return lines;
}

std::vector<Message> translatables(const std::vector<std::string>& texts) {
  std::vector<Message> messages;
  for (const std::string& text : texts) messages.push_back(translatable(text));
  return messages;
}

Message name_of(plan::Group group) {
  switch (group) {
    case plan::Group::warm_up:
      return Message("Warm-up");
    case plan::Group::strength:
      return Message("Strength");
    case plan::Group::core:
      return Message("Core");
    case plan::Group::stretch:
      return Message("Stretching");
    case plan::Group::release:
      return Message("Release");
    case plan::Group::foot:
      return Message("Feet");
    case plan::Group::activity:
      return Message("Activity");
  }
  return {};
}

session::Patience patience_of(const config::Kiosk& kiosk, const config::StationRules& rules) {
  return {to_us(rules.presence_ask_s > 0 ? rules.presence_ask_s : kiosk.presence_ask_s), to_us(kiosk.presence_countdown_s)};
}

session::StationSetup setup_of(const config::Station& station, const Assembly& assembly, const plugin_link::PluginInfo& module,
                               std::vector<Message> dose) {
  session::StationSetup setup;
  setup.id = station.id;
  setup.title = translatable(station.title);
  setup.subtitle = translatable(station.subtitle);
  setup.exercise = station.exercise.id;
  setup.exercise_name = translatable(station.exercise.name);
  const plan::ExerciseTraits& traits = station.exercise.traits;
  setup.group = plan::id_of(traits.group);
  setup.group_name = name_of(traits.group);
  setup.needs_go_ahead = traits.needs_go_ahead && !station.set_by_physio;
  setup.module = module.folder;
  setup.icon = station.exercise.icon;
  setup.steps = translatables(station.exercise.steps);
  setup.watch_for = translatables(station.exercise.watch_for);
  setup.plan_lines = std::move(dose);
  for (const auto& metric : module.metrics)
    setup.metrics.push_back({metric.key, translatable(metric.label, module.folder), metric.decimals, metric.for_clients});
  for (const auto& reason : module.reasons) setup.reasons.push_back({reason.id, translatable(reason.sentence, module.folder)});
  setup.set_by = station.set_by;
  setup.set_by_physio = station.set_by_physio;
  for (const auto& figure : assembly.config.figures)
    if (figure->id == station.exercise.figure) setup.figure = figure;
  setup.rules = {station.rules.pause_on_loss, station.rules.pain_tell_staff_from, station.rules.pain_blocks_start,
                 patience_of(assembly.config.kiosk, station.rules)};
  for (const auto& [question, on_yes] : station.rules.on_yes) setup.on_yes.emplace_back(question, on_yes_of(on_yes));
  for (const auto& channel : module.channels) {
    session::ChannelSetup c{channel.key, channel.unit, {}, channel.required, false};
    c.label = translatable(channel.label, module.folder);
    for (const auto& binding : station.bindings) {
      if (binding.channel != channel.key) continue;
      const auto& driver = assembly.drivers.at(index_of(assembly.drivers, binding.driver));
      c.bound = true;
      c.device_label = plugin_link::name_of(driver);
      for (const auto& source : driver.channels)
        if (source.key == binding.device_channel) {
          c.ages = age_limits(source.stale_after_s, station.rules.lost_after_s);
          c.regular = source.nominal_rate_hz > 0;
        }
    }
    for (const auto& need : module.manifest.needs)
      if (need.channel == channel.key) c.needs.push_back({need.rate_hz, translatable(need.what, module.folder), need.figure});
    setup.channels.push_back(std::move(c));
  }
  return setup;
}

/// A device that one station names is left to it by the drivers of the others, whatever their kind: a serial bridge fits
/// several of them.
void name_others(std::vector<DriverInstance>& uses) {
  for (DriverInstance& use : uses)
    for (const DriverInstance& other : uses) {
      const bool named = !other.binding.serial.empty() || !other.binding.port.empty();
      if (&use != &other && named) use.binding.others.push_back(other.binding);
    }
}

bool may_take(const UsbMatch& a, const UsbMatch& b) {
  const auto same = [](int one, int other) { return one < 0 || other < 0 || one == other; };
  return same(a.vendor, b.vendor) && same(a.product, b.product);
}

/// Both wait for the same serial bridges: neither is bound to one by name.
bool share_bridges(const DriverInstance& one, const DriverInstance& other, const std::vector<plugin_link::PluginInfo>& drivers) {
  const plugin_link::Manifest &a = drivers[one.plugin].manifest, &b = drivers[other.plugin].manifest;
  const auto named = [](const DriverInstance& use) { return !use.binding.serial.empty() || !use.binding.port.empty(); };
  if (one.plugin == other.plugin || a.transport != "serial" || b.transport != "serial" || named(one) || named(other))
    return false;
  return std::any_of(a.matches.begin(), a.matches.end(), [&](const auto& mine) {
    return std::any_of(b.matches.begin(), b.matches.end(), [&](const auto& theirs) { return may_take(mine, theirs); });
  });
}

void count_sharers(std::vector<DriverInstance>& uses, const std::vector<plugin_link::PluginInfo>& drivers) {
  for (DriverInstance& use : uses)
    use.binding.sharers = static_cast<int>(
        std::count_if(uses.begin(), uses.end(), [&](const DriverInstance& other) { return share_bridges(use, other, drivers); }));
}

// One child a bound device: stations that name the same device share it.
void add_routes(Assembly& assembly, std::size_t station_index, const config::Station& station,
                const plugin_link::PluginInfo& module) {
  for (const auto& binding : station.bindings) {
    const std::size_t plugin = index_of(assembly.drivers, binding.driver);
    plugin_link::DriverLink::Binding wanted{{binding.serial, binding.port}, binding.driver_params, {}};
    auto use = std::find_if(assembly.driver_instances.begin(), assembly.driver_instances.end(), [&](const DriverInstance& u) {
      return u.plugin == plugin && u.binding.serial == wanted.serial && u.binding.port == wanted.port &&
             u.binding.params == wanted.params;
    });
    if (use == assembly.driver_instances.end()) use = assembly.driver_instances.insert(use, {plugin, wanted, {}});
    DriverInstance::Route route{station_index, 0, 0};
    for (std::size_t c = 0; c < module.channels.size(); ++c)
      if (module.channels[c].key == binding.channel) route.module_channel = static_cast<uint16_t>(c);
    const auto& channels = assembly.drivers[plugin].channels;
    for (std::size_t c = 0; c < channels.size(); ++c)
      if (channels[c].key == binding.device_channel) route.device_channel = static_cast<uint16_t>(c);
    use->routes.push_back(route);
  }
}

/// How well a binding names the device; −1: it means another one. What is "" is not known.
int names_device(const plugin_link::DriverLink::Which& bound, const std::string& serial, const std::string& port) {
  if (!bound.serial.empty() && !serial.empty() && bound.serial != serial) return -1;
  const bool other_socket = !bound.port.empty() && !port.empty() && !same_socket(bound.port, port);
  // Bound by both, a device is found at another socket too, unless its twin is the one that is there.
  if (other_socket) return bound.serial.empty() ? -1 : 1;
  return (!bound.serial.empty() && !serial.empty() ? 2 : 0) + (!bound.port.empty() && !port.empty() ? 1 : 0);
}

const DriverInstance* best_instance(const Assembly& assembly, const std::string& driver, const std::string& serial,
                                    const std::string& port, bool there) {
  const DriverInstance* best = nullptr;
  int best_rank = -1;
  for (const DriverInstance& use : assembly.driver_instances) {
    if (assembly.drivers[use.plugin].folder != driver) continue;
    if (there && serial.empty() && !use.binding.serial.empty()) continue;
    const int rank = names_device(use.binding, serial, port);
    if (rank <= best_rank) continue;
    best = &use;
    best_rank = rank;
  }
  return best;
}

}  // namespace

session::AgeLimits age_limits(double stale_after_s, double lost_after_s) {
  const int64_t stale_after_us = to_us(stale_after_s);
  return {stale_after_us, std::max(to_us(lost_after_s), 2 * stale_after_us)};
}

std::vector<std::string> late_losses(const config::Station& station, const session::StationSetup& setup) {
  std::vector<std::string> lines;
  for (const session::ChannelSetup& channel : setup.channels) {
    if (!channel.bound || channel.ages.lost_after_us <= to_us(station.rules.lost_after_s)) continue;
    lines.push_back(
        fmt::format("{}: \"{}\" counts as lost after {:g} s and not after lost_after_s = {:g} s: {} may be {:g} s "
                    "between two values",
                    station.id, channel.key, static_cast<double>(channel.ages.lost_after_us) * 1e-6, station.rules.lost_after_s,
                    english(channel.device_label), static_cast<double>(channel.ages.stale_after_us) * 1e-6));
  }
  return lines;
}

const DriverInstance* find_instance(const Assembly& assembly, const std::string& driver, const std::string& serial,
                                    const std::string& port) {
  return best_instance(assembly, driver, serial, port, false);
}

const DriverInstance* instance_of_device(const Assembly& assembly, const std::string& driver, const std::string& serial,
                                         const std::string& port) {
  return best_instance(assembly, driver, serial, port, true);
}

plugin_link::HostOptions host_options(const Paths& paths) {
  plugin_link::HostOptions options;
  options.host_program = paths.libexec / "patella-plugin-host";
  options.under_umockdev = std::getenv("PATELLA_UNDER_UMOCKDEV") != nullptr;
  // Under the emulator each ioctl of a driver waits for another process; on a busy machine that is no hang.
  if (options.under_umockdev) options.heartbeat_timeout_s = 2;
  options.allow_no_device = std::getenv("PATELLA_TEST_PLUGINS") != nullptr;
  return options;
}

EditPlugins edit_plugins(const Assembly& assembly) {
  return {{assembly.modules.begin(), assembly.modules.end()}, {assembly.drivers.begin(), assembly.drivers.end()}};
}

config::Config reload_config(const std::filesystem::path& folder, const std::vector<plugin_link::PluginInfo>& modules,
                             const std::vector<plugin_link::PluginInfo>& drivers, const std::filesystem::path& state) {
  return config::load(folder, {modules.begin(), modules.end()}, {drivers.begin(), drivers.end()}, state);
}

namespace {

void add_place_for(const std::string& exercise, Assembly& assembly) {
  config::Config& config = assembly.config;
  const auto offers = [&](const config::Station& station) { return station.exercise.id == exercise; };
  if (std::any_of(config.stations.begin(), config.stations.end(), offers)) return;
  for (const config::Exercise& one : config.exercises)
    if (one.id == exercise)
      if (auto station = config::station_without_devices(one, edit_plugins(assembly).modules))
        config.stations.push_back(std::move(*station));
}

}  // namespace

Assembly assemble(const Paths& paths, const plugin_link::HostOptions& host, plugin_link::AnswerCache* cache,
                  const std::string& exercise) {
  Assembly assembly;
  plugin_link::FoundPlugins found = plugin_link::find_plugins(paths.plugins);
  for (const Error& problem : found.problems) assembly.problems.push_back(problem.text());
  for (auto& info : plugin_link::describe_all(host.host_program, found.plugins, cache)) {
    if (!info) {
      assembly.problems.push_back(info.error().text());
      continue;
    }
    const bool driver = info->manifest.kind == plugin_link::Manifest::Kind::driver;
    (driver ? assembly.drivers : assembly.modules).push_back(std::move(*info));
  }
  assembly.config = reload_config(paths.config, assembly.modules, assembly.drivers, paths.state);
  if (!exercise.empty()) add_place_for(exercise, assembly);
  std::vector<std::vector<Message>> doses = doses_of(assembly, host, cache);
  for (std::size_t i = 0; i < assembly.config.stations.size(); ++i) {
    const config::Station& station = assembly.config.stations[i];
    const std::size_t module = index_of(assembly.modules, station.exercise.module);
    if (module >= assembly.modules.size()) continue;  // config::load has put it among the broken ones
    add_routes(assembly, assembly.kiosk_setup.stations.size(), station, assembly.modules[module]);
    assembly.kiosk_setup.stations.push_back(setup_of(station, assembly, assembly.modules[module], std::move(doses[i])));
    for (std::string& remark : late_losses(station, assembly.kiosk_setup.stations.back()))
      assembly.remarks.push_back(std::move(remark));
    assembly.station_module.push_back(module);
  }
  name_others(assembly.driver_instances);
  count_sharers(assembly.driver_instances, assembly.drivers);
  for (const auto& broken : assembly.config.broken) {
    session::StationSetup setup;
    setup.id = broken.id;
    setup.title = broken.title.empty() ? verbatim(broken.id) : translatable(broken.title);
    setup.why_not = {Message("This station cannot be used"), Message("Tell staff")};
    setup.fault = broken.why;
    assembly.kiosk_setup.stations.push_back(std::move(setup));
  }
  for (const auto& client : assembly.config.clients) assembly.kiosk_setup.clients.push_back({client.ref, client.name});
  assembly.kiosk_setup.sign_in = {false, !assembly.config.clients.empty()};  // clients of the configuration have no code
  for (const auto& question : assembly.config.kiosk.questions)
    assembly.kiosk_setup.questions.push_back({question.id, translatable(question.text), -1, on_yes_of(question.on_yes)});
  assembly.kiosk_setup.pain_places = assembly.config.kiosk.pain_places;
  const config::Kiosk& kiosk = assembly.config.kiosk;
  assembly.kiosk_setup.patience = {to_us(kiosk.idle_home_s - kiosk.presence_countdown_s), to_us(kiosk.presence_countdown_s)};
  assembly.kiosk_setup.gate_patience = {to_us(kiosk.staff_wait_s), to_us(kiosk.presence_countdown_s)};
  return assembly;
}

}  // namespace patella::runtime
