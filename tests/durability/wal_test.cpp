// The write-ahead log as a kill or a power cut leaves it, and then a disk that does not give back what was written.
#include <fmt/format.h>

#include <fstream>
#include <set>

#include "memory_disk.hpp"
#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::OpenOptions;
using store::Store;

namespace {
constexpr std::size_t kCommits = 40, kFrame = 4096 + 24, kHeader = 32;

struct Killed {
  std::map<std::string, std::string> files;  ///< as they lay there
  Script script;
};

/// An open session whose commits are all in the log; then the process is gone.
Killed killed() {
  Killed state;
  MemoryDisk disk;
  OpenOptions options;
  options.vfs = disk.vfs_name();
  Result<Store::Opened> opened = store::open_store("log.db", options);
  REQUIRE(opened.ok());
  state.script = make_script("open", kCommits, 7);
  REQUIRE(opened->store->begin_session(head("open")));
  std::size_t event = 0;
  for (std::size_t i = 0; i < kCommits; ++i) {
    const std::size_t events = i % 3 == 0 ? 1 : 0;
    REQUIRE(opened->store->append("open", std::span(state.script.records).subspan(i * 12, 12),
                                  std::span(state.script.events).subspan(event, events)));
    event += events;
    REQUIRE(opened->store->commit());
  }
  for (const auto& [name, file] : disk.files) state.files[name] = file->bytes;
  return state;
}

struct Found {
  std::string notice;
  std::size_t records = 0, events = 0;
  std::string wrong;  ///< of check(), with nothing promised
  std::set<std::string> files;
};

Found open_again(const Killed& state, const std::string& log) {
  MemoryDisk disk;
  OpenOptions options;
  options.vfs = disk.vfs_name();
  for (const auto& [name, bytes] : state.files) disk.make_file(name)->bytes = name == "log.db-wal" ? log : bytes;
  Found found;
  Result<Store::Opened> opened = store::open_store("log.db", options);
  if (!opened) {
    found.notice = opened.error().text();
    return found;
  }
  found.notice = english(opened->notice);
  found.wrong = check(*opened->store, state.script, {});
  const auto session = opened->store->load("open");
  if (session) {
    found.records = session->records.size();
    found.events = session->events.size();
  }
  for (const auto& [name, file] : disk.files) found.files.insert(name);
  opened->store.reset();
  return found;
}
}  // namespace

TEST_CASE("one flipped bit in the write-ahead log is said, and nothing behind it is lost") {
  const Killed state = killed();
  const std::string& log = state.files.at("log.db-wal");
  const std::size_t all = kCommits * 12;
  REQUIRE(log.size() > 100 * kFrame);
  const Found sound = open_again(state, log);
  REQUIRE(sound.notice == "");
  REQUIRE(sound.records == all);

  std::mt19937_64 random(71);
  std::vector<std::size_t> bits;
  for (std::size_t bit = 0; bit < kHeader * 8; ++bit) bits.push_back(bit);
  for (std::size_t bit = 0; bit < 24 * 8; ++bit)
    bits.push_back(kHeader * 8 + (random() % (log.size() / kFrame)) * kFrame * 8 + bit);
  const int flips = count_from_environment("PATELLA_WAL_FLIPS", 300);
  for (int i = 0; i < flips; ++i) bits.push_back(random() % (log.size() * 8));
  bits.push_back((kHeader + 24 + 100) * 8);  // in the first frame: everything acknowledged is behind it
  int whole = 0, unsaid = 0;
  for (const std::size_t bit : bits) {
    std::string bytes = log;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const Found found = open_again(state, bytes);
    INFO("bit " << bit % 8 << " of byte " << bit / 8 << " of " << log.size() << ": " << found.notice << found.wrong);
    CHECK(found.wrong == "");
    if (found.records != all || found.events != state.script.events.size()) {
      CHECK(found.notice.find("missing") != std::string::npos);
      continue;
    }
    ++whole;
    if (found.notice.empty()) {
      ++unsaid;
      continue;
    }
    CHECK(found.files.size() == 4);  // the pair, and the pair as it was found
  }
  fmt::print("{} flips in the log: {} times nothing lost, {} of them without effect\n", bits.size(), whole, unsaid);
  // Not whole: a bit that may be one of several, in a page's newest version.
  CHECK(whole * 50 >= static_cast<int>(bits.size()) * 49);
  CHECK(unsaid * 50 < static_cast<int>(bits.size()));
}

TEST_CASE("a sector of the write-ahead log that is gone is said; what lies behind it is had back") {
  const Killed state = killed();
  const std::string& log = state.files.at("log.db-wal");
  const std::size_t frames = log.size() / kFrame, all = kCommits * 12;
  std::mt19937_64 random(72);
  int whole = 0, better = 0, tail = 0;
  const int rounds = 60;
  for (int i = 0; i < rounds; ++i) {
    const std::size_t frame = random() % frames, sector = kHeader + frame * kFrame + 24 + random() % 8 * 512;
    std::string bytes = log;
    for (std::size_t at = sector; at < std::min(sector + 512, bytes.size()); ++at) bytes[at] = static_cast<char>(random());
    const Found found = open_again(state, bytes);
    INFO("frame " << frame << " of " << frames << ": " << found.notice << ", " << found.records << " records");
    CHECK(found.wrong == "");
    if (found.records == all) ++whole;
    // The end of the log may be one that a power cut tore: it holds the last transaction alone.
    if (found.notice.empty()) {
      ++tail;
      CHECK(found.records >= all - 12);
      CHECK(frame + 12 > frames);
    } else if (found.records == all || found.notice.find("Recovered from these") != std::string::npos) {
      ++better;
    }
  }
  fmt::print("{} lost sectors: {} times nothing is missing, {} times something was had back, {} times the torn end\n", rounds,
             whole, better, tail);
  CHECK(whole * 2 > rounds);
}

TEST_CASE("the damaged pair is kept as it was found") {
  const Killed state = killed();
  const Folder folder;
  for (const auto& [name, bytes] : state.files) std::ofstream(folder.path / name, std::ios::binary) << bytes;
  std::string log = state.files.at("log.db-wal");
  log[kHeader + 24 + 100] = static_cast<char>(log[kHeader + 24 + 100] ^ 4);
  std::ofstream(folder.path / "log.db-wal", std::ios::binary | std::ios::trunc) << log;
  Result<Store::Opened> opened = Store::open(folder.path / "log.db");
  REQUIRE(opened.ok());
  INFO(english(opened->notice));
  CHECK(opened->store->load("open")->records.size() == kCommits * 12);
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    const std::string name = entry.path().filename();
    if (name.find(".damaged-") == std::string::npos) continue;
    ++kept;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    CHECK(bytes == (name.ends_with("-wal") ? log : state.files.at("log.db")));
    CHECK((name.ends_with("-wal") || english(opened->notice).find(name) != std::string::npos));
  }
  CHECK(kept == 2);
  // Another process that looks meanwhile changes nothing.
  CHECK_FALSE(Store::open(folder.path / "log.db").ok());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 4);
}
