// What the staff area asks of the engine: PINs and calibrations through the store's thread, commands and numbers of sensors
// through the drivers' links.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/engine.hpp"
#include "config/edit.hpp"

namespace patella::app {

namespace {

constexpr const char* kNobody =
    "Nobody can sign in here yet. At the command line of this machine: patella staff add NAME --role physio";

std::string titles(const Assembly& assembly, const DriverUse& use) {
  std::vector<std::string> seen;
  std::string text;
  for (const auto& route : use.routes) {
    const std::string& title = assembly.floor.stations[route.station].title;
    if (std::find(seen.begin(), seen.end(), title) != seen.end()) continue;
    seen.push_back(title);
    text += (text.empty() ? "" : ", ") + title;
  }
  return text;
}

staff::SensorPlan plan_of(const Assembly& assembly, const DriverUse& use) {
  const plugin_link::PluginInfo& driver = assembly.drivers[use.plugin];
  staff::SensorPlan plan{driver.name, titles(assembly, use), {}, {}};
  for (const auto& channel : driver.channels) plan.channels.push_back({channel.key, channel.unit, channel.stale_after_s});
  for (const auto& sensor : driver.manifest.sensors) {
    staff::SensorPlan::Pairing pairing{sensor.kind, sensor.param, sensor.param, -1};
    for (const auto& param : driver.params)
      if (param.key == sensor.param) pairing.label = param.label;
    for (const auto& value : use.binding.params)
      if (value.key == sensor.param) pairing.number = static_cast<int>(value.number);
    plan.pairings.push_back(std::move(pairing));
  }
  return plan;
}

/// The binding is one of those that this use feeds: two sticks may differ in their settings alone.
bool is_of(const config::Binding& binding, std::size_t station, const DriverUse& use, const Assembly& assembly) {
  const auto& channels = assembly.floor.stations[station].channels;
  return std::any_of(use.routes.begin(), use.routes.end(), [&](const DriverUse::Route& route) {
    return route.station == station && channels[route.module_channel].key == binding.channel;
  });
}

/// The edits of each station's file that give the driver of this use that number.
std::vector<config::StationEdit> edits_for(const Assembly& assembly, const DriverUse& use, const std::string& param, int number) {
  std::vector<config::StationEdit> all;
  for (std::size_t i = 0; i < assembly.config.stations.size(); ++i) {
    const config::Station& station = assembly.config.stations[i];
    config::StationEdit one{station.id, {}};
    for (std::size_t b = 0; b < station.bindings.size(); ++b) {
      const config::Binding& binding = station.bindings[b];
      if (!is_of(binding, i, use, assembly)) continue;
      one.edits.push_back({b, param, number, config::BindMark{binding.driver, binding.serial, binding.port}});
    }
    if (!one.edits.empty()) all.push_back(std::move(one));
  }
  return all;
}

/// What a session says of a station, but for the settings of its drivers.
nlohmann::json but_drivers(const config::Station& station) {
  auto whole = nlohmann::json::parse(station.json, nullptr, false);
  if (whole.contains("bindings"))
    for (auto& binding : whole["bindings"]) binding.erase("params");
  return whole;
}

}  // namespace

void Engine::make_area() {
  staff::AreaPlan plan;
  for (const DriverUse& use : assembly_.driver_uses) plan.sensors.push_back(plan_of(assembly_, use));
  plan.no_sign_in = kNobody;
  if (staff_paths_) {
    const auto members = store_.ask<Result<std::vector<store::StaffMember>>>([](store::Store& s) { return s.staff(); }).get();
    if (members) {
      for (const auto& member : *members) {
        plan.members.push_back({member.id, member.name, member.role == "physio"});
        plan.failures = std::max(plan.failures, member.failures);
      }
      if (!members->empty()) plan.no_sign_in.clear();
    } else {
      plan.no_sign_in = members.error().text();
      log_.error("store: {}", plan.no_sign_in);
    }
  }
  area_ = std::make_unique<staff::Area>(std::move(plan), clock_.now_us());
}

void Engine::carry_out_staff() {
  for (const staff::Request& request : area_->take_requests()) {
    std::visit([this](const auto& wish) { ask(wish); }, request);
    dirty_ = true;
  }
}

// On the store's thread, which may block: no client is at a station while somebody signs in.
void Engine::ask(const staff::CheckPin& wish) {
  store_.tell<SignIn>(
      [this, wish, folder = staff_paths_->state, now = clock_.wall()](store::Store& s) {
        const auto pepper = pin::Pepper::load(folder);
        if (!pepper) return SignIn{false, {}, 0, pepper.error().text()};
        return sign_in_.try_pin(s, *pepper, wish.member, wish.pin, now);
      },
      [this, wish](const SignIn& tried) {
        answer_later([this, wish, tried] {
          log_.info("staff area: {} {}", wish.member, tried.ok ? "signed in" : "refused: " + tried.why_not);
          area_->pin_answer({tried.ok, wish.member, tried.failures, tried.why_not}, clock_.now_us());
        });
      });
}

void Engine::ask(const staff::SendCommand& wish) {
  const Status sent = drivers_.at(wish.sensor)->command(wish.command, 0);
  if (!sent) area_->command_done(wish.sensor, wish.command, false, sent.error().text());
}

void Engine::ask(const staff::Retry& wish) { drivers_.at(wish.sensor)->retry(); }

void Engine::ask(const staff::StoreCalibration& wish) {
  const plugin_link::PluginInfo& driver = assembly_.drivers[assembly_.driver_uses[wish.sensor].plugin];
  store::DeviceCalibration row = new_calibration(driver, wish.channel, wish.points, wish.fit, clock_.wall());
  row.serial = wish.serial;
  row.port = wish.port;
  row.who = wish.who;
  row.rate_hz = wish.rate_hz;
  store_.tell<Status>(
      [row, member = wish.member](store::Store& s) {
        const std::string detail = nlohmann::json{{"calibration", row.id}, {"who", row.who}}.dump();
        Status done = s.add_calibration(row);
        if (done) done = s.audit({row.made_utc_us, member, "calibrate", row.driver + " " + row.serial, detail});
        // One that the disk does not take now is held, tried again each second, and told on every screen until then.
        if (done) (void)s.commit();
        return done;
      },
      [this, row, sensor = wish.sensor](const Status& done) {
        answer_later([this, row, sensor, done] {
          if (done) {
            book_.add(row);
            for (const auto& route : routes_) route->calibrate();
            reminders_day_ = -1;
          }
          area_->calibration_stored(sensor, done ? "" : done.error().text());
        });
      });
}

void Engine::ask(const staff::SetSensorNumber& wish) {
  struct Saved {
    std::string trouble;
    config::Config config;
  };
  const auto edits = edits_for(assembly_, assembly_.driver_uses[wish.sensor], wish.param, wish.number);
  const std::string subject = assembly_.drivers[assembly_.driver_uses[wish.sensor].plugin].id;
  // The plugins are copied: the answer may come when this has gone.
  store_.tell<Saved>(
      [wish, edits, subject, folder = staff_paths_->config, modules = assembly_.modules, drivers = assembly_.drivers,
       utc_us = clock_.wall().utc_us](store::Store& s) {
        if (const Status done = config::edit_stations(folder, edits); !done) return Saved{done.error().text(), {}};
        for (const config::StationEdit& one : edits) {
          const std::string detail = nlohmann::json{{"station", one.station}, {wish.param, wish.number}}.dump();
          if (s.audit({utc_us, wish.member, "edit", subject, detail})) (void)s.commit();
        }
        return Saved{"", reload_config(folder, modules, drivers)};
      },
      [this, wish](Saved saved) {
        answer_later([this, wish, saved = std::move(saved)] {
          const std::string trouble = saved.trouble.empty() ? take_over(wish.sensor, saved.config) : saved.trouble;
          area_->number_set(wish.sensor, wish.param, wish.number, trouble);
        });
      });
}

/// The stations of this use as their files are now, and its driver started anew with that. "" = done.
std::string Engine::take_over(std::size_t sensor, config::Config config) {
  DriverUse& use = assembly_.driver_uses[sensor];
  for (std::size_t i = 0; i < assembly_.config.stations.size(); ++i) {
    config::Station& station = assembly_.config.stations[i];
    const auto ours = [&](const config::Binding& binding) { return is_of(binding, i, use, assembly_); };
    if (std::none_of(station.bindings.begin(), station.bindings.end(), ours)) continue;
    const auto read = std::find_if(config.stations.begin(), config.stations.end(), [&](const auto& s) { return s.id == station.id; });
    if (read == config.stations.end())
      return "the file of " + station.title + " cannot be read any more: see `patella check config`";
    // What else was changed in it meanwhile is not in what clients are shown yet.
    if (but_drivers(*read) != but_drivers(station))
      return "the file of " + station.title + " was changed otherwise too: all of it counts when the kiosk is started again";
    station = std::move(*read);
    for (const auto& binding : station.bindings)
      if (ours(binding)) use.binding.params = plain_values(binding.driver_params);
  }
  drivers_[sensor].reset();
  drivers_[sensor] = plugin_link::DriverLink::make(host_, assembly_.drivers[use.plugin], use.binding, clock_, log_, *routes_[sensor]);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = drivers_[sensor]->wait_fd();
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, event.data.fd, &event);
  return "";
}

}  // namespace patella::app
