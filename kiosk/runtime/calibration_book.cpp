#include "runtime/calibration_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/port_name.hpp"
#include "calibration/ageing.hpp"
#include "calibration/band.hpp"

namespace patella::runtime {

namespace {
/// As far as the serial number says; without one it says nothing, the socket does.
bool same_number(const store::DeviceCalibration& a, const store::DeviceCalibration& b) {
  return a.driver == b.driver && a.serial == b.serial && a.channel == b.channel;
}

bool in_use(const store::DeviceCalibration& row, const std::vector<std::string>& sockets) {
  return std::any_of(sockets.begin(), sockets.end(), [&](const auto& socket) { return same_socket(row.port, socket); });
}

std::string short_driver(const std::string& id) {
  const std::size_t dot = id.rfind('.');
  return dot == std::string::npos ? id : id.substr(dot + 1);
}

bool same_lengths(const store::BandCheck& a, const store::BandCheck& b) {
  constexpr double kSameM = 0.005;
  return std::fabs(a.length1_m - b.length1_m) < kSameM && std::fabs(a.length2_m - b.length2_m) < kSameM;
}

}  // namespace

const store::DeviceCalibration* CalibrationBook::newest(const std::string& driver, const std::string& serial,
                                                        const std::string& port, const std::string& channel) const {
  store::DeviceCalibration wanted;
  wanted.driver = driver;
  wanted.serial = serial;
  wanted.channel = channel;
  const bool by_socket = serial.empty() || may_be_twins(wanted);
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row)
    if (same_number(*row, wanted) && (!by_socket || same_socket(row->port, port))) return &*row;
  return nullptr;
}

bool CalibrationBook::may_be_twins(const store::DeviceCalibration& like) const {
  const store::DeviceCalibration* first = nullptr;
  for (const auto& row : rows_) {
    if (row.port.empty() || !same_number(row, like)) continue;  // sockets were not always stored
    if (first && !same_socket(first->port, row.port)) return true;
    if (!first) first = &row;
  }
  return false;
}

Message CalibrationBook::name_of(const store::DeviceCalibration& row) const {
  const std::string name = short_driver(row.driver) + (row.serial.empty() ? "" : " " + row.serial);
  if (row.serial.empty() || (!row.port.empty() && may_be_twins(row))) return Message("{0} at {1}", Name{name}, Name{row.port});
  return verbatim(name);
}

Message CalibrationBook::reminder(int64_t now_utc_us, int limit_days, const std::vector<std::string>& sockets) const {
  std::vector<calibration::Aged> newest_ones;
  for (auto row = rows_.begin(); row != rows_.end(); ++row) {
    const bool by_socket = row->serial.empty() || (may_be_twins(*row) && in_use(*row, sockets));
    const bool newest = std::none_of(row + 1, rows_.end(), [&](const auto& later) {
      return same_number(*row, later) && (!by_socket || same_socket(row->port, later.port));
    });
    if (newest) newest_ones.push_back({name_of(*row), row->made_utc_us});
  }
  return calibration::age_notice(newest_ones, now_utc_us, limit_days);
}

store::DeviceCalibration new_calibration(const plugin_link::PluginInfo& driver, std::size_t channel,
                                         const std::vector<calibration::Point>& points, const calibration::Fit& fit,
                                         const WallTime& now) {
  store::DeviceCalibration row;
  row.id = make_uuid7(now.utc_us);
  row.driver = driver.id;
  row.channel = driver.channels.at(channel).key;
  row.unit = driver.channels[channel].unit;
  row.made_utc_us = now.utc_us;
  row.zone_offset_min = now.zone_offset_min;
  for (const auto& point : points) row.points.push_back({point.known, point.reading});
  row.slope = fit.line.slope;
  row.offset = fit.line.offset;
  row.residual = fit.residual;
  return row;
}

calibration::Line line_of(const store::DeviceCalibration& calibration) { return {calibration.slope, calibration.offset}; }

const store::BandCheck* first_check(const std::vector<store::BandCheck>& checks, const store::BandCheck& like) {
  for (const store::BandCheck& check : checks)
    if (check.band == like.band && same_lengths(check, like)) return &check;
  return nullptr;
}

std::vector<Message> band_notices(const std::vector<store::BandCheck>& checks, double limit_percent) {
  std::vector<Message> lines;
  for (auto check = checks.begin(); check != checks.end(); ++check) {
    const bool newest = std::none_of(check + 1, checks.end(), [&](const auto& later) { return later.band == check->band; });
    if (!newest) continue;
    const store::BandCheck* first = first_check(checks, *check);
    const Message line = calibration::band_notice(check->band, first->stiffness_n_per_m, check->stiffness_n_per_m, limit_percent);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

Result<std::string> calibrations_text(store::Store& log) {
  const auto rows = log.calibrations();
  if (!rows) return rows.error();
  return calibrations_json(*rows, SystemClock().wall().utc_us);
}

Result<std::string> band_checks_text(store::Store& log) {
  const auto rows = log.band_checks();
  if (!rows) return rows.error();
  return band_checks_json(*rows);
}

std::string calibrations_json(const std::vector<store::DeviceCalibration>& rows, int64_t now_utc_us) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& row : rows) {
    nlohmann::json points = nlohmann::json::array();
    for (const auto& point : row.points) points.push_back({{"known", point.known}, {"reading", point.reading}});
    list.push_back({{"id", row.id},
                    {"driver", row.driver},
                    {"serial", row.serial},
                    {"port", row.port},
                    {"channel", row.channel},
                    {"unit", row.unit},
                    {"made", utc_text(row.made_utc_us)},
                    {"made_utc_us", row.made_utc_us},
                    {"made_local", local_text({row.made_utc_us, row.zone_offset_min})},
                    {"days_old", calibration::days_since(row.made_utc_us, now_utc_us)},
                    {"who", row.who},
                    {"points", points},
                    {"slope", row.slope},
                    {"offset", row.offset},
                    {"residual", row.residual},
                    {"rate_hz", row.rate_hz}});
  }
  return json_text(list, 2);
}

Message reminder_of(const std::string& json, int64_t now_utc_us, int limit_days, const std::vector<std::string>& sockets) {
  std::vector<store::DeviceCalibration> rows;
  const nlohmann::json list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return {};
  for (const auto& entry : list) {
    if (!entry.is_object()) continue;
    store::DeviceCalibration row;
    row.driver = entry.value("driver", "");
    row.serial = entry.value("serial", "");
    row.port = entry.value("port", "");
    row.channel = entry.value("channel", "");
    row.made_utc_us = entry.value("made_utc_us", int64_t{0});
    rows.push_back(std::move(row));
  }
  return CalibrationBook(std::move(rows)).reminder(now_utc_us, limit_days, sockets);
}

std::string calibrations_table(const std::string& json) {
  std::string table = fmt::format("{:<19}  {:>5}  {:<18}  {:<14}  {:<20}  {:<8}  {:>9}  {:>9}  {:>8}  {:>7}  {}\n", "made",
                                  "days", "driver", "serial", "port", "channel", "slope", "offset", "residual", "rate_hz", "who");
  for (const auto& row : nlohmann::json::parse(json, nullptr, false)) {
    table += fmt::format("{:<19}  {:>5}  {:<18}  {:<14}  {:<20}  {:<8}  {:>9.5f}  {:>9.3f}  {:>8.3f}  {:>7.1f}  {}\n",
                         row.value("made_local", ""), row.value("days_old", 0), short_driver(row.value("driver", "")),
                         row.value("serial", ""), row.value("port", ""), row.value("channel", ""), row.value("slope", 0.0),
                         row.value("offset", 0.0), row.value("residual", 0.0), row.value("rate_hz", 0.0), row.value("who", ""));
  }
  return table;
}

std::string band_checks_json(const std::vector<store::BandCheck>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& row : rows) {
    const store::BandCheck* first = first_check(rows, row);
    list.push_back({{"id", row.id},
                    {"band", row.band},
                    {"made", utc_text(row.made_utc_us)},
                    {"made_local", local_text({row.made_utc_us, row.zone_offset_min})},
                    {"who", row.who},
                    {"driver", row.driver},
                    {"serial", row.serial},
                    {"calibration", row.calibration.empty() ? nlohmann::json(nullptr) : nlohmann::json(row.calibration)},
                    {"length1_m", row.length1_m},
                    {"force1_n", row.force1_n},
                    {"length2_m", row.length2_m},
                    {"force2_n", row.force2_n},
                    {"stiffness_n_per_m", row.stiffness_n_per_m},
                    {"change_percent", calibration::change_percent(first->stiffness_n_per_m, row.stiffness_n_per_m)}});
  }
  return json_text(list, 2);
}

std::string band_checks_table(const std::string& json) {
  std::string table = fmt::format("{:<19}  {:<16}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {}\n", "made", "band", "from_m",
                                  "to_m", "from_N", "to_N", "N_per_m", "change", "who");
  for (const auto& row : nlohmann::json::parse(json, nullptr, false))
    table += fmt::format("{:<19}  {:<16}  {:>8.3f}  {:>8.3f}  {:>8.1f}  {:>8.1f}  {:>8.1f}  {:>+6.1f} %  {}\n",
                         row.value("made_local", ""), row.value("band", ""), row.value("length1_m", 0.0),
                         row.value("length2_m", 0.0), row.value("force1_n", 0.0), row.value("force2_n", 0.0),
                         row.value("stiffness_n_per_m", 0.0), row.value("change_percent", 0.0), row.value("who", ""));
  return table;
}

}  // namespace patella::runtime
