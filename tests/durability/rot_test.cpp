// Files that are no store, or none any more. Single flipped bits: flip_campaign_test.cpp.
#include <fmt/format.h>
#include <sqlite3.h>

#include <fstream>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::Store;

TEST_CASE("a damaged file is set aside with its log and a new one begun") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    Result<Store::Opened> opened = Store::open(path);
    REQUIRE(opened.ok());
    REQUIRE(opened->store->begin_session(head("s1")));
    REQUIRE(opened->store->commit());
  }
  std::string bytes;
  const char* how = GENERATE("text", "cut", "wiped");
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  if (std::string(how) == "text")
    bytes = "this is not a database, whatever its name says, and it is long enough to be one\n" + bytes;
  if (std::string(how) == "cut") bytes.resize(bytes.size() / 2);
  if (std::string(how) == "wiped") std::fill(bytes.begin() + 4096, bytes.begin() + 3 * 4096, '\0');
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  INFO(how);
  Result<Store::Opened> opened = Store::open(path);
  REQUIRE(opened.ok());
  INFO(english(opened->notice));
  CHECK(english(opened->notice).find("log.db.damaged-") != std::string::npos);
  REQUIRE(opened->store->begin_session(head("s2")));
  REQUIRE(opened->store->commit());
  CHECK(opened->store->sessions({})->size() == 1);
  int aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    if (entry.path().filename().string().find(".damaged-") == std::string::npos) continue;
    ++aside;
    std::ifstream in(entry.path(), std::ios::binary);
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == bytes);
  }
  CHECK(aside == 1);
}

TEST_CASE("a database of another program, or of a newer Patella, is left alone") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const bool newer = GENERATE(false, true);
  const std::string make =
      newer ? fmt::format("PRAGMA application_id={}; PRAGMA user_version=999; CREATE TABLE t(x)", store::kApplicationId)
            : std::string("CREATE TABLE t(x)");
  REQUIRE(sqlite3_exec(db, make.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  const Result<Store::Opened> opened = Store::open(path);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().text().find(newer ? "newer" : "another program") != std::string::npos);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) <= 3);
  REQUIRE(std::filesystem::exists(path));
}

TEST_CASE("a second process is refused while the first has the file") {
  const Folder folder;
  Result<Store::Opened> first = Store::open(folder.path / "log.db");
  REQUIRE(first.ok());
  const Result<Store::Opened> second = Store::open(folder.path / "log.db");
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().text().find("in use") != std::string::npos);
  CHECK_FALSE(Store::open(folder.path / "no folder" / "log.db").ok());
}
