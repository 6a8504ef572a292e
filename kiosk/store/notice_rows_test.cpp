#include <sqlite3.h>

#include "store/store.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using notices::Kind;
using notices::Notice;
using patella::test::Folder;

namespace {
Notice notice(const std::string& id, int64_t utc_us, Kind kind = Kind::call_staff) {
  Notice one;
  one.id = id;
  one.utc_us = utc_us;
  one.zone_offset_min = 60;
  one.kind = kind;
  one.station = "tke";
  one.session = "0190-session";
  one.client = "C-0007";
  one.detail = {{"screen", std::string("set_up")}, {"pain", 6.0}};
  return one;
}

std::vector<Notice> read(Store& store, const NoticeFilter& filter = {}) {
  auto rows = store.notices_to_staff(filter);
  REQUIRE(rows.ok());
  return *rows;
}

std::unique_ptr<Store> opened(const std::filesystem::path& path) {
  auto store = Store::open(path);
  REQUIRE(store.ok());
  return std::move(store->store);
}

void change(const std::filesystem::path& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}
}  // namespace

TEST_CASE("notices come back as they were, oldest first, also after the file was opened again") {
  const Folder folder;
  const Notice first = notice("a", 1'000, Kind::pain_stop), second = notice("b", 2'000, Kind::red_flag);
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->put_notice(second).ok());
    REQUIRE(store->put_notice(first).ok());
    CHECK(read(*store).empty());  // held until the commit
    REQUIRE(store->commit().ok());
    CHECK(read(*store) == std::vector{first, second});
  }
  CHECK(read(*opened(folder.path / "log.db")) == std::vector{first, second});
}

TEST_CASE("an acknowledged notice is open no more and stays in the log with who and when") {
  const Folder folder;
  const auto store = opened(folder.path / "log.db");
  Notice one = notice("a", 1'000);
  REQUIRE(store->put_notice(one).ok());
  one.acknowledged_utc_us = 5'000;
  one.acknowledged_by = "id-berg";
  REQUIRE(store->put_notice(one).ok());  // in the same commit: the last one counts
  REQUIRE(store->put_notice(notice("b", 3'000)).ok());
  REQUIRE(store->commit().ok());
  CHECK(read(*store, {true}) == std::vector{notice("b", 3'000)});
  CHECK(read(*store) == std::vector{one, notice("b", 3'000)});
  CHECK(read(*store, {false, 1}) == std::vector{notice("b", 3'000)});
}

TEST_CASE("a notice without an id is refused") {
  const Folder folder;
  const auto store = opened(folder.path / "log.db");
  CHECK_FALSE(store->put_notice(notice("", 1)).ok());
}

TEST_CASE("a changed notice is told and left out, whichever part was changed") {
  const char* part =
      GENERATE("kind='pain_stop'", "kind='gone'", "client_ref='C-0008'", "station_id='x'", "session_id='x'", "utc_us=1001",
               "zone_offset_min=0", "detail='[]'", "detail='x'", "acknowledged_by='x'", "acknowledged_utc_us=7", "crc32c=1");
  const Folder folder;
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->put_notice(notice("a", 1'000)).ok());
    REQUIRE(store->put_notice(notice("b", 2'000)).ok());
    REQUIRE(store->commit().ok());
  }
  change(folder.path / "log.db", ("UPDATE notice SET " + std::string(part) + " WHERE id='a'").c_str());
  const auto store = opened(folder.path / "log.db");
  INFO(part);
  CHECK(read(*store, {true}) == std::vector{notice("b", 2'000)});  // also one that looks acknowledged
  CHECK_FALSE(store->take_notices().empty());
  CHECK(read(*store) == std::vector{notice("b", 2'000)});
  CHECK_FALSE(store->take_notices().empty());
}

TEST_CASE("a notice that is gone is told") {
  const Folder folder;
  {
    const auto store = opened(folder.path / "log.db");
    REQUIRE(store->put_notice(notice("a", 1'000)).ok());
    REQUIRE(store->commit().ok());
  }
  change(folder.path / "log.db", "DELETE FROM notice");
  const auto store = opened(folder.path / "log.db");
  CHECK(read(*store, {true}).empty());
  CHECK(store->take_notices().size() == 1);
}
