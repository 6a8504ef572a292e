#include "store/device_rows.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "store/crc32c.hpp"
#include "store/row_check.hpp"

namespace patella::store {

namespace {
void add(std::string& text, const std::string& part) { text += fmt::format("{}:{};", part.size(), part); }
void add(std::string& text, int64_t part) { text += fmt::format("{};", part); }
// Of −0 and 0 SQLite keeps one.
void add(std::string& text, double part) { text += fmt::format("{};", std::bit_cast<uint64_t>(part + 0.0)); }

std::string points_text(const std::vector<CalibrationPoint>& points) {
  nlohmann::json list = nlohmann::json::array();
  for (const CalibrationPoint& point : points) list.push_back({point.known, point.reading});
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<std::vector<CalibrationPoint>> points_from(const std::string& text) {
  const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  std::vector<CalibrationPoint> points;
  for (const auto& point : list) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) return std::nullopt;
    points.push_back({point[0].get<double>(), point[1].get<double>()});
  }
  return points;
}

uint32_t check_of(const DeviceCalibration& row) {
  std::string text;
  for (const std::string* part : {&row.id, &row.driver, &row.serial, &row.port, &row.channel, &row.unit, &row.who})
    add(text, *part);
  add(text, points_text(row.points));
  add(text, row.made_utc_us);
  add(text, int64_t{row.zone_offset_min});
  for (const double part : {row.slope, row.offset, row.residual, row.rate_hz}) add(text, part);
  return crc32c(text);
}

uint32_t check_of(const BandCheck& row) {
  std::string text;
  for (const std::string* part : {&row.id, &row.band, &row.who, &row.driver, &row.serial, &row.calibration}) add(text, *part);
  add(text, row.made_utc_us);
  add(text, int64_t{row.zone_offset_min});
  for (const double part : {row.length1_m, row.force1_n, row.length2_m, row.force2_n, row.stiffness_n_per_m}) add(text, part);
  return crc32c(text);
}

Error no_number(const std::string& id) { return {"a figure is not a number", id, "Measure it again"}; }
}  // namespace

Status check_row(const DeviceCalibration& calibration) {
  if (calibration.id.empty()) return Error{"a calibration needs an id", "", ""};
  for (const double figure : {calibration.slope, calibration.offset, calibration.residual, calibration.rate_hz})
    if (!std::isfinite(figure)) return no_number(calibration.id);
  for (const CalibrationPoint& point : calibration.points)
    if (!std::isfinite(point.known) || !std::isfinite(point.reading)) return no_number(calibration.id);
  return {};
}

Status check_row(const BandCheck& check) {
  if (check.id.empty()) return Error{"a band check needs an id", "", ""};
  for (const double figure : {check.length1_m, check.force1_n, check.length2_m, check.force2_n, check.stiffness_n_per_m})
    if (!std::isfinite(figure)) return no_number(check.id);
  return {};
}

Status insert_calibrations(Db& db, const std::vector<DeviceCalibration>& calibrations) {
  if (calibrations.empty()) return {};
  Result<Statement> add_row = db.prepare(
      "INSERT INTO device_calibration(id,driver,serial,port,channel,unit,made_utc_us,zone_offset_min,who,points,slope,offset,"
      "residual,rate_hz,crc32c) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING");
  if (!add_row) return add_row.error();
  for (const DeviceCalibration& row : calibrations) {
    add_row->bind(1, row.id).bind(2, row.driver).bind(3, row.serial).bind(4, row.port).bind(5, row.channel).bind(6, row.unit);
    add_row->bind(7, row.made_utc_us).bind(8, int64_t{row.zone_offset_min}).bind(9, row.who).bind(10, points_text(row.points));
    add_row->bind_real(11, row.slope).bind_real(12, row.offset).bind_real(13, row.residual).bind_real(14, row.rate_hz);
    if (Status done = add_row->bind(15, int64_t{check_of(row)}).run(); !done) return done;
  }
  return {};
}

Status insert_band_checks(Db& db, const std::vector<BandCheck>& checks) {
  if (checks.empty()) return {};
  Result<Statement> add_row = db.prepare(
      "INSERT INTO band_check(id,band,made_utc_us,zone_offset_min,who,driver,serial,calibration,length1_m,force1_n,length2_m,"
      "force2_n,stiffness_n_per_m,crc32c) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING");
  if (!add_row) return add_row.error();
  for (const BandCheck& row : checks) {
    add_row->bind(1, row.id).bind(2, row.band).bind(3, row.made_utc_us).bind(4, int64_t{row.zone_offset_min}).bind(5, row.who);
    add_row->bind(6, row.driver).bind(7, row.serial).bind(8, row.calibration).bind_real(9, row.length1_m);
    add_row->bind_real(10, row.force1_n).bind_real(11, row.length2_m).bind_real(12, row.force2_n);
    if (Status done = add_row->bind_real(13, row.stiffness_n_per_m).bind(14, int64_t{check_of(row)}).run(); !done) return done;
  }
  return {};
}

Result<std::vector<DeviceCalibration>> read_calibrations(Db& db, Messages& notices) {
  Result<Statement> query = db.prepare(
      "SELECT id,driver,serial,port,channel,unit,made_utc_us,zone_offset_min,who,points,slope,offset,residual,rate_hz,crc32c "
      "FROM device_calibration ORDER BY made_utc_us, id");
  if (!query) return query.error();
  std::vector<DeviceCalibration> rows;
  Tally tally;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) break;
    DeviceCalibration row;
    row.id = query->text(0);
    row.driver = query->text(1);
    row.serial = query->text(2);
    row.port = query->text(3);
    row.channel = query->text(4);
    row.unit = query->text(5);
    row.made_utc_us = query->integer(6);
    row.zone_offset_min = static_cast<int32_t>(query->integer(7));
    row.who = query->text(8);
    auto points = points_from(query->text(9));
    row.points = points.value_or(std::vector<CalibrationPoint>{});
    row.slope = query->real(10);
    row.offset = query->real(11);
    row.residual = query->real(12);
    row.rate_hz = query->real(13);
    tally.add(query->integer(14));
    if (points && int64_t{check_of(row)} == query->integer(14))
      rows.push_back(std::move(row));
    else
      notices.push_back(Message("The calibration {0} is damaged and not used", Name{row.id}));
  }
  if (Status done = tally.compare(db, "device_calibration", Message("calibrations"), notices); !done) return done.error();
  return rows;
}

Result<std::vector<BandCheck>> read_band_checks(Db& db, Messages& notices) {
  Result<Statement> query = db.prepare(
      "SELECT id,band,made_utc_us,zone_offset_min,who,driver,serial,calibration,length1_m,force1_n,length2_m,force2_n,"
      "stiffness_n_per_m,crc32c FROM band_check ORDER BY made_utc_us, id");
  if (!query) return query.error();
  std::vector<BandCheck> rows;
  Tally tally;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) break;
    BandCheck row;
    row.id = query->text(0);
    row.band = query->text(1);
    row.made_utc_us = query->integer(2);
    row.zone_offset_min = static_cast<int32_t>(query->integer(3));
    row.who = query->text(4);
    row.driver = query->text(5);
    row.serial = query->text(6);
    row.calibration = query->text(7);
    row.length1_m = query->real(8);
    row.force1_n = query->real(9);
    row.length2_m = query->real(10);
    row.force2_n = query->real(11);
    row.stiffness_n_per_m = query->real(12);
    tally.add(query->integer(13));
    if (int64_t{check_of(row)} == query->integer(13))
      rows.push_back(std::move(row));
    else
      notices.push_back(Message("The band check {0} is damaged and was left out", Name{row.id}));
  }
  if (Status done = tally.compare(db, "band_check", Message("band checks"), notices); !done) return done.error();
  return rows;
}

}  // namespace patella::store
