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

std::unique_ptr<Store> open(const std::filesystem::path& path, const OpenOptions& options = {}) {
  Result<Store::Opened> opened = open_store(path, options);
  if (!opened) FAIL(opened.error().text());
  CHECK(opened->notice == "");
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

TEST_CASE("staff and the count of wrong PINs come back as they were, after a commit and only then") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    auto store = open(path);
    CHECK(store->staff()->empty());
    CHECK(*store->pin_failures() == 0);
    REQUIRE(store->put_staff(member("s2", "Zoë")));
    REQUIRE(store->put_staff(member("s1", "Anna")));
    REQUIRE(store->set_pin_failures(3));
    REQUIRE(store->set_pin_failures(4));
    CHECK(store->staff()->empty());
    CHECK(*store->pin_failures() == 0);
    REQUIRE(store->commit());
    REQUIRE(store->put_staff(member("never committed", "Nobody")));
    REQUIRE(store->set_pin_failures(9));
  }
  auto store = open(path);
  CHECK(*store->staff() == std::vector{member("s1", "Anna"), member("s2", "Zoë")});
  CHECK(*store->pin_failures() == 4);
  REQUIRE(store->set_pin_failures(0));
  REQUIRE(store->commit());
  CHECK(*store->pin_failures() == 0);
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
  CHECK_FALSE(store->set_pin_failures(-1));
  CHECK(store->commit());
  CHECK(store->staff()->empty());
}

TEST_CASE("a count that is gone or absurd is still a count") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  open(path).reset();
  exec(path, "UPDATE pin_guard SET failures=-7");
  CHECK(*open(path)->pin_failures() == 0);
  exec(path, "UPDATE pin_guard SET failures=9223372036854775807");
  CHECK(*open(path)->pin_failures() > 1'000'000);
  exec(path, "DELETE FROM pin_guard");
  auto store = open(path);
  CHECK(*store->pin_failures() == 0);
  REQUIRE(store->set_pin_failures(5));
  REQUIRE(store->commit());
  CHECK(*store->pin_failures() == 5);
}

TEST_CASE("logs of the older schemas get staff with PINs and keep who was there") {
  const Folder folder;
  const auto first = folder.path / "first.db", second = folder.path / "second.db";
  std::ifstream file(PATELLA_SOURCE_DIR "/kiosk/store/fixtures/schema_1.sql");
  exec(first, {std::istreambuf_iterator<char>(file), {}});
  OpenOptions before;
  before.steps = migrations().first(2);
  open(second, before).reset();
  for (const auto& path : {first, second}) {
    exec(path, "INSERT INTO staff(id,name,role,added_utc_us) VALUES('s1','Anna','physio',1000)");
    StaffMember expected = member("s1", "Anna");
    expected.pin_hash = "";
    auto store = open(path);
    CHECK(*store->staff() == std::vector{expected});
    CHECK(*store->pin_failures() == 0);
    expected.pin_hash = "set";
    REQUIRE(store->put_staff(expected));
    REQUIRE(store->set_pin_failures(2));
    REQUIRE(store->commit());
    CHECK(*store->staff() == std::vector{expected});
    CHECK(*store->pin_failures() == 2);
  }
}
