// Bits that flip on the disk, and files that are no store.
#include <sqlite3.h>
#include <fmt/format.h>

#include <fstream>

#include "memory_disk.hpp"
#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::OpenOptions;
using store::Store;

namespace {
std::string whole_text(const store::StoredSession& session) {
  std::string text = session.row.head.id + session.row.head.params_json + session.row.head.station_json + session.row.outcome +
                     session.row.head.client_ref + session.row.head.station_title;
  for (const auto& channel : session.row.head.channels) text += channel.key + channel.unit + channel.driver;
  text += fmt::format("{} {} {} {} {}", session.row.sets, session.row.reps, session.row.holds, session.row.gaps, session.row.head.seed);
  for (const auto& record : session.records) text.append(reinterpret_cast<const char*>(&record), sizeof record);
  for (const auto& event : session.events) {
    text += event.kind;
    for (const auto& [key, value] : event.fields) {
      const double* number = std::get_if<double>(&value);
      text += key + (number ? fmt::format("{:a}", *number) : std::get<std::string>(value));
    }
  }
  return text;
}

/// Everything that the store tells of itself; `told` when it said that something is wrong.
std::string everything(const OpenOptions& options, bool& told) {
  Result<Store::Opened> opened = store::open_store("log.db", options);
  told = !opened || !opened->notice.empty();
  if (told) return "";
  Store& store = *opened->store;
  std::string text;
  const auto rows = store.sessions({});
  if (!rows) {
    told = true;
    return "";
  }
  for (const auto& row : *rows) {
    const auto session = store.load(row.head.id);
    if (!session || !session->notices.empty()) {
      told = true;
      return "";
    }
    text += whole_text(*session);
  }
  const auto audit = store.audit_rows();
  told = told || !audit || !store.take_notices().empty();
  if (audit)
    for (const auto& entry : *audit) text += entry.actor + entry.action + entry.subject + entry.detail;
  return text;
}
}  // namespace

TEST_CASE("a flipped bit is told or does no harm") {
  const int flips = count_from_environment("PATELLA_BIT_FLIPS", 3000);
  MemoryDisk disk;
  OpenOptions options;
  options.vfs = disk.vfs_name();
  {
    Result<Store::Opened> opened = store::open_store("log.db", options);
    REQUIRE(opened.ok());
    for (const char* id : {"a", "b", "c"}) {
      const Script script = make_script(id, 60, 51);
      REQUIRE(opened->store->begin_session(head(id)));
      REQUIRE(opened->store->append(id, script.records, script.events));
      REQUIRE(opened->store->audit({1, "kiosk", "view", id, "detail"}));
      if (script.id == "c") REQUIRE(opened->store->commit());
      else REQUIRE(opened->store->end_session(id, {"completed", 7}));
    }
  }
  const std::string good = disk.files.at("log.db")->bytes;
  bool told = false;
  const std::string original = everything(options, told);
  REQUIRE_FALSE(told);
  REQUIRE(original.size() > 3 * 60 * 12 * sizeof(session::Record));

  std::mt19937_64 random(52);
  int noticed = 0, harmless = 0, silent = 0;
  std::string places;
  for (int i = 0; i < flips; ++i) {
    disk.files.clear();
    const auto file = disk.make_file("log.db");
    file->bytes = good;
    const std::size_t bit = random() % (good.size() * 8);
    file->bytes[bit / 8] = static_cast<char>(file->bytes[bit / 8] ^ (1 << (bit % 8)));
    const bool same_text = everything(options, told) == original;
    if (told) ++noticed;
    else if (same_text) ++harmless;
    else {
      ++silent;
      places += fmt::format(" {}", bit / 8);
    }
  }
  fmt::print("{} flips: {} told, {} without effect, {} silent\n", flips, noticed, harmless, silent);
  INFO("at bytes" << places);
  CHECK(noticed > flips / 10);
  CHECK(silent * 1000 <= flips);
}

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
  if (std::string(how) == "text") bytes = "this is not a database, whatever its name says, and it is long enough to be one\n" + bytes;
  if (std::string(how) == "cut") bytes.resize(bytes.size() / 2);
  if (std::string(how) == "wiped") std::fill(bytes.begin() + 4096, bytes.begin() + 3 * 4096, '\0');
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  INFO(how);
  Result<Store::Opened> opened = Store::open(path);
  REQUIRE(opened.ok());
  INFO(opened->notice);
  CHECK(opened->notice.find("log.db.damaged-") != std::string::npos);
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
  const std::string make = newer ? fmt::format("PRAGMA application_id={}; PRAGMA user_version=999; CREATE TABLE t(x)", store::kApplicationId)
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
