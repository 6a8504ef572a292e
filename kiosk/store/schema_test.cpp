#include "store/schema.hpp"

#include <array>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::Folder;

namespace {
std::vector<Migration> with(const char* next) {
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  steps.push_back({steps.back().to_version + 1, next});
  return steps;
}

OpenOptions options(const std::vector<Migration>& steps) {
  OpenOptions made;
  made.steps = steps;
  return made;
}

int64_t version(const std::filesystem::path& path) {
  Failure failure = Failure::none;
  const auto db = Db::open(path, "", failure);
  REQUIRE(db.ok());
  return *(*db)->integer("PRAGMA user_version");
}
}  // namespace

TEST_CASE("the steps are numbered without a hole") {
  int expected = 1;
  for (const Migration& step : migrations()) CHECK(step.to_version == expected++);
}

TEST_CASE("a file of an older schema is brought forward once and keeps its sessions") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  const std::vector<Record> records = test::random_records(500, 3);
  {
    Result<Store::Opened> old = Store::open(path);
    REQUIRE(old.ok());
    REQUIRE(old->store->begin_session(test::head("s1")));
    REQUIRE(old->store->append("s1", records, {}));
    REQUIRE(old->store->commit());
  }
  const int64_t before = version(path);
  const auto steps = with("ALTER TABLE client ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'; CREATE TABLE extra(x) STRICT;");
  const auto good = with("ALTER TABLE client ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';");
  // A step that fails leaves the file as it was: all of it or nothing.
  const Result<Store::Opened> refused = open_store(path, options(steps));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().text().find("schema") != std::string::npos);
  CHECK(version(path) == before);
  for (int round = 0; round < 2; ++round) {
    Result<Store::Opened> now = open_store(path, options(good));
    REQUIRE(now.ok());
    CHECK(now->notice.empty());
    const Result<StoredSession> session = now->store->load("s1");
    REQUIRE(session.ok());
    CHECK(test::same(session->records, records));
  }
  CHECK(version(path) == before + 1);
  CHECK_FALSE(Store::open(path).ok());  // an older program refuses the newer file
}
