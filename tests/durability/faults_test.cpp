// A disk that fills up, fails or turns read-only under a running session.
#include <fmt/format.h>

#include <map>

#include "memory_disk.hpp"
#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::OpenOptions;
using store::Store;

namespace {
constexpr std::size_t kCommits = 60;

struct Recorder {
  MemoryDisk disk;
  OpenOptions options;
  Script script = make_script("s1", kCommits, 8);
  std::unique_ptr<Store> store;
  Acknowledged::Session acknowledged;
  std::size_t handed = 0, events = 0;

  Recorder() {
    options.vfs = disk.vfs_name();
    open();
    REQUIRE(store->begin_session(head("s1")));
    REQUIRE(store->commit());
  }
  void open() {
    store.reset();
    Result<Store::Opened> opened = store::open_store("log.db", options);
    REQUIRE(opened.ok());
    store = std::move(opened->store);
  }
  /// Hands over the next piece and commits.
  Status go_on() {
    const std::size_t i = handed++;
    const std::size_t more = i % 3 == 0 ? 1 : 0;
    REQUIRE(store->append("s1", std::span(script.records).subspan(i * 12, 12), std::span(script.events).subspan(events, more)));
    events += more;
    Status done = store->commit();
    if (done) acknowledged = {handed * 12, events, false};
    return done;
  }
  void finish() {
    while (handed < kCommits) REQUIRE(go_on());
    Status done = store->end_session("s1", {"completed", 1});
    REQUIRE(done);
    acknowledged.ended = true;
  }
  /// All is there, in this process and for the next one.
  void check_all() {
    CHECK(check(*store, script, acknowledged) == "");
    open();
    CHECK(check(*store, script, acknowledged) == "");
    CHECK(acknowledged.records == script.records.size());
    CHECK(acknowledged.events == script.events.size());
  }
};
}  // namespace

TEST_CASE("a full disk is told, everything waits in memory, and goes in when there is space again") {
  for (const int64_t spare : {0, 100, 5'000, 20'000, 60'000}) {
    Recorder recorder;
    for (int i = 0; i < 10; ++i) REQUIRE(recorder.go_on());
    recorder.disk.capacity = recorder.disk.used() + spare;
    int errors = 0;
    for (int i = 0; i < 30; ++i) {
      const Status done = recorder.go_on();
      if (done) continue;
      ++errors;
      CHECK(done.error().text().find("full") != std::string::npos);
      CHECK_FALSE(done.error().remedy.empty());
    }
    INFO("spare " << spare);
    CHECK((errors > 0 || spare > 5'000));
    recorder.disk.capacity = -1;
    recorder.finish();
    recorder.check_all();
  }
}

TEST_CASE("a session that ends on a full disk keeps its end, and what was acknowledged is there after a power cut") {
  Recorder recorder;
  for (int i = 0; i < 40; ++i) REQUIRE(recorder.go_on());
  recorder.disk.capacity = recorder.disk.used();
  (void)recorder.go_on();
  const Acknowledged::Session before = recorder.acknowledged;
  const Status ended = recorder.store->end_session("s1", {"completed", 1});
  CHECK(check(*recorder.store, recorder.script, before).find("damaged") == std::string::npos);
  recorder.disk.capacity = -1;
  if (!ended) REQUIRE(recorder.store->commit());
  const Acknowledged::Session all{recorder.handed * 12, recorder.events, true};
  CHECK(check(*recorder.store, recorder.script, all) == "");
  recorder.open();
  CHECK(check(*recorder.store, recorder.script, all) == "");
}

TEST_CASE("one failed write or sync anywhere costs nothing") {
  for (int64_t when = 0; when < 120; when += 3) {
    INFO("operation " << when);
    Recorder recorder;
    (when % 2 == 0 ? recorder.disk.writes_until_error : recorder.disk.syncs_until_error) = when;
    int errors = 0;
    while (recorder.handed < kCommits) errors += recorder.go_on() ? 0 : 1;
    CHECK(errors <= 2);
    if (!recorder.store->end_session("s1", {"completed", 1})) REQUIRE(recorder.store->commit());
    recorder.acknowledged = {recorder.script.records.size(), recorder.script.events.size(), true};
    recorder.check_all();
  }
}

TEST_CASE("a disk that fails for long is told each time and caught up with afterwards") {
  Recorder recorder;
  for (int i = 0; i < 5; ++i) REQUIRE(recorder.go_on());
  recorder.disk.all_fail = true;
  for (int i = 0; i < 20; ++i) {
    const Status done = recorder.go_on();
    REQUIRE_FALSE(done.ok());
    CHECK_FALSE(done.error().remedy.empty());
  }
  recorder.disk.all_fail = false;
  recorder.finish();
  recorder.check_all();
}

TEST_CASE("a disk that turns read-only is told, and the store begins in memory on one that is so from the start") {
  Recorder recorder;
  for (int i = 0; i < 5; ++i) REQUIRE(recorder.go_on());
  recorder.disk.read_only = true;
  const Status done = recorder.go_on();
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().text().find("read-only") != std::string::npos);
  recorder.store.reset();

  MemoryDisk& disk = recorder.disk;
  Result<Store::Opened> opened = store::open_store("log.db", recorder.options);
  REQUIRE(opened.ok());
  INFO("notice: " << english(opened->notice));
  CHECK(english(opened->notice).find("read-only") != std::string::npos);
  Script other = make_script("s2", kCommits, 9);
  REQUIRE(opened->store->begin_session(head("s2")));
  REQUIRE(opened->store->append("s2", other.records, other.events));
  CHECK_FALSE(opened->store->commit().ok());
  CHECK_FALSE(opened->store->load("s2").ok());
  disk.read_only = false;
  REQUIRE(opened->store->commit());
  CHECK(check(*opened->store, other, {other.records.size(), other.events.size(), false}) == "");
  CHECK(check(*opened->store, recorder.script, recorder.acknowledged) == "");
}

TEST_CASE("an audit row is written once, whatever fails on the way") {
  for (int64_t when = 0; when < 20; ++when) {
    INFO("sync " << when);
    Recorder recorder;
    recorder.disk.syncs_until_error = when;
    for (int i = 0; i < 12; ++i) {
      REQUIRE(recorder.store->audit({i, "kiosk", "view", "s1", fmt::format("{}", i)}));
      (void)recorder.store->commit();
    }
    REQUIRE(recorder.store->commit());
    const auto rows = recorder.store->audit_rows();
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 12);
    for (int i = 0; i < 12; ++i) CHECK(rows->at(static_cast<std::size_t>(i)).utc_us == i);
  }
}

TEST_CASE("a calibration is written once, whatever fails on the way") {
  for (int64_t when = 0; when < 20; ++when) {
    INFO("sync " << when);
    Recorder recorder;
    recorder.disk.syncs_until_error = when;
    for (std::size_t i = 0; i < 12; ++i) {
      REQUIRE(recorder.store->add_calibration(calibration(i)));
      (void)recorder.store->commit();
    }
    REQUIRE(recorder.store->commit());
    const auto rows = recorder.store->calibrations();
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 12);
    for (std::size_t i = 0; i < 12; ++i) CHECK(rows->at(i) == calibration(i));
  }
}

TEST_CASE("staff and their counts of wrong PINs are written once, whatever fails on the way") {
  for (int64_t when = 0; when < 20; ++when) {
    INFO("sync " << when);
    Recorder recorder;
    recorder.disk.syncs_until_error = when;
    std::map<std::string, int> now, acknowledged;  // failures by member
    for (int i = 1; i <= 12; ++i) {
      const std::string id = fmt::format("s{}", i % 4), counted = fmt::format("s{}", i % 3);
      REQUIRE(recorder.store->put_staff({id, fmt::format("name {}", i), "staff", "hash", i, 0}));
      now.emplace(id, 0);
      if (now.count(counted) != 0) REQUIRE(recorder.store->set_pin_failures(counted, now[counted] = i));
      if (recorder.store->commit()) acknowledged = now;
      if (const auto rows = recorder.store->staff())
        for (const store::StaffMember& row : *rows) CHECK(row.failures >= acknowledged[row.id]);
    }
    REQUIRE(recorder.store->commit());
    recorder.disk.syncs_until_error = -1;
    recorder.open();
    const auto rows = recorder.store->staff();
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 4);
    for (const store::StaffMember& row : *rows) {
      CHECK(row.added_utc_us > 8);  // the last one handed over for each id
      CHECK(row.failures == now[row.id]);
    }
  }
}
