// Every disk that a power cut may leave behind is generated from one recorded run and opened.
#include <fmt/format.h>

#include "memory_disk.hpp"
#include "store/open_options.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::OpenOptions;
using store::Store;

namespace {
struct Run {
  std::vector<DiskOp> log;
  std::vector<Script> scripts;
  std::vector<Acknowledged> acknowledged;  ///< in order of the log
};

/// Two sessions, the first ended and packed, the second cut off. On an error commit is called again, as the kiosk does.
Run record(OpenOptions options, bool lying, int64_t failing_sync, std::size_t commits, int64_t in_a_row = 1) {
  Run run;
  MemoryDisk disk;
  options.vfs = disk.vfs_name();
  disk.recording = true;
  disk.lying = lying;
  disk.syncs_until_error = failing_sync;
  disk.syncs_in_error = in_a_row;
  Acknowledged now;
  const auto note = [&] {
    now.at = disk.log.size();
    run.acknowledged.push_back(now);
  };
  Result<Store::Opened> opened = store::open_store("log.db", options);
  REQUIRE(opened.ok());
  Store& store = *opened->store;
  const auto insist = [&](const Status& first) {
    for (int tries = 0; tries < 5; ++tries)
      if ((tries == 0 && first) || (tries > 0 && store.commit())) return;
    FAIL("the store did not recover");
  };
  for (const char* id : {"first", "second"}) {
    run.scripts.push_back(make_script(id, commits, 3));
    const Script& script = run.scripts.back();
    Acknowledged::Session& session = now.sessions[id];
    REQUIRE(store.begin_session(head(id)));
    std::size_t event = 0;
    for (std::size_t i = 0; i < commits; ++i) {
      const std::size_t events = i % 3 == 0 ? 1 : 0;
      REQUIRE(store.append(id, std::span(script.records).subspan(i * 12, 12), std::span(script.events).subspan(event, events)));
      event += events;
      if (i % 40 == 7) {
        REQUIRE(store.audit({1, "kiosk", "view", id, ""}));
        ++now.audit;
        REQUIRE(store.add_calibration(calibration(now.calibrations)));
        ++now.calibrations;
      }
      insist(store.commit());
      session = {(i + 1) * 12, event, false};
      note();
    }
    if (script.id == "second") break;
    insist(store.end_session(id, {"completed", 1}));
    session.ended = true;
    note();
  }
  run.log = disk.log;
  opened->store.reset();
  return run;
}

struct Verdict {
  int states = 0, lost = 0, damaged = 0;
  std::string first;
};

std::string check_state(const Run& run, const Acknowledged& promised, MemoryDisk& disk, bool go_on) {
  OpenOptions options;
  options.vfs = disk.vfs_name();
  Result<Store::Opened> opened = store::open_store("log.db", options);
  if (!opened) return "damaged: " + opened.error().text();
  if (!opened->notice.empty()) return "damaged: " + english(opened->notice);
  for (const Script& script : run.scripts) {
    const auto known = promised.sessions.find(script.id);
    const std::string wrong =
        check(*opened->store, script, known == promised.sessions.end() ? Acknowledged::Session() : known->second);
    if (!wrong.empty()) return wrong;
  }
  const auto audit = opened->store->audit_rows();
  if (!audit) return "damaged: " + audit.error().text();
  if (audit->size() < promised.audit) return "lost: an audit row";
  const auto calibrations = opened->store->calibrations();
  if (!calibrations) return "damaged: " + calibrations.error().text();
  if (calibrations->size() < promised.calibrations) return "lost: a calibration";
  for (std::size_t i = 0; i < calibrations->size(); ++i)
    if ((*calibrations)[i] != calibration(i)) return "damaged: a calibration";
  if (!go_on) return "";
  // And it goes on where it was cut.
  const Script& script = run.scripts.back();
  const auto stored = opened->store->load(script.id);
  if (!stored) return "";
  const std::size_t have = stored->records.size();
  if (!opened->store->append(script.id, std::span(script.records).subspan(have), {})) return "damaged: it cannot go on";
  if (!opened->store->end_session(script.id, {"interrupted", 1})) return "damaged: it cannot be ended";
  return check(*opened->store, script, {script.records.size(), stored->events.size(), true});
}

/// From the first failed sync to the first acknowledgement after the last one.
struct Window {
  std::size_t from = 0, to = 0;
};

Window recovery(const Run& run) {
  Window window;
  std::size_t last = 0;
  for (std::size_t i = run.log.size(); i-- > 0;) {
    if (run.log[i].kind != DiskOp::Kind::failed_sync) continue;
    if (last == 0) last = i;
    window.from = i;
  }
  for (const Acknowledged& each : run.acknowledged)
    if (window.to <= last) window.to = each.at;
  return window;
}

Verdict cut(const Run& run, int states, uint64_t seed, Window spared = {}) {
  Verdict verdict;
  CutDisk cutter(run.log);
  MemoryDisk disk;
  std::mt19937_64 random(seed);
  std::size_t next = 0;
  Acknowledged promised;
  for (int i = 0; i < states; ++i) {
    const std::size_t point = static_cast<std::size_t>(i) * (run.log.size() + 1) / static_cast<std::size_t>(states);
    if (point > spared.from && point < spared.to) continue;
    cutter.advance(point);
    while (next < run.acknowledged.size() && run.acknowledged[next].at <= point) promised = run.acknowledged[next++];
    cutter.rebuild(static_cast<CutDisk::Survives>(i % CutDisk::kWays), random, disk);
    const std::string wrong = check_state(run, promised, disk, i % 20 == 0);
    ++verdict.states;
    if (wrong.empty()) continue;
    ++(wrong.starts_with("lost") ? verdict.lost : verdict.damaged);
    if (verdict.first.empty())
      verdict.first = fmt::format("cut before operation {} of {}, way {}: {}", point, run.log.size(), i % CutDisk::kWays, wrong);
  }
  fmt::print("{} states: {} lost, {} damaged\n", verdict.states, verdict.lost, verdict.damaged);
  return verdict;
}
}  // namespace

TEST_CASE("no power cut loses an acknowledged rep, event or sample", "[cuts]") {
  const int states = count_from_environment("PATELLA_POWER_CUT_STATES", 10'000);
  const Run run = record({}, false, -1, 160);
  REQUIRE(run.log.size() > 1000);
  const Verdict verdict = cut(run, states, 21);
  INFO(verdict.first);
  CHECK(verdict.lost == 0);
  CHECK(verdict.damaged == 0);
}

TEST_CASE("the generator sees what weaker settings and a lying disk lose") {
  const int states = 500;
  SECTION("synchronous=NORMAL") {
    OpenOptions options;
    options.synchronous = "NORMAL";
    CHECK(cut(record(options, false, -1, 80), states, 22).lost > 0);
  }
  SECTION("synchronous=OFF") {
    OpenOptions options;
    options.synchronous = "OFF";
    const Verdict verdict = cut(record(options, false, -1, 80), states, 23);
    CHECK(verdict.lost > 0);
    CHECK(verdict.damaged > 0);
  }
  SECTION("a disk that only says it synced") {
    const Verdict verdict = cut(record({}, true, -1, 80), states, 24);
    CHECK(verdict.lost > 0);
    CHECK(verdict.damaged > 0);
  }
  SECTION("the log begun without EXTRA") {
    OpenOptions options;
    options.before_log = "FULL";
    CHECK(cut(record(options, false, -1, 80), states, 25).lost > 0);
  }
}

TEST_CASE("a sync that failed is not believed when it succeeds the second time, and no cut after it loses anything") {
  const int rounds = count_from_environment("PATELLA_FAILED_SYNCS", 30);
  Verdict worst;
  for (int round = 0; round < rounds; ++round) {
    // Two in a row: the connection cannot even be closed well, and the failed transaction stays visible in the log.
    const Run run = record({}, false, 6 + round * 2, 24, 1 + round % 3);
    // When the disk then also loses power before the log was written again, no order of writing helps: after one failed
    // sync every cut is tried, after several in a row those from the next acknowledgement on.
    const Verdict verdict = cut(run, 200, 31 + static_cast<uint64_t>(round), round % 3 == 0 ? Window() : recovery(run));
    INFO("failing sync " << 6 + round * 2 << ": " << verdict.first);
    CHECK(verdict.lost == 0);
    CHECK(verdict.damaged == 0);
  }
}
