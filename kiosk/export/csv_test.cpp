#include "export/csv.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "base/clock.hpp"
#include "export/csv_text.hpp"
#include "export/sha256.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::exporting;
using namespace patella::test;

namespace {
std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Metrics are the session's own events.
session::LogEvent metric(uint64_t number, int64_t t_us, std::vector<std::pair<std::string, session::LogEvent::Value>> fields) {
  session::LogEvent made = test::event(number, t_us, "metric", std::move(fields));
  made.origin = session::Origin::session;
  return made;
}

/// A reader of RFC 4180 of its own: rows of cells. Every row must end with CRLF.
std::vector<std::vector<std::string>> parse(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[++i];
      else
        quoted = false;
    } else if (c == '"') {
      REQUIRE(cell.empty());
      quoted = true;
    } else if (c == ',') {
      row.push_back(std::exchange(cell, {}));
    } else if (c == '\r') {
      REQUIRE(i + 1 < text.size());
      REQUIRE(text[++i] == '\n');
      row.push_back(std::exchange(cell, {}));
      rows.push_back(std::exchange(row, {}));
    } else {
      REQUIRE(c != '\n');
      cell += c;
    }
  }
  REQUIRE(cell.empty());
  REQUIRE(row.empty());
  for (const auto& each : rows) REQUIRE(each.size() == rows[0].size());
  return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row, const std::string& column) {
  for (std::size_t i = 0; i < rows[0].size(); ++i)
    if (rows[0][i] == column) return rows.at(row)[i];
  FAIL("no column " << column);
  return "";
}

std::string sodium_sha256(const std::string& bytes) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::string hex;
  for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
  return hex;
}

struct Filled {
  Folder folder;
  std::unique_ptr<store::Store> store;
  std::vector<Record> records;

  explicit Filled(const std::string& hostile = "too short") {
    Result<store::Store::Opened> opened = store::Store::open(folder.path / "log.db");
    REQUIRE(opened.ok());
    store = std::move(opened->store);
    store::SessionHead first = head("s-1");
    first.station_title = hostile;
    REQUIRE(store->begin_session(first));
    uint64_t seq = 0;
    const auto sample = [&](uint16_t channel, int64_t t_us, double value) {
      records.push_back({++seq, t_us, value, RecordKind::sample, 0, channel, 0});
    };
    for (int i = -3; i < 300; ++i) {
      sample(0, i * 12'345, i * 0.25 - 10);
      sample(1, i * 12'345 + 7, i * 1.1 / 3);
      if (i % 10 == 0) records.push_back({++seq, i * 12'345, 0, RecordKind::tick, 0, 0, 0});
    }
    sample(0, 3'800'000'000'001, -0.0);
    sample(0, 3'800'000'000'002, std::numeric_limits<double>::quiet_NaN());
    sample(5, 3'800'000'000'003, 1e300);
    REQUIRE(store->append(
        "s-1", records,
        std::vector{
            event(1, 500'000, "set_start", {{"set", 1.0}, {"side", std::string("left")}}),
            event(2, 2'500'000, "rep",
                  {{"set", 1.0},
                   {"n", 1.0},
                   {"side", std::string("left")},
                   {"counted", std::string("yes")},
                   {"peak_n", 61.25},
                   {"hold_s", 1.5}}),
            event(3, 3'500'000, "rep",
                  {{"set", 1.0},
                   {"n", 0.0},
                   {"side", std::string("left")},
                   {"counted", std::string("no")},
                   {"reason", hostile},
                   {"peak_n", -3.25},
                   {"impulse_ns", 12.0}}),
            event(4, 3'600'000, "hold",
                  {{"set", 1.0},
                   {"counted", std::string("no")},
                   {"side", std::string("left")},
                   {"reason", std::string("force left the target")},
                   {"hold_s", 1.2},
                   {"mean_n", 41.5},
                   {"min_n", 38.25},
                   {"peak_n", 47.0}}),
            event(5, 3'700'000, "hold", {{"set", 2.0}, {"counted", std::string("yes")}, {"hold_s", 20.0}}),
            metric(6, 3'800'000, {{"key", std::string("mean_cadence_rpm")}, {"unit", std::string("rpm")}, {"value", 70.0}}),
            metric(7, 3'900'000, {{"key", std::string("grip_index")}, {"unit", std::string("")}, {"value", 3.0}}),
            metric(8, 3'950'000, {{"key", std::string("mean_cadence_rpm")}, {"unit", std::string("rpm")}, {"value", 84.5}}),
            event(9, 4'000'000, "set_end",
                  {{"set", 1.0}, {"side", std::string("left")}, {"reason", std::string("pain stop")}})}));
    REQUIRE(store->end_session("s-1", {"completed", 12'500'000, 2, -1, 7}));
    store::SessionHead second = head("s-2");
    second.started_utc_us += 86'400'000'000;
    REQUIRE(store->begin_session(second));
    REQUIRE(store->commit());
  }
  CsvReport write(CsvRequest request = {}) {
    request.folder = folder.path / "out";
    std::filesystem::remove_all(request.folder);
    std::filesystem::create_directories(request.folder);
    request.made_utc_us = 1'795'100'000'000'000;
    Result<CsvReport> report = write_csv(*store, request);
    REQUIRE(report.ok());
    return std::move(*report);
  }
  std::string file(const std::string& name) const { return read(folder.path / "out" / name); }
};
}  // namespace

TEST_CASE("SHA-256 is the one of the standard, in any pieces") {
  Sha256 empty;
  CHECK(empty.finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    Sha256 hash;
    for (std::size_t at = 0; at < size;) {
      const std::size_t part = std::min<std::size_t>(1 + random() % 150, size - at);
      hash.add(std::string_view(bytes).substr(at, part));
      at += part;
    }
    REQUIRE(hash.finish() == sodium_sha256(bytes));
  }
}

TEST_CASE("cells are quoted and guarded as they must be") {
  CsvLine line;
  CHECK(line.text("a,b").text("say \"x\"").text("two\nlines").text("").number(-3.25).number(int64_t{-4}).empty().finish() ==
        "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",,-3.25,-4,\r\n");
  for (const char* hostile : {"=HYPERLINK(1)", "+1", "-1", "@x", "\tx"})
    CHECK(line.text(hostile).finish() == std::string("'") + hostile + "\r\n");
  CHECK(line.text("=A1,B1").finish() == "\"'=A1,B1\"\r\n");
  CHECK(line.text("\rx").finish() == "\"'\rx\"\r\n");
  CHECK(CsvLine(CsvStyle{.guard = false}).text("=1").finish() == "=1\r\n");
  CHECK(line.number(0.1).number(1e21).number(std::nan("")).finish() == "0.1,1e+21,\r\n");
}

TEST_CASE("the tables of an export say what is stored") {
  Filled filled;
  const CsvReport report = filled.write();
  CHECK(report.sessions == 2);
  CHECK(report.notices.empty());
  const auto sessions = parse(filled.file("sessions.csv"));
  REQUIRE(sessions.size() == 3);
  CHECK(cell(sessions, 1, "session") == "s-1");
  CHECK(cell(sessions, 1, "started_at_utc") == utc_text(head("").started_utc_us));
  CHECK(cell(sessions, 1, "started_at_local") == local_text({head("").started_utc_us, 60}));
  CHECK(cell(sessions, 1, "duration_s") == "12.5");
  CHECK(cell(sessions, 1, "pain_before_0_10") == "2");
  CHECK(cell(sessions, 1, "pain_after_0_10") == "");
  CHECK(cell(sessions, 1, "reps") == "1");
  CHECK(cell(sessions, 1, "reps_not_counted") == "1");
  CHECK(cell(sessions, 2, "outcome") == "");
  CHECK(cell(sessions, 2, "station_title") == "Knee extension, \"band\"");
  const auto sets = parse(filled.file("sets.csv"));
  REQUIRE(sets.size() == 2);
  CHECK(cell(sets, 1, "start_s") == "0.5");
  CHECK(cell(sets, 1, "end_s") == "4");
  CHECK(cell(sets, 1, "ended") == "pain stop");
  const auto reps = parse(filled.file("reps.csv"));
  REQUIRE(reps.size() == 3);
  CHECK(cell(reps, 1, "peak_N") == "61.25");
  CHECK(cell(reps, 1, "impulse_Ns") == "");
  CHECK(cell(reps, 2, "peak_N") == "-3.25");
  CHECK(cell(reps, 2, "impulse_Ns") == "12");
  CHECK(cell(reps, 2, "counted") == "no");
}

TEST_CASE("each channel's device, calibration and rate are in the export") {
  Filled filled;
  store::DeviceCalibration calibration;
  calibration.id = "c-1";
  calibration.who = "=M. Berg";
  calibration.made_utc_us = 1'795'000'000'000'000;
  calibration.slope = 1.0625;
  calibration.offset = -3.5;
  calibration.residual = 0.25;
  REQUIRE(filled.store->add_calibration(calibration));
  session::LogEvent used = event(1, 0, "calibration", {{"channel", std::string("force")}, {"id", std::string("c-1")}});
  session::LogEvent quality =
      event(2, 9, "quality",
            {{"channel", std::string("force")}, {"samples", 882.0}, {"rate_hz", 88.2}, {"jitter_ms", 0.25}, {"lost", 3.0}});
  used.origin = quality.origin = session::Origin::session;
  REQUIRE(filled.store->append("s-2", {}, std::vector{used, quality}));
  REQUIRE(filled.store->commit());
  filled.write();
  const auto channels = parse(filled.file("channels.csv"));
  REQUIRE(channels.size() == 5);
  CHECK(cell(channels, 1, "session") == "s-1");
  CHECK(cell(channels, 1, "serial") == "FT1234");
  CHECK(cell(channels, 1, "calibration") == "");
  CHECK(cell(channels, 1, "slope") == "");
  CHECK(cell(channels, 1, "rate_Hz") == "");
  CHECK(cell(channels, 3, "session") == "s-2");
  CHECK(cell(channels, 3, "calibration") == "c-1");
  CHECK(cell(channels, 3, "calibrated_at_utc") == utc_text(1'795'000'000'000'000));
  CHECK(cell(channels, 3, "calibrated_by") == "'=M. Berg");
  CHECK(cell(channels, 3, "slope") == "1.0625");
  CHECK(cell(channels, 3, "offset") == "-3.5");
  CHECK(cell(channels, 3, "rate_Hz") == "88.2");
  CHECK(cell(channels, 3, "lost") == "3");
  CHECK(cell(channels, 4, "calibration") == "");
}

TEST_CASE("every sample is in the export, value and time exact") {
  Filled filled;
  filled.write();
  const auto rows = parse(filled.file("samples_s-1.csv"));
  std::map<std::string, std::vector<Record>> channels;
  for (const Record& record : filled.records)
    if (record.kind == RecordKind::sample)
      channels[record.channel == 0 ? "force" : record.channel == 1 ? "cadence" : "channel_5"].push_back(record);
  std::map<std::string, std::size_t> at;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Record& record = channels.at(rows[i][0]).at(at[rows[i][0]]++);
    INFO("row " << i);
    REQUIRE(rows[i][1] == (rows[i][0] == "force" ? "N" : rows[i][0] == "cadence" ? "rpm" : ""));
    REQUIRE(rows[i][2].size() > 7);
    REQUIRE(rows[i][2][rows[i][2].size() - 7] == '.');
    REQUIRE(std::llround(std::stod(rows[i][2]) * 1e6) == record.t_us);
    if (std::isnan(record.value))
      REQUIRE(rows[i][3].empty());
    else
      REQUIRE(std::stod(rows[i][3]) == record.value);
  }
  for (const auto& [name, list] : channels) CHECK(at[name] == list.size());
  CHECK(parse(filled.file("samples_s-2.csv")).size() == 1);
}

TEST_CASE("hostile text becomes no formula, and raw is an explicit choice") {
  Filled filled("=HYPERLINK(\"http://x\",\"y\")");
  filled.write();
  CHECK(cell(parse(filled.file("sessions.csv")), 1, "station_title") == "'=HYPERLINK(\"http://x\",\"y\")");
  CHECK(cell(parse(filled.file("reps.csv")), 2, "reason")[0] == '\'');
  CHECK(cell(parse(filled.file("reps.csv")), 2, "peak_N") == "-3.25");
  CsvRequest raw;
  raw.guard_text = false;
  filled.write(raw);
  CHECK(cell(parse(filled.file("sessions.csv")), 1, "station_title") == "=HYPERLINK(\"http://x\",\"y\")");
}

TEST_CASE("each hold and each metric is in the export") {
  Filled filled;
  filled.write();
  const auto holds = parse(filled.file("holds.csv"));
  REQUIRE(holds.size() == 3);
  CHECK(holds[0] ==
        std::vector<std::string>{"session", "set", "side", "counted", "reason", "t_s", "hold_s", "mean_N", "min_N", "peak_N"});
  CHECK(holds[1] ==
        std::vector<std::string>{"s-1", "1", "left", "no", "force left the target", "3.6", "1.2", "41.5", "38.25", "47"});
  CHECK(holds[2] == std::vector<std::string>{"s-1", "2", "", "yes", "", "3.7", "20", "", "", ""});
  const auto metrics = parse(filled.file("metrics.csv"));
  REQUIRE(metrics.size() == 3);
  CHECK(metrics[1] == std::vector<std::string>{"s-1", "mean_cadence_rpm", "rpm", "84.5"});
  CHECK(metrics[2] == std::vector<std::string>{"s-1", "grip_index", "", "3"});
  const auto rows = parse(filled.file("sessions.csv"));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CHECK(cell(rows, i, "mean_cadence_rpm") == (cell(rows, i, "session") == "s-1" ? "84.5" : ""));
    CHECK(cell(rows, i, "best_cadence_rpm").empty());
  }
}

TEST_CASE("for a spreadsheet with a decimal comma every file has semicolons and commas, and text stays text") {
  Filled filled("1E5");
  CsvRequest request;
  request.profile = CsvProfile::excel;
  request.decimal_comma = true;
  filled.write(request);
  const std::string sessions = filled.file("sessions.csv").substr(3), samples = filled.file("samples_s-1.csv").substr(3);
  CHECK(sessions.starts_with("session;station;"));
  CHECK(sessions.find(";'1E5;") != std::string::npos);
  CHECK(sessions.find(";12,5;") != std::string::npos);  // duration_s
  CHECK(filled.file("reps.csv").find(";-3,25") != std::string::npos);
  CHECK(filled.file("holds.csv").find(";41,5;38,25;47") != std::string::npos);
  CHECK(samples.starts_with("channel;unit;t_s;value\r\n"));
  CHECK(samples.find('.') == std::string::npos);
  CHECK(samples.find(";0,000000;-10,00\r\n") != std::string::npos);
  const auto json = nlohmann::json::parse(filled.file("export.json"));
  CHECK(json["separator"] == ";");
  CHECK(json["decimal"] == ",");
}

TEST_CASE("the local time of a set is that of the zone when it began, whenever it is exported") {
  const char* before = std::getenv("TZ");
  const std::string old = before ? before : "";
  ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  Filled filled;
  store::SessionHead night = head("s-3");
  night.started_utc_us = 1'792'889'940'000'000;  // 2026-10-25T00:59:00Z: a minute before summer time ends
  night.zone_offset_min = 120;
  REQUIRE(filled.store->begin_session(night));
  REQUIRE(filled.store->append(
      "s-3", {},
      std::vector{event(1, 30'000'000, "set_start", {{"set", 1.0}}), event(2, 120'000'000, "set_start", {{"set", 2.0}})}));
  REQUIRE(filled.store->end_session("s-3", {"completed", 240'000'000, 2, 1, 7}));
  CsvRequest request;
  request.filter.id = "s-3";
  filled.write(request);
  const auto sets = parse(filled.file("sets.csv"));
  REQUIRE(sets.size() == 3);
  CHECK(cell(sets, 1, "started_at_local") == "2026-10-25 02:59:30");
  CHECK(cell(sets, 2, "started_at_local") == "2026-10-25 02:01:00");
  CHECK(cell(parse(filled.file("sessions.csv")), 1, "started_at_local") == "2026-10-25 02:59:00");
  CHECK(nlohmann::json::parse(filled.file("export.json"))["made_at_local"] == "2026-11-19 15:53:20");
  before ? ::setenv("TZ", old.c_str(), 1) : ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("only the profile for Excel has a byte order mark") {
  Filled filled;
  CsvRequest request;
  filled.write(request);
  for (const char* name : {"sessions.csv", "sets.csv", "reps.csv", "channels.csv", "samples_s-1.csv"})
    CHECK(filled.file(name)[0] != '\xEF');
  request.profile = CsvProfile::excel;
  filled.write(request);
  for (const char* name : {"sessions.csv", "sets.csv", "reps.csv", "channels.csv", "samples_s-1.csv"})
    CHECK(filled.file(name).substr(0, 3) == "\xEF\xBB\xBF");
}

TEST_CASE("export.json names filter, rows and hashes, and the audit has the same") {
  Filled filled;
  CsvRequest request;
  request.filter.from_utc_us = head("").started_utc_us;
  request.filter.to_utc_us = head("").started_utc_us + 1;
  request.actor = "staff-1";
  const CsvReport report = filled.write(request);
  CHECK(report.sessions == 1);
  const auto json = nlohmann::json::parse(filled.file("export.json"));
  CHECK(json["schema"] == 2);
  CHECK(json["made_by"] == "staff-1");
  CHECK(json["filter"]["from_utc"] == utc_text(head("").started_utc_us));
  REQUIRE(json["files"].size() == 7);
  for (const auto& file : json["files"]) {
    const std::string bytes = filled.file(file["name"]);
    CHECK(file["sha256"] == sodium_sha256(bytes));
    CHECK(file["bytes"] == bytes.size());
    CHECK(file["rows"] == parse(bytes).size() - 1);
  }
  const auto audit = filled.store->audit_rows();
  REQUIRE(audit.ok());
  REQUIRE(audit->size() == 1);
  CHECK(audit->at(0).actor == "staff-1");
  CHECK(audit->at(0).action == "export");
  const auto detail = nlohmann::json::parse(audit->at(0).detail);
  CHECK(detail["tables"] == nlohmann::json(json["files"].begin(), json["files"].begin() + 6));
  CHECK(detail["filter"] == json["filter"]);
  CHECK(detail["samples"]["files"] == 1);
  CHECK(detail["samples"]["rows"] == json["files"][6]["rows"]);
  CHECK(detail["samples"]["bytes"] == json["files"][6]["bytes"]);
  CHECK(detail["export_json_sha256"] == sodium_sha256(filled.file("export.json")));

  request = {};
  request.filter.id = "s-2";
  request.samples = false;
  const CsvReport tables = filled.write(request);
  CHECK(tables.tables.size() == 6);
  CHECK(tables.samples.files == 0);
  CHECK(parse(filled.file("sessions.csv")).size() == 2);
}

TEST_CASE("figures that only later repetitions have get a column in every row") {
  Filled filled;
  store::SessionHead later = head("s-3");
  later.started_utc_us += 2 * int64_t{86'400'000'000};
  REQUIRE(filled.store->begin_session(later));
  REQUIRE(filled.store->append(
      "s-3", {},
      std::vector{event(1, 500'000, "rep",
                        {{"set", 1.0}, {"n", 1.0}, {"counted", std::string("yes")}, {"grip_mm", 7.5}, {"peak_n", 9.0}})}));
  REQUIRE(filled.store->commit());
  filled.write();
  const auto reps = parse(filled.file("reps.csv"));  // which wants as many cells in each row as in the header
  REQUIRE(reps.size() == 4);
  CHECK(cell(reps, 1, "peak_N") == "61.25");
  CHECK(cell(reps, 1, "grip_mm").empty());
  CHECK(cell(reps, 2, "impulse_Ns") == "12");
  CHECK(cell(reps, 2, "grip_mm").empty());
  CHECK(cell(reps, 3, "grip_mm") == "7.5");
  CHECK(cell(reps, 3, "peak_N") == "9");
  CHECK(cell(reps, 3, "hold_s").empty());
}

TEST_CASE("a folder that cannot be written is an error and leaves nothing behind") {
  Filled filled;
  CsvRequest request;
  request.folder = filled.folder.path / "nowhere";
  CHECK_FALSE(write_csv(*filled.store, request).ok());
  request.folder = filled.folder.path / "blocked";
  std::filesystem::create_directories(request.folder / "sets.csv" / "in the way");
  const Result<CsvReport> report = write_csv(*filled.store, request);
  REQUIRE_FALSE(report.ok());
  CHECK(report.error().where.find("sets.csv") != std::string::npos);
  CHECK(std::distance(std::filesystem::directory_iterator(request.folder), {}) == 1);
}

TEST_CASE("an export is never mixed with another one, and follows no planted link") {
  Filled filled;
  CsvRequest request;
  request.folder = filled.folder.path / "exports";
  std::filesystem::create_directories(request.folder);
  const std::filesystem::path precious = filled.folder.path / "precious";
  std::ofstream(precious) << "keep me";
  std::filesystem::create_symlink(precious, request.folder / "sessions.csv.new");
  const mode_t before = ::umask(0);
  const Result<CsvReport> first = write_csv(*filled.store, request);
  ::umask(before);
  REQUIRE(first.ok());
  CHECK(read(precious) == "keep me");
  struct stat status {};
  for (const auto& entry : std::filesystem::directory_iterator(request.folder)) {
    if (entry.is_symlink()) continue;
    INFO(entry.path());
    REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 07777u) == 0600);
  }
  const std::string description = read(request.folder / "export.json");
  request.filter.id = "s-2";
  const Result<CsvReport> second = write_csv(*filled.store, request);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().text().find("holds an export already") != std::string::npos);
  CHECK(read(request.folder / "export.json") == description);
}

TEST_CASE("a session that is not there is told before a file is made") {
  Filled filled;
  CsvRequest request;
  request.folder = filled.folder.path / "none";
  std::filesystem::create_directories(request.folder);
  request.filter.id = "s-9";
  const Result<CsvReport> report = write_csv(*filled.store, request);
  REQUIRE_FALSE(report.ok());
  CHECK(report.error().text().find("no session s-9") != std::string::npos);
  CHECK(std::filesystem::is_empty(request.folder));
}
