// Every table has a check sum in each row, and a change behind the store's back shows.
#include "store/row_check.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::Folder;

namespace {
std::unique_ptr<Db> db_of(const std::filesystem::path& path) {
  Failure failure = Failure::none;
  auto db = Db::open(path, "", failure);
  REQUIRE(db.ok());
  return std::move(*db);
}

void exec(const std::filesystem::path& path, const std::string& sql) {
  const Status done = db_of(path)->exec(sql);
  if (!done) FAIL(done.error().text());
}

std::unique_ptr<Store> open(const std::filesystem::path& path) {
  Result<Store::Opened> opened = Store::open(path);
  if (!opened) FAIL(opened.error().text());
  CHECK(opened->notice.empty());
  return std::move(opened->store);
}

/// What schema 3 left: sessions s1 (ended) and s2 (open), calibration c1, band check b1, staff m1 and m2, an audit row.
void make_schema_3(const std::filesystem::path& path) {
  std::ifstream file(PATELLA_SOURCE_DIR "/kiosk/store/fixtures/schema_3.sql");
  const std::string sql{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(sql.size() > 10'000);
  exec(path, sql);
}

std::string first_notice(Store& store) {
  const auto notices = store.take_notices();
  return notices.empty() ? "" : english(notices.front());
}
}  // namespace

TEST_CASE("every table has a check sum in each row, or is the one that counts them") {
  const Folder folder;
  open(folder.path / "log.db").reset();
  const auto db = db_of(folder.path / "log.db");
  Result<Statement> tables = db->prepare(
      "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('audit','tally') "
      "AND sql NOT LIKE '%crc32c%'");
  REQUIRE(tables.ok());
  const Result<bool> row = tables->step();
  REQUIRE(row.ok());
  INFO((*row ? tables->text(0) : ""));
  CHECK_FALSE(*row);
}

TEST_CASE("a log of schema 3 is brought forward with check sums that fit") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  make_schema_3(path);
  for (int round = 0; round < 2; ++round) {
    auto store = open(path);
    for (const char* id : {"s1", "s2"}) {
      const auto session = store->load(id);
      REQUIRE(session.ok());
      CHECK(session->notices.empty());
      CHECK(test::same(session->records, test::random_records(200, static_cast<uint64_t>(id[1]))));
      CHECK(session->reps.at(0).figures.at(0).second == 62.5);
    }
    const auto rows = store->sessions({});
    REQUIRE(rows.ok());
    CHECK(rows->at(0).head.channels.at(0).figures == ChannelFigures{200, 80.5, 1.5, 2});
    CHECK(rows->at(0).head.channels.at(0).calibration == "c1");
    CHECK(store->calibrations()->size() == 1);
    CHECK(store->band_checks()->size() == 1);
    CHECK(store->audit_rows()->size() == 1);
    const auto staff = store->staff();
    REQUIRE(staff.ok());
    REQUIRE(staff->size() == 2);
    CHECK(staff->at(0).pin_hash == "$argon2id$x");
    CHECK(staff->at(1).failures == 2);
    CHECK(first_notice(*store) == "");
  }
  auto store = open(path);
  REQUIRE(store->set_pin_failures("m2", 0));
  REQUIRE(store->append("s2", {},
                        std::vector{test::event(5, 4000, "rep", {{"set", 1.0}, {"n", 2.0}, {"counted", std::string("yes")}})}));
  REQUIRE(store->end_session("s2", {"completed", 4000}));
  CHECK(store->staff()->at(1).failures == 0);
  CHECK(first_notice(*store) == "");
  store.reset();
  const auto db = db_of(path);
  CHECK(*db->integer("PRAGMA user_version") == migrations().back().to_version);
  CHECK(*db->integer(
            "SELECT count(*) FROM rep WHERE crc32c=row_crc(session_key,event,set_no,n,side,counted,reason,t_us,figures)") == 1);
}

TEST_CASE("a changed or missing row is said and not used") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  make_schema_3(path);
  open(path).reset();
  const auto [change, what] = GENERATE(table<std::string, std::string>({
      {"UPDATE staff SET pin_hash='$argon2id$y' WHERE id='m1'", "member of staff, Marta Berg"},
      {"UPDATE staff SET role='physio' WHERE id='m2'", "member of staff, Ole Dahl"},
      {"UPDATE staff SET failures=0 WHERE id='m2'", "member of staff, Ole Dahl"},
      {"DELETE FROM staff WHERE id='m1'", "list of staff"},
      {"UPDATE device_calibration SET slope=2", "calibration c1"},
      {"DELETE FROM device_calibration", "list of calibrations"},
      {"UPDATE band_check SET force1_n=2", "band check b1"},
      {"DELETE FROM band_check", "list of band checks"},
      {"UPDATE session_channel SET rate_hz=40.25 WHERE session_key=1 AND idx=0", "session s1"},
      {"UPDATE session_channel SET calibration='c2' WHERE session_key=1 AND idx=0", "session s1"},
      {"UPDATE session SET reps=7 WHERE id='s1'", "session s1"},
      {"UPDATE meta SET value='nearly' WHERE key='clean_shutdown'", "clean_shutdown"},
  }));
  INFO(change);
  exec(path, change);
  Result<Store::Opened> opened = Store::open(path);
  REQUIRE(opened.ok());
  Store& store = *opened->store;
  const auto staff = store.staff();
  const auto calibrations = store.calibrations();
  const auto checks = store.band_checks();
  REQUIRE(store.sessions({}).ok());
  REQUIRE((staff.ok() && calibrations.ok() && checks.ok()));
  std::string said = english(opened->notice);
  said += english(store.take_notices());
  INFO(said);
  CHECK(said.find(what) != std::string::npos);
  for (const StaffMember& member : *staff)
    if (said.find("staff, " + member.name) != std::string::npos) FAIL("a damaged row was listed");
  CHECK(calibrations->empty() == (said.find("alibration") != std::string::npos));
  CHECK(checks->empty() == (said.find("band check") != std::string::npos));
}

TEST_CASE("a damaged row of staff gets no fresh check sum by a wrong PIN, a station's text is mended by its next use") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  make_schema_3(path);
  open(path).reset();
  exec(path, "UPDATE staff SET role='physio' WHERE id='m2'; UPDATE station_revision SET params_json='[]'");
  auto store = open(path);
  REQUIRE(store->set_pin_failures("m2", 0));
  REQUIRE(store->commit());
  CHECK(store->staff()->size() == 1);
  CHECK(first_notice(*store).find("Ole Dahl") != std::string::npos);
  REQUIRE(store->sessions({}).ok());
  CHECK(store->take_notices().size() == 2);
  REQUIRE(store->begin_session(test::head("s3")));
  REQUIRE(store->commit());
  REQUIRE(store->sessions({}).ok());
  CHECK(first_notice(*store) == "");
}
