// What the staff area asks of the engine: PINs and calibrations through the store's thread, commands and numbers of sensors
// through the drivers' links.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "config/edits.hpp"
#include "runtime/engine.hpp"
#include "runtime/stored_accounts.hpp"

namespace patella::runtime {

namespace {

Messages nobody_can_sign_in() {
  return {Message("Nobody can sign in here yet"),
          Message("End the kiosk, then type at this machine's command line: {0}", Name{"patella staff add NAME --role physio"})};
}

std::vector<Message> titles(const Assembly& assembly, const DriverInstance& use) {
  std::vector<Message> seen;
  for (const auto& route : use.routes) {
    const Message& title = assembly.kiosk_setup.stations[route.station].title;
    if (std::find(seen.begin(), seen.end(), title) == seen.end()) seen.push_back(title);
  }
  return seen;
}

staff::SensorSetup plan_of(const Assembly& assembly, const DriverInstance& use) {
  const plugin_link::PluginInfo& driver = assembly.drivers[use.plugin];
  staff::SensorSetup plan{plugin_link::name_of(driver), titles(assembly, use), {}, {}};
  for (std::size_t c = 0; c < driver.channels.size(); ++c) {
    const auto& channel = driver.channels[c];
    const bool bound =
        std::any_of(use.routes.begin(), use.routes.end(), [&](const auto& route) { return route.device_channel == c; });
    session::AgeLimits ages = age_limits(channel.stale_after_s, 0);
    for (const auto& route : use.routes)  // as patient as the most patient of its stations
      if (route.device_channel == c)
        ages.lost_after_us = std::max(
            ages.lost_after_us, assembly.kiosk_setup.stations[route.station].channels[route.module_channel].ages.lost_after_us);
    plan.channels.push_back({channel.key, channel.unit, translatable(channel.label, driver.folder), ages, bound});
  }
  for (const auto& sensor : driver.manifest.sensors) {
    staff::SensorSetup::Pairing pairing{sensor.kind, sensor.param, verbatim(sensor.param), -1};
    for (const auto& param : driver.params)
      if (param.key == sensor.param) pairing.label = translatable(param.label, driver.folder);
    for (const auto& value : use.binding.params)
      if (value.key == sensor.param) pairing.number = static_cast<int>(value.number);
    plan.pairings.push_back(std::move(pairing));
  }
  return plan;
}

bool same_exercise(const config::Station& a, const config::Station& b) { return a.id == b.id && a.exercise.id == b.exercise.id; }

/// The binding is one of those that this use feeds: two sticks may differ in their settings alone.
bool is_of(const config::Binding& binding, std::size_t station, const DriverInstance& use, const Assembly& assembly) {
  const auto& channels = assembly.kiosk_setup.stations[station].channels;
  return std::any_of(use.routes.begin(), use.routes.end(), [&](const DriverInstance::Route& route) {
    return route.station == station && channels[route.module_channel].key == binding.channel;
  });
}

/// That number for the driver of this use; saving it gives it to each station that uses the same device.
std::vector<config::ParamEdit> edits_for(const Assembly& assembly, const DriverInstance& use, const std::string& param,
                                         int number) {
  for (std::size_t i = 0; i < assembly.config.stations.size(); ++i) {
    const config::Station& station = assembly.config.stations[i];
    for (const config::Binding& binding : station.bindings)
      if (is_of(binding, i, use, assembly))
        return {{station.id, binding.channel, binding.driver, param,
                 params::Values{{param, -1, static_cast<double>(number), std::nullopt}}}};
  }
  return {};
}

/// The entry of that channel's binding in Station::json; null: there is none.
nlohmann::json* binding_entry(nlohmann::json& station, const std::string& channel) {
  if (!station.is_object() || !station.contains("bindings")) return nullptr;
  for (auto& entry : station["bindings"])
    if (entry.value("channel", "") == channel) return &entry;
  return nullptr;
}

/// `before` with the settings that this use's driver has in `now`, and nothing else of it: what else was changed is not in what clients
/// are shown yet. Nothing: `now` binds other devices.
std::optional<config::Station> with_driver_params(const config::Station& before, const config::Station& now, std::size_t index,
                                                  const DriverInstance& use, const Assembly& assembly) {
  config::Station station = before;
  auto whole = nlohmann::json::parse(before.json, nullptr, false), newest = nlohmann::json::parse(now.json, nullptr, false);
  for (config::Binding& binding : station.bindings) {
    if (!is_of(binding, index, use, assembly)) continue;
    const auto same = std::find_if(now.bindings.begin(), now.bindings.end(), [&](const config::Binding& other) {
      return other.channel == binding.channel && other.device_channel == binding.device_channel && same_device(other, binding);
    });
    nlohmann::json *entry = binding_entry(whole, binding.channel), *set = binding_entry(newest, binding.channel);
    if (same == now.bindings.end() || !entry || !set) return std::nullopt;
    binding.driver_params = same->driver_params;
    (*entry)["params"] = (*set)["params"];
  }
  station.json = whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return station;
}

}  // namespace

void Engine::make_area() {
  staff::AreaSetup plan;
  for (const DriverInstance& use : assembly_.driver_instances) plan.sensors.push_back(plan_of(assembly_, use));
  plan.no_sign_in = nobody_can_sign_in();
  if (staff_paths_) {
    const auto members = store_.ask<Result<std::vector<store::StaffMember>>>([](store::Store& s) { return s.staff(); }).get();
    if (members) {
      for (const auto& member : *members)
        plan.members.push_back({member.id, member.name, member.role == "physio", member.failures});
      if (!members->empty()) plan.no_sign_in.clear();
    } else {
      plan.no_sign_in = members.error().messages();
      log_.error("store: {}", members.error().text());
    }
  }
  area_ = std::make_unique<staff::Area>(std::move(plan), clock_.now_us());
  area_->notices(notices_book_.open_count());
}

void Engine::execute_requests() {
  for (const staff::Request& request : area_->take_requests()) {
    std::visit([this](const auto& wish) { ask(wish); }, request);
    dirty_ = true;
  }
}

// On the store's thread, which may block: nobody exercises while somebody signs in.
void Engine::ask(const staff::CheckPin& wish) {
  store_.tell<pin::SignIn>(
      [verifier = sign_in_, wish, folder = staff_paths_->state, now = clock_.wall()](store::Store& s) {
        const auto pepper = pin::Pepper::load(folder);
        if (!pepper) return pin::SignIn{false, {}, 0, pepper.error().messages()};
        StoredAccounts accounts(s);
        return verifier->try_pin(accounts, *pepper, wish.member, wish.pin.text(), now);
      },
      [this, member = wish.member](const pin::SignIn& tried) {
        answer_later(
            [this, member, tried] {
              log_.info("staff area: {} {}", member, tried.ok ? "signed in" : "refused: " + english(tried.why_not));
              area_->pin_answer({tried.ok, member, tried.failures, tried.why_not}, clock_.now_us());
            },
            false);
      },
      [](const Error& error) {
        return pin::SignIn{false, {}, 0, error.messages()};
      });
}

void Engine::ask(const staff::SendCommand& wish) {
  const Status sent = drivers_.at(wish.sensor)->command(wish.command, 0);
  if (!sent) area_->command_done(wish.sensor, wish.command, false, sent.error().messages());
}

void Engine::ask(const staff::Retry& wish) {
  const std::string subject = assembly_.drivers[assembly_.driver_instances[wish.sensor].plugin].id;
  store_.tell<Status>(
      [wish, subject, utc_us = clock_.wall().utc_us](store::Store& s) {
        return s.audit({utc_us, wish.member, "retry", subject, ""});
      },
      [](const Status&) {});
  drivers_.at(wish.sensor)->retry();
}

void Engine::ask(const staff::StoreCalibration& wish) {
  const plugin_link::PluginInfo& driver = assembly_.drivers[assembly_.driver_instances[wish.sensor].plugin];
  store::DeviceCalibration row = new_calibration(driver, wish.channel, wish.points, wish.fit, clock_.wall());
  row.serial = wish.serial;
  row.port = wish.port;
  row.who = wish.who;
  row.rate_hz = wish.rate_hz;
  using Kind = staff::Outcome::Kind;
  store_.tell<staff::Outcome>(
      [row, member = wish.member](store::Store& s) {
        const std::string detail = json_text({{"calibration", row.id}, {"who", row.who}});
        Status done = s.add_calibration(row);
        if (done) done = s.audit({row.made_utc_us, member, "calibrate", row.driver + " " + row.serial, detail});
        if (!done) return staff::Outcome{Kind::refused, done.error().messages()};
        // One that the disk does not take now is held and tried again each second.
        if (Status kept = s.commit(); !kept) {
          staff::Outcome later{Kind::later, Message("It is in force and not on the disk yet")};
          for (Message& why : kept.error().messages()) later.text.push_back(std::move(why));
          return later;
        }
        return staff::Outcome{};
      },
      [this, row, ticket = wish.ticket](const staff::Outcome& outcome) {
        answer_later([this, row, ticket, outcome] {
          if (outcome.kind != Kind::refused) {
            book_.add(row);
            for (const auto& route : routes_) route->calibrate();
            reminders_day_ = -1;
          }
          area_->stored(ticket, outcome);
        });
      },
      [](const Error& error) {
        return staff::Outcome{Kind::refused, error.messages()};
      });
}

void Engine::ask(const staff::SetSensorNumber& wish) {
  using Saved = Result<config::SavedEdits>;
  const auto edits = edits_for(assembly_, assembly_.driver_instances[wish.sensor], wish.param, wish.number);
  const std::string subject = assembly_.drivers[assembly_.driver_instances[wish.sensor].plugin].id;
  store_.tell<Saved>(
      [wish, edits, subject, paths = *staff_paths_, plugins = edit_plugins(), now = clock_.wall()](store::Store& s) {
        Saved saved = config::save_edits({paths.config, paths.state, plugins.modules, plugins.drivers}, edits,
                                         {wish.member, wish.who, now});
        if (!saved) return saved;
        for (const std::string& station : saved->stations) {
          const std::string detail = json_text({{"station", station}, {wish.param, wish.number}});
          (void)s.audit({now.utc_us, wish.member, "edit", subject, detail});
        }
        (void)s.commit();  // what the disk does not take now is held and tried again
        return saved;
      },
      [this, sensor = wish.sensor, ticket = wish.ticket](const Saved& saved) {
        answer_later([this, sensor, ticket, saved] {
          using Kind = staff::Outcome::Kind;
          if (!saved) return area_->stored(ticket, {Kind::refused, saved.error().messages()});
          const Messages later = take_over(sensor, saved->config);
          area_->stored(ticket, {later.empty() ? Kind::done : Kind::later, later});
        });
      });
}

/// The settings that this use's driver has now at its stations, and the driver started again with them: all of them or none. Empty = done.
Messages Engine::take_over(std::size_t sensor, const config::Config& config) {
  DriverInstance& use = assembly_.driver_instances[sensor];
  const auto is_ours = [&](std::size_t station) {
    return std::any_of(use.routes.begin(), use.routes.end(), [&](const auto& route) { return route.station == station; });
  };
  std::map<std::size_t, config::Station> read;
  for (std::size_t i = 0; i < assembly_.config.stations.size(); ++i) {
    if (!is_ours(i)) continue;
    const config::Station& before = assembly_.config.stations[i];
    const auto now =
        std::find_if(config.stations.begin(), config.stations.end(), [&](const auto& s) { return same_exercise(s, before); });
    if (now == config.stations.end())
      return {Message("The file of {0} cannot be read any more", translatable(before.title)),
              Message("Tell whoever looks after the kiosk: {0}", Name{"patella check config"})};
    auto station = with_driver_params(before, *now, i, use, assembly_);
    if (!station)
      return {Message("The file of {0} has other changes, too", translatable(before.title)),
              Message("They count when the kiosk is started again")};
    read[i] = std::move(*station);
  }
  for (auto& [i, station] : read) {
    for (const auto& binding : station.bindings)
      if (is_of(binding, i, use, assembly_)) use.binding.params = binding.driver_params;
    assembly_.config.stations[i] = std::move(station);
  }
  drivers_[sensor].reset();
  drivers_[sensor] = links_.driver(assembly_.drivers[use.plugin], use.binding, *routes_[sensor]);
  runner_.watch(drivers_[sensor]->wait_fd());
  return {};
}

EditPlugins Engine::edit_plugins() const { return runtime::edit_plugins(assembly_); }

void Engine::edits_changed(config::Config config) {
  answer_later([this, config = std::move(config)] {
    for (std::size_t sensor = 0; sensor < assembly_.driver_instances.size(); ++sensor) take_over_settings(sensor, config);
  });
}

/// Of one sensor, when its driver is set otherwise in `config`.
void Engine::take_over_settings(std::size_t sensor, const config::Config& config) {
  const DriverInstance& use = assembly_.driver_instances[sensor];
  const auto differs = [&](const config::Binding& binding, std::size_t station) {
    return is_of(binding, station, use, assembly_) && binding.driver_params != use.binding.params;
  };
  bool changed = false;
  for (std::size_t i = 0; i < assembly_.config.stations.size(); ++i)
    for (const config::Station& now : config.stations)
      if (same_exercise(now, assembly_.config.stations[i]))
        for (const config::Binding& binding : now.bindings) changed |= differs(binding, i);
  if (!changed) return;
  const Messages later = take_over(sensor, config);
  if (!later.empty()) {
    log_.warning("edits: {}", english(later));
    add_banner(session::for_staff(later));
    return;
  }
  for (const auto& pairing : assembly_.drivers[use.plugin].manifest.sensors)
    area_->number_set(sensor, pairing.param, static_cast<int>(params::number_of(use.binding.params, pairing.param, -1)));
}

}  // namespace patella::runtime
