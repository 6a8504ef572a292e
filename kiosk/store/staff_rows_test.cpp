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
StaffMember member(const std::string& id, const std::string& name) {
  return {id, name, "physio", "0123456789abcdef$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", 1000, 0};
}

StaffMember with(StaffMember member, int failures) {
  member.failures = failures;
  return member;
}

/// Of those of staff, in their order.
std::vector<int> failures_of(Store& store) {
  std::vector<int> counts;
  const auto staff = store.staff();
  REQUIRE(staff.ok());
  for (const StaffMember& one : *staff) counts.push_back(one.failures);
  return counts;
}

std::unique_ptr<Store> open(const std::filesystem::path& path, const OpenOptions& options = {}) {
  Result<Store::Opened> opened = open_store(path, options);
  if (!opened) FAIL(opened.error().text());
  CHECK(opened->notice.empty());
  return std::move(opened->store);
}

void exec(const std::filesystem::path& path, const std::string& sql) {
  Failure failure = Failure::none;
  const auto db = Db::open(path, "", failure);
  REQUIRE(db.ok());
  const Status done = (*db)->exec(sql);
  if (!done) FAIL(done.error().text());
}
}  // namespace

TEST_CASE("staff and each one's count of wrong PINs come back as they were, after a commit and only then") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    auto store = open(path);
    CHECK(store->staff()->empty());
    REQUIRE(store->set_pin_failures("s1", 3));
    REQUIRE(store->put_staff(member("s3", "Ben")));
    REQUIRE(store->put_staff(member("s2", "Zoë")));
    REQUIRE(store->put_staff(member("s1", "Anna")));
    REQUIRE(store->set_pin_failures("s1", 4));
    REQUIRE(store->set_pin_failures("s2", 1));
    CHECK(store->staff()->empty());
    REQUIRE(store->commit());
    REQUIRE(store->put_staff(member("never committed", "Nobody")));
    REQUIRE(store->set_pin_failures("s1", 9));
    CHECK(failures_of(*store) == std::vector{4, 0, 1});
  }
  auto store = open(path);
  CHECK(*store->staff() == std::vector{with(member("s1", "Anna"), 4), member("s3", "Ben"), with(member("s2", "Zoë"), 1)});
  REQUIRE(store->set_pin_failures("s1", 0));
  REQUIRE(store->set_pin_failures("nobody", 7));
  REQUIRE(store->commit());
  CHECK(failures_of(*store) == std::vector{0, 0, 1});
}

TEST_CASE("a member that is put again keeps the count, and a new one begins with 0") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  auto store = open(path);
  REQUIRE(store->put_staff(with(member("s1", "Anna"), 5)));
  REQUIRE(store->commit());
  CHECK(failures_of(*store) == std::vector{0});
  REQUIRE(store->set_pin_failures("s1", 6));
  REQUIRE(store->commit());
  StaffMember again = member("s1", "Anna");
  again.pin_hash = "another";
  REQUIRE(store->put_staff(again));
  REQUIRE(store->commit());
  CHECK(*store->staff() == std::vector{with(again, 6)});
}

TEST_CASE("the same id again changes the row, and who was removed is not listed any more") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  auto store = open(path);
  REQUIRE(store->put_staff(member("s1", "Anna")));
  REQUIRE(store->commit());
  StaffMember changed = member("s1", "Anna B.");
  changed.pin_hash = "another";
  changed.role = "staff";
  for (int i = 0; i < 2; ++i) {
    REQUIRE(store->put_staff(member("s1", "in between")));
    REQUIRE(store->put_staff(changed));
    REQUIRE(store->commit());
    CHECK(*store->staff() == std::vector{changed});
  }
  changed.removed_utc_us = 2000;
  REQUIRE(store->put_staff(changed));
  REQUIRE(store->commit());
  CHECK(store->staff()->empty());
  store.reset();
  Failure failure = Failure::none;
  const auto db = Db::open(path, "", failure);
  CHECK(*(*db)->integer("SELECT removed_utc_us FROM staff WHERE id='s1'") == 2000);
}

TEST_CASE("a member without an id, a name or a known role is refused, and so is a count below 0") {
  const Folder folder;
  auto store = open(folder.path / "log.db");
  StaffMember wrong = member("s1", "Anna");
  wrong.role = "client";
  CHECK_FALSE(store->put_staff(wrong));
  CHECK_FALSE(store->put_staff(member("", "Anna")));
  CHECK_FALSE(store->put_staff(member("s1", "")));
  CHECK_FALSE(store->set_pin_failures("s1", -1));
  CHECK_FALSE(store->set_pin_failures("", 1));
  CHECK(store->commit());
  CHECK(store->staff()->empty());
}

TEST_CASE("a count that is absurd is still a count") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    auto store = open(path);
    REQUIRE(store->put_staff(member("s1", "Anna")));
    REQUIRE(store->commit());
  }
  exec(path, "UPDATE staff SET failures=-7, crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,-7)");
  CHECK(failures_of(*open(path)) == std::vector{0});
  exec(path,
       "UPDATE staff SET failures=9223372036854775807,"
       "crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,9223372036854775807)");
  auto store = open(path);
  const int most = failures_of(*store).at(0);
  CHECK(most > 1'000'000);
  REQUIRE(store->set_pin_failures("s1", most + 1));
  REQUIRE(store->commit());
  CHECK(failures_of(*store) == std::vector{most});
}

TEST_CASE("logs of the older schemas get staff with PINs and keep who was there") {
  const Folder folder;
  const auto first = folder.path / "first.db", second = folder.path / "second.db";
  std::ifstream file(PATELLA_SOURCE_DIR "/kiosk/store/fixtures/schema_1.sql");
  exec(first, {std::istreambuf_iterator<char>(file), {}});
  exec(second, std::string("BEGIN;") + migrations()[0].sql + migrations()[1].sql +
                   fmt::format("PRAGMA application_id={};PRAGMA user_version=2;COMMIT;", kApplicationId));
  for (const auto& path : {first, second}) {
    exec(path, "INSERT INTO staff(id,name,role,added_utc_us) VALUES('s1','Anna','physio',1000)");
    StaffMember expected = member("s1", "Anna");
    expected.pin_hash = "";
    auto store = open(path);
    CHECK(*store->staff() == std::vector{expected});
    expected.pin_hash = "set";
    REQUIRE(store->put_staff(expected));
    REQUIRE(store->set_pin_failures("s1", 2));
    REQUIRE(store->commit());
    CHECK(*store->staff() == std::vector{with(expected, 2)});
  }
}
