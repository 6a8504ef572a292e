#include "store/device_rows.hpp"

#include <fstream>
#include <iterator>
#include <map>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::Folder;

namespace {
DeviceCalibration calibration(const std::string& id, int64_t made_utc_us) {
  return {id,
          "org.patella.chronojump_force",
          "A50285BI",
          "",
          "force",
          "N",
          made_utc_us,
          60,
          "M. Berg, \"physio\"",
          {{0, 3.5}, {98.0665, 101.25}, {196.133, 1.0 / 3}},
          1.00731,
          -3.5,
          0.125,
          88.2};
}

BandCheck band_check(const std::string& id, int64_t made_utc_us) {
  return {id,  "green 2", made_utc_us, -300, "M. Berg", "org.patella.chronojump_force", "A50285BI", "c1",
          0.5, 20.25,     1.0,         80.5, 120.5};
}

void exec(const std::filesystem::path& path, const std::string& sql) {
  Failure failure = Failure::none;
  const auto db = Db::open(path, "", failure);
  REQUIRE(db.ok());
  const Status done = (*db)->exec(sql);
  if (!done) FAIL(done.error().text());
}

std::unique_ptr<Store> open(const std::filesystem::path& path) {
  Result<Store::Opened> opened = Store::open(path);
  REQUIRE(opened.ok());
  CHECK(opened->notice.empty());
  return std::move(opened->store);
}

/// Every file of a folder with all that is in it.
std::map<std::string, std::string> all_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

std::string schema_1() {
  std::ifstream file(PATELLA_SOURCE_DIR "/kiosk/store/fixtures/schema_1.sql");
  return {std::istreambuf_iterator<char>(file), {}};
}
}  // namespace

TEST_CASE("calibrations and band checks come back as they were, oldest first, after a commit and only then") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    auto store = open(path);
    REQUIRE(store->add_calibration(calibration("c2", 2000)));
    REQUIRE(store->add_calibration(calibration("c1", 1000)));
    REQUIRE(store->add_band_check(band_check("b1", 3000)));
    CHECK(store->calibrations()->empty());
    REQUIRE(store->commit());
    REQUIRE(store->add_calibration(calibration("never committed", 4000)));
  }
  auto store = open(path);
  const auto calibrations = store->calibrations();
  REQUIRE(calibrations.ok());
  CHECK(*calibrations == std::vector{calibration("c1", 1000), calibration("c2", 2000)});
  const auto checks = store->band_checks();
  REQUIRE(checks.ok());
  CHECK(*checks == std::vector{band_check("b1", 3000)});
}

TEST_CASE("a look from outside changes nothing, and gives nothing rather than half of it") {
  const Folder folder;
  const auto path = folder.path / "log #1?.db";  // what an SQLite URI would take for something else
  CHECK_FALSE(look_at_calibrations(path).ok());
  CHECK(all_of(folder.path).empty());
  {
    auto store = open(path);
    REQUIRE(store->add_calibration(calibration("c1", 1000)));
    REQUIRE(store->commit());
  }
  {
    auto store = open(path);
    REQUIRE(store->add_calibration(calibration("c2", 2000)));
    REQUIRE(store->commit());
    const auto held = all_of(folder.path);
    CHECK_FALSE(look_at_calibrations(path).ok());  // its newest row is in the log beside it
    CHECK(all_of(folder.path) == held);
  }
  auto before = all_of(folder.path);
  const auto rows = look_at_calibrations(path);
  if (!rows) FAIL(rows.error().text());
  CHECK(*rows == std::vector{calibration("c1", 1000), calibration("c2", 2000)});
  CHECK(all_of(folder.path) == before);

  const auto old = folder.path / "old.db", damaged = folder.path / "damaged.db";
  exec(old, schema_1());
  std::ofstream(damaged) << "no database at all, but longer than a header of one would be: " << std::string(8192, 'x');
  before = all_of(folder.path);
  CHECK_FALSE(look_at_calibrations(old).ok());
  CHECK_FALSE(look_at_calibrations(damaged).ok());
  CHECK(all_of(folder.path) == before);
}

TEST_CASE("a calibration written again is the same row") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  auto store = open(path);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(store->add_calibration(calibration("c1", 1000)));
    REQUIRE(store->commit());
  }
  CHECK(store->calibrations()->size() == 1);
}

TEST_CASE("figures that are no numbers are refused") {
  const Folder folder;
  auto store = open(folder.path / "log.db");
  DeviceCalibration wrong = calibration("c1", 1);
  wrong.slope = std::numeric_limits<double>::infinity();
  CHECK_FALSE(store->add_calibration(wrong));
  wrong = calibration("", 1);
  CHECK_FALSE(store->add_calibration(wrong));
  BandCheck check = band_check("b1", 1);
  check.stiffness_n_per_m = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(store->add_band_check(check));
  CHECK(store->commit());
  CHECK(store->calibrations()->empty());
}

TEST_CASE("a damaged calibration is not used and told") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    auto store = open(path);
    REQUIRE(store->add_calibration(calibration("c1", 1000)));
    REQUIRE(store->add_calibration(calibration("c2", 2000)));
    REQUIRE(store->add_band_check(band_check("b1", 3000)));
    REQUIRE(store->commit());
  }
  exec(path, "UPDATE device_calibration SET slope=1.5 WHERE id='c2'; UPDATE band_check SET who='x'");
  auto store = open(path);
  CHECK(*store->calibrations() == std::vector{calibration("c1", 1000)});
  CHECK(store->band_checks()->empty());
  CHECK(store->take_notices() == Messages{Message("The calibration {0} is damaged and not used", Name{"c2"}),
                                          Message("The band check {0} is damaged and was left out", Name{"b1"})});
}

TEST_CASE("a session names the calibration and the figures of each channel") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  std::vector<session::LogEvent> events = {
      test::event(1, 0, "calibration",
                  {{"channel", std::string("force")}, {"id", std::string("c1")}, {"serial", std::string("FT1234")}}),
      test::event(2, 5, "calibration",
                  {{"channel", std::string("force")}, {"id", std::string("c2")}, {"serial", std::string("FT5678")}}),
      test::event(3, 9, "quality",
                  {{"channel", std::string("force")}, {"samples", 882.0}, {"rate_hz", 88.2}, {"jitter_ms", 0.25}, {"lost", 3.0}}),
      test::event(4, 9, "quality",
                  {{"channel", std::string("cadence")}, {"samples", 12.0}, {"rate_hz", 1.5}, {"jitter_ms", 200.0}})};
  for (auto& event : events) event.origin = session::Origin::session;
  session::LogEvent from_module = test::event(5, 10, "quality", {{"channel", std::string("force")}, {"samples", 1.0}});
  events.push_back(from_module);  // a module may say what it likes under that name
  {
    auto store = open(path);
    REQUIRE(store->begin_session(test::head("s1")));
    REQUIRE(store->append("s1", {}, std::span(events).first(2)));
    REQUIRE(store->commit());
    REQUIRE(store->append("s1", {}, std::span(events).subspan(2)));
    REQUIRE(store->end_session("s1", {"completed", 12000, 1, 2, 3}));
  }
  auto store = open(path);
  const auto rows = store->sessions({});
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  const auto loaded = store->load("s1");
  REQUIRE(loaded.ok());
  CHECK(loaded->notices.empty());
  for (const auto* channels : {&rows->front().head.channels, &loaded->row.head.channels}) {
    REQUIRE(channels->size() == 2);
    CHECK((*channels)[0].calibration == "c2");
    CHECK((*channels)[0].serial == "FT5678");  // swapped in mid-session: the log has both
    CHECK((*channels)[0].figures == ChannelFigures{882, 88.2, 0.25, 3});
    CHECK((*channels)[1].calibration == "");
    CHECK((*channels)[1].figures == ChannelFigures{12, 1.5, 200, -1});
  }
}

TEST_CASE("a log of the first schema is brought forward: its sessions, its audit, and the one still open goes on") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  REQUIRE(schema_1().size() > 5000);
  exec(path, schema_1());
  const std::string open_id = "0192aaaa-0000-7000-8000-000000000001", ended_id = "0192aaaa-0000-7000-8000-000000000002";
  const auto records = test::random_records(70, 11);
  const std::vector<Record> old(records.begin(), records.begin() + 60);
  for (int round = 0; round < 2; ++round) {
    auto store = open(path);
    for (const std::string& id : {open_id, ended_id}) {
      const auto session = store->load(id);
      REQUIRE(session.ok());
      CHECK(session->notices.empty());
      CHECK(test::same(session->records, old));
      CHECK(session->events.size() == 3);
      REQUIRE(session->reps.size() == 1);
      CHECK(session->reps[0].figures.at(0).second == 61.25);
      REQUIRE(session->row.head.channels.size() == 2);
      CHECK(session->row.head.channels[0].serial == "FT1234");
      CHECK(session->row.head.channels[0].calibration == "");
      CHECK_FALSE(session->row.head.channels[0].figures);
    }
    CHECK(store->open_sessions()->size() == 1);
    CHECK(store->audit_rows()->size() == 1);
    CHECK(store->calibrations()->empty());
    CHECK(store->take_notices().empty());
  }
  auto store = open(path);
  REQUIRE(store->append(open_id, std::span(records).subspan(60), {}));
  REQUIRE(store->add_calibration(calibration("c1", 1000)));
  REQUIRE(store->end_session(open_id, {"stopped_early", 20000, -1, -1, -1}));
  CHECK(test::same(store->load(open_id)->records, records));
  CHECK(store->calibrations()->size() == 1);
  CHECK(store->audit_rows().ok());
  Failure failure = Failure::none;
  store.reset();
  const auto db = Db::open(path, "", failure);
  REQUIRE(db.ok());
  CHECK(*(*db)->integer("PRAGMA user_version") == migrations().back().to_version);
}
