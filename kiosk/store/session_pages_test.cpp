// Lists a page at a time, and that no question goes through all sessions.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <set>

#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::Folder;

namespace {
std::unique_ptr<Store> open(const std::filesystem::path& path) {
  OpenOptions fast;
  fast.before_log = fast.synchronous = "OFF";
  Result<Store::Opened> opened = open_store(path, fast);
  REQUIRE(opened.ok());
  CHECK(opened->notice.empty());
  return std::move(opened->store);
}

/// Three start in the same instant; the clock goes back once.
std::string add_session(Store& store, int n) {
  SessionHead head = test::head(fmt::format("0192{:04}-0000-7000-8000-000000000000", n));
  head.started_utc_us = 1'000'000 * int64_t{n / 3 - (n > 100 ? 20 : 0)};
  REQUIRE(store.begin_session(head));
  REQUIRE(store.append(
      head.id, test::random_records(20, static_cast<uint64_t>(n)),
      std::vector{test::event(1, 1, "set_start", {{"set", 1.0}}), test::event(2, 2, "rep", {{"set", 1.0}, {"n", 1.0}})}));
  REQUIRE(store.commit());
  return head.id;
}

std::vector<std::string> ids(const std::vector<SessionListRow>& rows) {
  std::vector<std::string> all;
  for (const SessionListRow& row : rows) all.push_back(row.head.id);
  return all;
}

std::vector<std::string> by_pages(Store& store, const SessionFilter& filter, PageRequest request) {
  std::vector<std::string> all;
  for (;;) {
    const auto page = store.session_page(filter, request);
    REQUIRE(page.ok());
    CHECK(page->rows.size() <= static_cast<std::size_t>(request.most));
    for (const std::string& id : ids(page->rows)) all.push_back(id);
    if (!page->next) return all;
    request.after = page->next;
  }
}

/// Steps of full scans in the statements of all connections made while this is there, each with its text.
class Scans {
 public:
  Scans() {
    current = this;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&install));
  }
  ~Scans() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&install));
    current = nullptr;
  }
  std::vector<std::pair<int, std::string>> statements;

 private:
  static int install(sqlite3* db, char**, const void*) { return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, &finished, nullptr); }
  static int finished(unsigned, void*, void* statement, void*) {
    auto* const done = static_cast<sqlite3_stmt*>(statement);
    const char* const sql = sqlite3_sql(done);
    if (current) current->statements.emplace_back(sqlite3_stmt_status(done, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1), sql ? sql : "");
    return 0;
  }
  static inline Scans* current = nullptr;
};
}  // namespace

TEST_CASE("pages of a list make the whole list, whichever way and however long they are") {
  const Folder folder;
  const auto store = open(folder.path / "log.db");
  for (int n = 0; n < 130; ++n) add_session(*store, n);
  const auto rows = store->sessions({});
  REQUIRE(rows.ok());
  std::vector<std::string> all = ids(*rows);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 130);
  CHECK(std::is_sorted(rows->begin(), rows->end(), [](const auto& a, const auto& b) {
    return std::pair(a.head.started_utc_us, a.head.id) < std::pair(b.head.started_utc_us, b.head.id);
  }));
  for (const int most : {1, 7, 65, 130, 500}) {
    CHECK(by_pages(*store, {}, {most, false, std::nullopt}) == all);
    auto newest_first = by_pages(*store, {}, {most, true, std::nullopt});
    std::reverse(newest_first.begin(), newest_first.end());
    CHECK(newest_first == all);
    const SessionFilter some{std::nullopt, 5'000'000, 20'000'000};
    CHECK(by_pages(*store, some, {most, true, std::nullopt}).size() == ids(*store->sessions(some)).size());
  }
  CHECK(by_pages(*store, {all[3], std::nullopt, std::nullopt}, {10, true, std::nullopt}) == std::vector{all[3]});
  CHECK(store->take_notices().empty());
}

TEST_CASE("no question, no end of a session and no start goes through all sessions") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    const auto store = open(path);
    for (int n = 0; n < 400; ++n) {
      const std::string id = add_session(*store, n);
      if (n % 100 != 99) REQUIRE(store->end_session(id, {"completed", 5}));
    }
  }
  Scans scans;
  const auto store = open(path);
  CHECK(store->open_sessions()->size() == 4);
  const auto page = store->session_page({}, {10, true, std::nullopt});
  REQUIRE(page.ok());
  REQUIRE(store->session_page({}, {10, true, page->next}).ok());
  REQUIRE(store->load(page->rows[3].head.id).ok());
  const std::string id = add_session(*store, 400);
  REQUIRE(store->end_session(id, {"completed", 5}));
  REQUIRE(store->staff().ok());
  REQUIRE(store->calibrations().ok());
  CHECK(scans.statements.size() > 50);
  for (const auto& [steps, sql] : scans.statements) {
    INFO(sql);
    CHECK(steps <= 20);
  }
}

TEST_CASE("a session that an index has lost is named by the list that lacks it") {
  const Folder folder;
  const auto path = folder.path / "log.db";
  {
    const auto store = open(path);
    for (int n = 0; n < 60; ++n) add_session(*store, n);
  }
  const int lost = GENERATE(1, 30, 60);
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const std::string change = fmt::format(
      "DROP INDEX session_started; CREATE INDEX session_started ON session(started_utc_us, id) WHERE key<>{}; PRAGMA "
      "writable_schema=ON;"
      "UPDATE sqlite_schema SET sql='CREATE INDEX session_started ON session(started_utc_us, id)' WHERE name='session_started'",
      lost);
  REQUIRE(sqlite3_exec(db, change.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  const auto store = open(path);
  for (const bool newest_first : {true, false}) {
    CHECK(by_pages(*store, {}, {10, newest_first, std::nullopt}).size() == 59);
    const auto notices = store->take_notices();
    REQUIRE(notices.size() == 1);
    CHECK(english(notices[0]).find(fmt::format("0192{:04}", lost - 1)) != std::string::npos);
  }
}
