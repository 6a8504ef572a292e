// `patella calibrate` and `patella band-check`: a sensor on the device, known weights or lengths, and what is stored of them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <utility>

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "calibration/band.hpp"
#include "calibration/known_value.hpp"
#include "calibration/procedure.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "cli/device_session.hpp"
#include "runtime/calibration_book.hpp"

namespace patella::cli {

namespace {

std::vector<std::string> cut(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

constexpr std::size_t kMaxOfBand = 40;

/// Asked for until there is one. nullopt: the input ended.
std::optional<std::string> ask_who(DeviceSession& device, const std::string& given) {
  std::string who = given;
  for (std::string wrong = wrong_with_name(who, kMaxOfName); !wrong.empty(); wrong = wrong_with_name(who, kMaxOfName)) {
    if (!who.empty()) fmt::print("  the name cannot be stored: {}\n", wrong);
    auto line = device.next_line("Who are you? Name or initials:");
    if (!line) return std::nullopt;
    who = *line;
  }
  return who;
}

/// Before anything is measured: what is wrong with --who; "" = nothing, or it will be asked for.
std::string wrong_who(const std::string& given) {
  const std::string wrong = given.empty() ? "" : wrong_with_name(given, kMaxOfName);
  return wrong.empty() ? "" : "--who: " + wrong;
}

void say_what_is_there(const DeviceSession& device) {
  fmt::print("{}, {}\n", device.driver().name,
             device.serial().empty() ? "no serial number: it is known by its port " + device.port()
                                     : "serial number " + device.serial() + ", port " + device.port());
  if (!device.used_by_a_station()) fmt::print("no station uses it: it runs as its driver is preset\n");
}

constexpr const char* kOpenedAnew = "the sensor was plugged in again, or is another one";

// ---- calibrate

/// The procedure at a keyboard or by a script.
class Calibrating {
 public:
  Calibrating(DeviceSession& device, const calibration::SteadyRules& rules, const std::string& points)
      : desk_(device), procedure_(rules), planned_(cut(points)) {
    desk_.listen(
        {[this](int64_t t_us, double reading) { procedure_.sample(t_us, reading); }, [this] { lost_ |= procedure_.opened(); }});
  }
  ~Calibrating() { desk_.listen({}); }
  Calibrating(const Calibrating&) = delete;
  Calibrating& operator=(const Calibrating&) = delete;

  /// The points' line, all of them of one device that stayed plugged in. Error: ended.
  Result<calibration::Fit> run() {
    for (;;) {
      const std::string* planned = next_planned();
      auto typed = desk_.next_line(planned ? fmt::format("Put {} on the sensor, then press Enter:", *planned)
                                           : "Known weight on the sensor now (0, 10kg, 98.1N), or tare, undo, done, quit:");
      tell_lost();
      if (!typed || *typed == "quit") return Error{"ended; nothing was stored", "", ""};
      if (*typed == "tare") {
        tare();
        continue;
      }
      if (*typed == "undo") {
        undo();
        continue;
      }
      if (planned && (typed->empty() || *typed == "next")) typed = *planned;
      if (*typed != "done" && (!take(*typed) || planned_.empty() || next_planned())) continue;
      auto fit = procedure_.fit();
      if (fit) return fit;
      fmt::print("  {}\n", fit.error().text());
    }
  }
  const std::vector<calibration::Point>& points() const { return procedure_.points(); }
  /// The device that gave them.
  const std::string& serial() const { return serial_; }
  const std::string& port() const { return port_; }
  double rate_hz() const { return rate_hz_; }

 private:
  bool take(const std::string& typed) {
    const auto known = calibration::force_n(typed);
    if (!known) {
      fmt::print("  {}\n", known.error().text());
      return false;
    }
    std::optional<Result<calibration::Procedure::Taken>> taken;
    const Status waited = desk_.wait_until([&](int64_t now_us) {
      if (!procedure_.taking()) procedure_.take(*known, now_us);  // at first, and again for a device that was opened meanwhile
      return (taken = procedure_.poll(now_us)).has_value();
    });
    tell_lost();
    if (!waited || !*taken) {
      fmt::print("  {}\n", waited ? taken->error().text() : waited.error().text());
      return false;
    }
    serial_ = desk_.serial();
    port_ = desk_.port();
    rate_hz_ = desk_.rate_hz();
    tell(**taken);
    return true;
  }
  void tell(const calibration::Procedure::Taken& taken) const {
    fmt::print("  point {}: {:.2f} N known, reading {:.2f} N (moved by {:.2f}){}\n", points().size(), taken.point.known,
               taken.point.reading, taken.spread,
               taken.instead_of ? fmt::format(", instead of {:.2f} N before", *taken.instead_of) : "");
    if (taken.loaded_zero) fmt::print("  is there really nothing on it? If there was, take 0 again\n");
  }
  void undo() {
    const std::size_t number = points().size();
    const auto point = procedure_.undo();
    if (point)
      fmt::print("  point {} ({:.2f} N) taken back\n", number, point->known);
    else
      fmt::print("  there is no point to take back\n");
  }
  void tare() {
    const Status tared = desk_.tare();
    fmt::print("  {}\n",
               tared ? "tared. Calibrate again: an earlier calibration is of another zero. One that the driver holds ends "
                       "with this command (docs/calibration.md, Tare)"
                     : tared.error().text());
    if (tared) procedure_.tared();
  }
  void tell_lost() {
    if (std::exchange(lost_, false))
      fmt::print("  {}: the points so far do not count any more, begin with the first one\n", kOpenedAnew);
  }
  /// The first of the planned weights that has no point; null = none.
  const std::string* next_planned() const {
    for (const std::string& planned : planned_)
      if (const auto known = calibration::force_n(planned); known && !procedure_.has(*known)) return &planned;
    return nullptr;
  }

  DeviceSession& desk_;
  calibration::Procedure procedure_;
  std::vector<std::string> planned_;
  bool lost_ = false;  ///< to be told
  std::string serial_, port_;
  double rate_hz_ = 0;
};

void print_fit(const calibration::Fit& fit, const std::vector<calibration::Point>& points) {
  fmt::print("force = {:.5f} x reading {:+.3f} N, residual {:.3f} N\n", fit.line.slope, fit.line.offset, fit.residual);
  for (std::size_t i = 0; i < points.size(); ++i)
    fmt::print("  at {:.2f} N it is off by {:+.3f} N\n", points[i].known, fit.deviations[i]);
  if (points.size() == 2) fmt::print("  two points always lie on a line: a third would show how straight the sensor is\n");
}

int calibrate(DeviceSession& device, store::Store& store, const CalibrateOptions& options) {
  Calibrating calibrating(device, {2, options.still_n, 3}, options.points);
  const auto fit = calibrating.run();
  if (!fit) return failed(fit.error().text());
  print_fit(*fit, calibrating.points());
  const auto who = ask_who(device, options.who);
  if (!who) return failed("ended; nothing was stored");

  const WallTime wall = SystemClock().wall();
  store::DeviceCalibration row = new_calibration(device.driver(), device.channel_index(), calibrating.points(), *fit, wall);
  row.serial = calibrating.serial();
  row.port = calibrating.port();  // also beside a serial number: not every maker gives each device its own
  row.who = *who;
  row.rate_hz = calibrating.rate_hz();
  Status done = store.add_calibration(row);
  if (done)
    done = store.audit({wall.utc_us, "command line", "calibrate", row.driver + " " + row.serial,
                        json_text({{"calibration", row.id}, {"who", row.who}})});
  if (done) done = store.commit();
  if (!done) return failed(done.error().text());
  fmt::print("stored as {}: in force for every session from now on\n", row.id);
  return 0;
}

// ---- band-check

std::optional<calibration::Stretch> stretch(DeviceSession& device, double length_m) {
  for (;;) {
    const auto line = device.next_line(fmt::format("Stretch the band to {:g} m, fix it there, then press Enter:", length_m));
    if (!line || *line == "quit") return std::nullopt;
    const auto reading = device.still_reading();
    if (reading) {
      fmt::print("  {:.2f} N at {:g} m\n", reading->mean, length_m);
      return calibration::Stretch{length_m, reading->mean};
    }
    fmt::print("  {}\n", reading.error().text());
  }
}

/// From here on the device reads calibrated forces; the id of the calibration, "" = none.
std::string calibrate_desk(DeviceSession& device, const CalibrationBook& book) {
  const auto* newest = book.newest(device.driver().id, device.serial(), device.port(), device.channel().key);
  device.calibrate_by(newest ? line_of(*newest) : calibration::Line{});
  if (!newest) {
    fmt::print("this sensor has no calibration: forces are as it gives them\n");
    return "";
  }
  fmt::print("calibrated {}\n", local_text({newest->made_utc_us, newest->zone_offset_min}).substr(0, 10));
  return newest->id;
}

void tell_change(const std::vector<store::BandCheck>& before, const store::BandCheck& now, double limit_percent) {
  const store::BandCheck* first = first_check(before, now);
  if (!first) {
    fmt::print("first check of this band at these lengths\n");
    return;
  }
  fmt::print("first check {}: {:.1f} N/m, change {:+.1f} %\n",
             local_text({first->made_utc_us, first->zone_offset_min}).substr(0, 10), first->stiffness_n_per_m,
             calibration::change_percent(first->stiffness_n_per_m, now.stiffness_n_per_m));
  const Message notice = calibration::band_notice(now.band, first->stiffness_n_per_m, now.stiffness_n_per_m, limit_percent);
  if (!notice.empty()) fmt::print("Tell staff: {}\n", english(notice));
  if (!(limit_percent > 0)) fmt::print("no limit is set: band_change_percent in kiosk.toml, set by the physio\n");
}

int check_band(DeviceSession& device, store::Store& store, const BandCheckOptions& options, double shorter_m, double longer_m,
               double limit_percent) {
  const auto calibrations = store.calibrations();
  const auto before = store.band_checks();
  if (!calibrations) return failed(calibrations.error().text());
  if (!before) return failed(before.error().text());
  const CalibrationBook book(*calibrations);
  store::BandCheck row;
  std::optional<calibration::Stretch> first, second;
  for (int opening = -1; opening != device.openings();) {
    if (first) fmt::print("  {}: measure both stretches again\n", kOpenedAnew);
    opening = device.openings();
    row.serial = device.serial();
    row.calibration = calibrate_desk(device, book);
    first = stretch(device, shorter_m);
    if (first && opening == device.openings()) second = stretch(device, longer_m);
    if (!first || (!second && opening == device.openings())) return failed("ended; nothing was stored");
  }
  const auto stiffness = calibration::stiffness_n_per_m(*first, *second);
  if (!stiffness) return failed(stiffness.error().text());
  fmt::print("stiffness {:.1f} N/m between {:g} m and {:g} m\n", *stiffness, shorter_m, longer_m);
  const auto who = ask_who(device, options.who);
  if (!who) return failed("ended; nothing was stored");

  const WallTime wall = SystemClock().wall();
  row.id = make_uuid7(wall.utc_us);
  row.band = options.band;
  row.made_utc_us = wall.utc_us;
  row.zone_offset_min = wall.zone_offset_min;
  row.who = *who;
  row.driver = device.driver().id;
  row.length1_m = first->length_m;
  row.force1_n = first->force_n;
  row.length2_m = second->length_m;
  row.force2_n = second->force_n;
  row.stiffness_n_per_m = *stiffness;
  tell_change(*before, row, limit_percent);
  Status done = store.add_band_check(row);
  if (done)
    done = store.audit({wall.utc_us, "command line", "band_check", row.band, json_text({{"check", row.id}, {"who", row.who}})});
  if (done) done = store.commit();
  if (!done) return failed(done.error().text());
  fmt::print("stored as {}\n", row.id);
  return 0;
}

/// Everything a command at the device needs, in the order in which it can go wrong.
int at_desk(const Paths& paths, const DeviceSessionOptions& wish,
            const std::function<int(DeviceSession&, store::Store&, const Assembly&)>& work) {
  if (!make_state_folder(paths)) return 1;
  auto store = own_log(paths);
  if (!store) return failed(store.error().text());
  Log log(LogLevel::warning, paths.state / "calibrate.log");
  SystemClock clock;
  const plugin_link::HostOptions host = host_options(paths);
  const Assembly assembly = assemble(paths, host);
  auto device = DeviceSession::make(wish, assembly, host, clock, log);
  if (!device) return failed(device.error().text());
  if (Status live = (*device)->wait_live(); !live) return failed(live.error().text());
  say_what_is_there(**device);
  return work(**device, **store, assembly);
}

}  // namespace

std::string calibration_reminder(const Paths& paths, const std::vector<std::string>& sockets) {
  const int limit_days = config::load(paths.config, {}, {}).kiosk.calibration_remind_days;
  if (limit_days == 0) return {};
  const int64_t now_utc_us = SystemClock().wall().utc_us;
  if (const auto answer = ask_running_for(paths, "calibrations")) {
    if (!*answer) return {};
    return english(reminder_of(json_text((*answer)->value("rows", nlohmann::json::array())), now_utc_us, limit_days, sockets));
  }
  auto rows = store::look_at_calibrations(database_file(paths));  // a kiosk may be starting: its file is left alone
  return rows ? english(CalibrationBook(std::move(*rows)).reminder(now_utc_us, limit_days, sockets)) : "";
}

int calibrate_command(const Paths& paths, const CalibrateOptions& options) {
  if (options.list) return print_rows(paths, options.json, "calibrations", calibrations_text, calibrations_table);
  if (options.driver.empty())
    return failed("which sensor? Give its driver, for example: patella calibrate chronojump_force. `patella devices` lists them");
  if (const std::string wrong = wrong_who(options.who); !wrong.empty()) return failed(wrong);
  for (const std::string& point : cut(options.points))
    if (const auto known = calibration::force_n(point); !known) return failed("--points: " + known.error().text());
  const DeviceSessionOptions wish{options.driver,  options.serial, options.port,
                                  options.channel, options.script, {2, options.still_n, 3}};
  return at_desk(paths, wish,
                 [&](DeviceSession& device, store::Store& store, const Assembly&) { return calibrate(device, store, options); });
}

int band_check_command(const Paths& paths, const BandCheckOptions& options) {
  if (options.list) return print_rows(paths, options.json, "band_checks", band_checks_text, band_checks_table);
  if (const std::string wrong = wrong_with_name(options.band, kMaxOfBand); !wrong.empty())
    return failed("which band? Of its name: " + wrong + ". For example: patella band-check green-2 --device chronojump_force");
  if (const std::string wrong = wrong_who(options.who); !wrong.empty()) return failed(wrong);
  if (options.driver.empty()) return failed("which sensor? Give its driver with --device, for example --device chronojump_force");
  const std::vector<std::string> lengths = cut(options.lengths);
  if (lengths.size() != 2) return failed("--lengths: give two, for example --lengths 50cm,100cm");
  const auto a = calibration::length_m(lengths[0]), b = calibration::length_m(lengths[1]);
  for (const auto* length : {&a, &b})
    if (!*length) return failed("--lengths: " + length->error().text());
  const double shorter_m = std::min(*a, *b), longer_m = std::max(*a, *b);
  const DeviceSessionOptions wish{options.driver, options.serial, options.port, "", options.script, {1, options.still_n, 3}};
  return at_desk(paths, wish, [&](DeviceSession& device, store::Store& store, const Assembly& assembly) {
    return check_band(device, store, options, shorter_m, longer_m, assembly.config.kiosk.band_change_percent);
  });
}

}  // namespace patella::cli
