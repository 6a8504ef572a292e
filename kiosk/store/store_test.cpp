#include "store/store.hpp"

#include <sqlite3.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::event;
using patella::test::Folder;
using patella::test::head;
using patella::test::random_records;
using patella::test::same;
using session::LogEvent;

namespace {
std::unique_ptr<Store> opened(const std::filesystem::path& path) {
  Result<Store::Opened> store = Store::open(path);
  REQUIRE(store.ok());
  REQUIRE(store->notice.empty());
  return std::move(store->store);
}

StoredSession loaded(Store& store, const std::string& id) {
  Result<StoredSession> session = store.load(id);
  REQUIRE(session.ok());
  return std::move(*session);
}

int64_t query(const std::filesystem::path& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  int64_t value = -1;
  const auto take = [](void* out, int, char** columns, char**) {
    *static_cast<int64_t*>(out) = columns[0] ? std::atoll(columns[0]) : 0;
    return 0;
  };
  char* text = nullptr;
  const int code = sqlite3_exec(db, sql, take, &value, &text);
  INFO(sql << ": " << (text ? text : ""));
  sqlite3_free(text);
  sqlite3_close(db);
  CHECK(code == SQLITE_OK);
  return value;
}
}  // namespace

TEST_CASE("a million records of every kind come back bit for bit, live and packed") {
  const Folder folder;
  const std::vector<Record> records = random_records(1'000'000, 1);
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->begin_session(head("s1")));
    for (std::size_t at = 0; at < records.size(); at += 10'000) {
      REQUIRE(store->append("s1", std::span(records).subspan(at, 10'000), {}));
      REQUIRE(store->commit());
    }
    const StoredSession live = loaded(*store, "s1");
    CHECK(live.notices.empty());
    CHECK(same(live.records, records));
  }
  const auto store = opened(folder.path / "log.db");
  REQUIRE(store->end_session("s1", {"completed", 77'000'000, 2, 3, 4}));
  const StoredSession packed = loaded(*store, "s1");
  CHECK(packed.notices.empty());
  CHECK(same(packed.records, records));
  CHECK(packed.row.outcome == "completed");
  CHECK(packed.row.duration_s == 77.0);
  CHECK(packed.row.pain_before == 2);
  CHECK(packed.row.pain_after == 3);
  CHECK(packed.row.effort == 4);

  std::vector<Record> streamed;
  REQUIRE(store->each_record("s1", [&](std::span<const Record> part) {
    streamed.insert(streamed.end(), part.begin(), part.end());
    return Status();
  }));
  CHECK(same(streamed, records));
  const Status stopped = store->each_record("s1", [](auto) { return Status(Error{"enough", "", ""}); });
  CHECK(stopped.error().what == "enough");
}

TEST_CASE("the head of a session comes back as it was, equal stations are kept once") {
  const Folder folder;
  SessionHead first = head("s1");
  SessionHead second = head("s2");
  second.client_ref = "guest";
  second.started_utc_us += 1'000'000;
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->begin_session(first));
    REQUIRE(store->begin_session(second));
    CHECK_FALSE(store->begin_session(first).ok());
    REQUIRE(store->commit());
    CHECK_FALSE(store->begin_session(second).ok());
    const Result<std::vector<SessionListRow>> open = store->open_sessions();
    REQUIRE(open.ok());
    REQUIRE(open->size() == 2);
    CHECK(open->at(0).head.id == "s2");
    const SessionHead& back = open->at(1).head;
    CHECK(back.station_id == first.station_id);
    CHECK(back.station_title == first.station_title);
    CHECK(back.client_ref == first.client_ref);
    CHECK(back.started_utc_us == first.started_utc_us);
    CHECK(back.zone_offset_min == first.zone_offset_min);
    CHECK(back.started_mono_us == first.started_mono_us);
    CHECK(back.boot_id == first.boot_id);
    CHECK(back.module_id == first.module_id);
    CHECK(back.module_version == first.module_version);
    CHECK(back.plugin == first.plugin);
    CHECK(back.params_json == first.params_json);
    CHECK(back.station_json == first.station_json);
    CHECK(back.seed == first.seed);
    CHECK(back.present == first.present);
    REQUIRE(back.channels.size() == 2);
    CHECK(back.channels[1].index == 1);
    CHECK(back.channels[1].key == "cadence");
    CHECK(back.channels[1].unit == "rpm");
    CHECK(back.channels[0].driver == "chronojump_force");
    CHECK(back.channels[0].serial == "FT1234");

    SessionFilter filter;
    filter.from_utc_us = second.started_utc_us;
    REQUIRE(store->sessions(filter).ok());
    CHECK(store->sessions(filter)->size() == 1);
    filter = {};
    filter.to_utc_us = second.started_utc_us;
    CHECK(store->sessions(filter)->at(0).head.id == "s1");
    filter = {};
    filter.id = "s2";
    CHECK(store->sessions(filter)->at(0).head.id == "s2");
    CHECK(store->sessions({})->size() == 2);
    CHECK_FALSE(store->load("nobody").ok());
  }
  CHECK(query(folder.path / "log.db", "SELECT count(*) FROM station_revision") == 1);
  CHECK(query(folder.path / "log.db", "SELECT count(*) FROM client") == 1);
  CHECK(query(folder.path / "log.db", "PRAGMA application_id") == kApplicationId);
}

TEST_CASE("events keep every bit, unknown kinds too; sets, reps and counts come from them") {
  const Folder folder;
  const double odd = std::bit_cast<double>(uint64_t{0x7ff8'0000'0000'1234});
  const std::vector<LogEvent> events{
      event(1, 100, "set_start", {{"set", 1.0}, {"side", std::string("left")}}),
      event(2, 2'000'000, "rep",
            {{"set", 1.0},
             {"n", 1.0},
             {"side", std::string("left")},
             {"counted", std::string("yes")},
             {"reason", std::string()},
             {"peak_n", 61.2},
             {"hold_s", 0.1 + 0.2}}),
      event(3, 3'000'000, "rep",
            {{"set", 1.0},
             {"n", 0.0},
             {"side", std::string("left")},
             {"counted", std::string("no")},
             {"reason", std::string("too short")},
             {"peak_n", 12.0}}),
      event(4, 4'000'000, "set_end", {{"set", 1.0}, {"side", std::string("left")}, {"n", 1.0}, {"reason", std::string("ended")}}),
      event(5, 4'500'000, "hold", {{"hold_s", 30.0}}),
      event(6, 5'000'000, "something_new",
            {{"not a number", odd},
             {"minus", -0.0},
             {"far", -std::numeric_limits<double>::infinity()},
             {"bytes", std::string("\xff\x00\x80", 3)},
             {"ümläut", std::string("\"=1\n")}}),
  };
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->begin_session(head("s1")));
    REQUIRE(store->append("s1", {}, events));
    REQUIRE(store->commit());
  }
  const auto store = opened(folder.path / "log.db");
  // A resumed session goes on where the file is, its counts too.
  REQUIRE(store->append("s1", {}, std::vector{event(7, 6'000'000, "hold", {{"hold_s", 31.0}})}));
  CHECK_FALSE(store->append("s1", {}, std::vector{event(7, 6'000'000, "hold", {})}).ok());
  REQUIRE(store->commit());
  const StoredSession session = loaded(*store, "s1");
  CHECK(session.notices.empty());
  REQUIRE(session.events.size() == 7);
  for (std::size_t i = 0; i < events.size(); ++i) {
    INFO(i);
    CHECK(same(session.events[i], events[i]));
  }
  REQUIRE(session.sets.size() == 1);
  CHECK(session.sets[0].side == "left");
  CHECK(session.sets[0].reps == 1);
  CHECK(session.sets[0].end_s == 4.0);
  CHECK(session.sets[0].ended == "ended");
  REQUIRE(session.reps.size() == 2);
  CHECK(session.reps[0].counted);
  CHECK(session.reps[0].figures == std::vector<std::pair<std::string, double>>{{"peak_n", 61.2}, {"hold_s", 0.1 + 0.2}});
  CHECK_FALSE(session.reps[1].counted);
  CHECK(session.reps[1].reason == "too short");
  CHECK(session.row.reps == 1);
  CHECK(session.row.reps_not_counted == 1);
  CHECK(session.row.holds == 2);
  CHECK(session.row.sets == 1);
  CHECK(session.row.duration_s == 6.0);
}

TEST_CASE("records must follow each other, and nothing follows the end") {
  const Folder folder;
  const auto store = opened(folder.path / "log.db");
  REQUIRE(store->begin_session(head("s1")));
  const std::vector<Record> records = random_records(10, 5);
  REQUIRE(store->append("s1", std::span(records).first(4), {}));
  CHECK_FALSE(store->append("s1", std::span(records).subspan(5), {}).ok());
  CHECK_FALSE(store->append("s1", std::span(records).first(4), {}).ok());
  REQUIRE(store->append("s1", std::span(records).subspan(4), {}));
  CHECK_FALSE(store->append("s2", records, {}).ok());
  CHECK_FALSE(store->end_session("s1", {"", 0}).ok());
  REQUIRE(store->end_session("s1", {"stopped_early", 5}));
  CHECK_FALSE(store->append("s1", {}, {}).ok());
  CHECK_FALSE(store->end_session("s1", {"completed", 5}).ok());
  CHECK(same(loaded(*store, "s1").records, records));
  CHECK(store->open_sessions()->empty());
}

TEST_CASE("the end of a session that is not there is refused, and not held") {
  const Folder folder;
  const auto store = opened(folder.path / "log.db");
  CHECK_FALSE(store->end_session("nobody", {"completed", 1}).ok());
  CHECK_FALSE(store->end_is_held("nobody"));
}

TEST_CASE("what was not committed is not there after a restart") {
  const Folder folder;
  const std::vector<Record> records = random_records(100, 6);
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->begin_session(head("s1")));
    REQUIRE(store->append("s1", std::span(records).first(60), {}));
    REQUIRE(store->commit());
    REQUIRE(store->append("s1", std::span(records).subspan(60), {}));
  }
  const auto store = opened(folder.path / "log.db");
  CHECK(same(loaded(*store, "s1").records, std::vector(records.begin(), records.begin() + 60)));
  REQUIRE(store->append("s1", std::span(records).subspan(60), {}));
  REQUIRE(store->commit());
  CHECK(same(loaded(*store, "s1").records, records));
}

TEST_CASE("a row a second is there for people when the session has ended") {
  const Folder folder;
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->begin_session(head("s1")));
    std::vector<Record> records;
    for (int i = 0; i < 25; ++i)
      records.push_back({static_cast<uint64_t>(i + 1), i * 100'000, i * 0.5, RecordKind::sample, 0, 1, 0});
    REQUIRE(store->append("s1", records, {}));
    REQUIRE(store->end_session("s1", {"completed", 2'500'000}));
  }
  const auto path = folder.path / "log.db";
  CHECK(query(path, "SELECT count(*) FROM second_view WHERE session='s1' AND channel='cadence' AND unit='rpm'") == 3);
  CHECK(query(path, "SELECT n*1000+max*10+min FROM second_row WHERE second=1") == 10'000 + 95 + 5);
  CHECK(query(path, "SELECT mean*100 FROM second_row WHERE second=0") == 225);
  CHECK(query(path, "SELECT count(*) FROM chunk") == 1);
  CHECK(query(path, "SELECT codec FROM chunk") == 2);
}

TEST_CASE("the audit is chained, append-only, and a change shows") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    const auto store = opened(path);
    REQUIRE(store->audit({1, "staff-1", "export", "s1", "{\"rows\":3}"}));
    REQUIRE(store->commit());
    REQUIRE(store->audit({2, "staff-1", "view", "C-0007", ""}));
    REQUIRE(store->commit());
    REQUIRE(store->audit_rows().ok());
    CHECK(store->audit_rows()->size() == 2);
    CHECK(store->audit_rows()->at(0).detail == "{\"rows\":3}");
  }
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "UPDATE audit SET actor='x'", nullptr, nullptr, nullptr) == SQLITE_CONSTRAINT);
  CHECK(sqlite3_exec(db, "DELETE FROM audit", nullptr, nullptr, nullptr) == SQLITE_CONSTRAINT);
  const char* change = GENERATE("UPDATE audit SET actor='x' WHERE number=1", "DELETE FROM audit WHERE number=2",
                                "DELETE FROM audit WHERE number=1");
  REQUIRE(sqlite3_exec(db, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete", nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, change, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  CHECK_FALSE(opened(path)->audit_rows().ok());
}
