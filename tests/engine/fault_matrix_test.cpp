// The engine under every trouble that the end-to-end test has with real processes (tests/end_to_end/faults_test.py), and a disk that
// takes nothing for a while: 1,000 rounds of each, in virtual time. At most three a session: a fourth death within a minute is quarantine, on
// purpose. The seed is printed; PATELLA_SEED gives it, and PATELLA_FAULT_ROUNDS another number of rounds.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "session/logged.hpp"
#include "support/catch.hpp"
#include "virtual_engine.hpp"

using namespace patella;
using namespace patella::test;
using session::Liveness;
using session::Screen;
namespace taps = session::taps;

namespace {

constexpr int kTroublesASession = 3;

/// A tenth with sanitizers (CMakePresets.json), which take ten times as long.
int rounds() {
  const char* given = std::getenv("PATELLA_FAULT_ROUNDS");
  return given ? std::max(1, std::atoi(given)) : 1'000;
}

enum class Trouble { unplugged = 1, driver_crashes, driver_hangs, floods, garbage, module_crashes, module_hangs, disk_full };
struct Named {
  Trouble trouble;
  const char* name;
};
const Named kTroubles[] = {{Trouble::unplugged, "unplugged"},       {Trouble::driver_crashes, "driver crashes"},
                           {Trouble::driver_hangs, "driver hangs"}, {Trouble::floods, "floods"},
                           {Trouble::garbage, "garbage"},           {Trouble::module_crashes, "module crashes"},
                           {Trouble::module_hangs, "module hangs"}, {Trouble::disk_full, "the disk is full"}};

uint32_t seed() {
  static const uint32_t chosen = [] {
    const char* given = std::getenv("PATELLA_SEED");
    const uint32_t one = given ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    std::printf("seed %u\n", one);
    return one;
  }();
  return chosen;
}

double drawn(std::mt19937& dice, double from, double to) {
  return from + (to - from) * static_cast<double>(dice() % 100'000) / 100'000;
}

bool value_gone(VirtualEngine& kiosk) {
  return kiosk.run_until([&] { return kiosk.shown().channels[0].liveness != Liveness::live; }, 1);
}

/// A disk that takes nothing: staff are told, nothing is told as stored, and all of it is stored when it takes again.
std::string fill_disk(VirtualEngine& kiosk, std::mt19937& dice) {
  kiosk.run(0.1);  // what is on its way to the disk
  kiosk.disk().fails = true;
  const int before = kiosk.counted();
  kiosk.run(drawn(dice, 2.5, 5));
  const auto& banners = kiosk.shown().kiosk->banners;
  if (banners.empty() || !english(banners[0]).starts_with("Tell staff: the disk is full")) return "staff were not told";
  if (kiosk.counted() != before) return "a rep was told as stored";
  if (kiosk.shown().unsaved_reps == 0) return "no rep waits to be stored";
  kiosk.disk().fails = false;
  return "";
}

/// "" = what is to be seen of this trouble was seen.
std::string strike(VirtualEngine& kiosk, Trouble trouble, std::mt19937& dice) {
  kiosk.run(drawn(dice, 0, 3));
  FakeSensor& sensor = kiosk.sensor(0);
  switch (trouble) {
    case Trouble::unplugged:
      sensor.unplug();
      break;
    case Trouble::driver_crashes:
      sensor.crash();
      break;
    case Trouble::driver_hangs:
      sensor.hang();
      break;
    case Trouble::floods:
      sensor.flood();
      break;
    case Trouble::garbage:
      sensor.garbage();
      break;
    case Trouble::module_crashes:
      kiosk.module().crash();
      return "";
    case Trouble::module_hangs:
      kiosk.module().hang();
      return "";
    case Trouble::disk_full:
      return fill_disk(kiosk, dice);
  }
  if (!value_gone(kiosk)) return "the value of a sensor that is away was still shown as live";
  if (trouble != Trouble::unplugged) return "";
  kiosk.run(drawn(dice, 0, 3));
  if (kiosk.shown().pause == session::Pause::none) return "the exercise goes on without its sensor";
  sensor.plug();
  return "";
}

int count(const Disk::Session& session, const std::string& kind) {
  return static_cast<int>(
      std::count_if(session.events.begin(), session.events.end(), [&](const auto& e) { return e.kind == kind; }));
}

bool of_module(Trouble trouble) { return trouble == Trouble::module_crashes || trouble == Trouble::module_hangs; }

/// "" = the log has each trouble, and everything in its order.
std::string judge_log(const Disk& disk, Trouble trouble, int troubles, int counted) {
  if (disk.sessions.size() != 1) return "not one session in the log";
  const Disk::Session& session = disk.sessions.begin()->second;
  if (session.outcome != "stopped_early") return "the session ended as \"" + session.outcome + "\"";
  if (std::string wrong = log_wrong(session); !wrong.empty()) return wrong;
  if (std::string differs = replay_differs(session); !differs.empty()) return differs;
  int reps = 0;
  for (const auto& event : session.events)
    if (const auto rep = session::logged::as<session::logged::Rep>(event)) reps += rep->counted ? 1 : 0;
  if (reps != counted) return fmt::format("{} reps in the log, {} told as stored", reps, counted);
  if (of_module(trouble)) return count(session, "plugin") >= troubles ? "" : "a death of the module is not in the log";
  if (trouble == Trouble::disk_full) return "";
  return count(session, "gap") >= 2 * troubles ? "" : "a gap is not in the log";
}

std::string struck_session(Trouble trouble, int troubles, uint32_t dice_seed) {
  std::mt19937 dice(dice_seed);
  Disk disk;
  VirtualEngine kiosk(1, disk, dice_seed);
  if (!kiosk.to_live(0)) return "the exercise did not start";
  if (!kiosk.run_until([&] { return kiosk.counted() > 0; }, 10)) return "no rep counts";
  for (int i = 0; i < troubles; ++i) {
    if (std::string wrong = strike(kiosk, trouble, dice); !wrong.empty()) return wrong;
    const int before = kiosk.counted();
    if (!kiosk.run_until([&] { return kiosk.counted() >= before + 2; }, 15)) return "the session does not go on";
    if (!kiosk.wrong().empty()) return kiosk.wrong();
  }
  kiosk.tap(taps::EndSession());
  if (!kiosk.run_until([&] { return kiosk.shown().screen == Screen::after; }, 10)) return "the exercise does not end";
  kiosk.tap(taps::SkipQuestions());
  if (!kiosk.run_until([&] { return kiosk.shown().screen == Screen::summary && kiosk.shown().summary->stored; }, 10))
    return "the session is not stored";
  if (!kiosk.wrong().empty()) return kiosk.wrong();
  return judge_log(disk, trouble, troubles, kiosk.counted());
}

}  // namespace

TEST_CASE("a session goes on through every trouble, and its log lacks nothing") {
  for (const auto& [trouble, name] : kTroubles) {
    const auto begun = std::clock();
    uint32_t session = 0;
    for (int left = rounds(); left > 0; left -= kTroublesASession, ++session) {
      const uint32_t dice_seed = seed() + session;
      const std::string wrong = struck_session(trouble, std::min(left, kTroublesASession), dice_seed);
      INFO(name << ", session " << session << " of seed " << seed());
      REQUIRE(wrong == "");
    }
    std::printf("%d rounds of \"%s\" in %u sessions: %.1f s\n", rounds(), name, session,
                static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
  }
}

TEST_CASE("a sensor that dies a fourth time within a minute is given up: the session waits, and says why") {
  Disk disk;
  VirtualEngine kiosk(1, disk, 1);
  REQUIRE(kiosk.to_live(0));
  for (int i = 0; i < 4; ++i) {
    REQUIRE(kiosk.run_until([&] { return kiosk.shown().channels[0].liveness == Liveness::live; }, 10));
    kiosk.sensor(0).crash();
    REQUIRE(value_gone(kiosk));
  }
  kiosk.run(20);
  CHECK(kiosk.sensor(0).state() == plugin_link::LinkState::quarantined);
  CHECK(english(kiosk.shown().pause_text).find("Sensor") != std::string::npos);
  CHECK(kiosk.wrong() == "");
}

TEST_CASE("a module that dies a fourth time within a minute is given up: samples are still recorded") {
  Disk disk;
  VirtualEngine kiosk(1, disk, 1);
  REQUIRE(kiosk.to_live(0));
  for (int i = 0; i < 4; ++i) {
    REQUIRE(kiosk.run_until([&] { return kiosk.module().state() == plugin_link::LinkState::live; }, 10));
    kiosk.module().crash();
    kiosk.run(0.1);
  }
  const std::size_t before = disk.sessions.begin()->second.records.size();
  kiosk.run(5);
  CHECK(kiosk.shown().exercise_stopped_for_module);
  CHECK(disk.sessions.begin()->second.records.size() > before + 200);
  CHECK(kiosk.wrong() == "");
}

TEST_CASE("a module that says something else in its second life is found out, and its reps stay as they were") {
  Disk disk;
  VirtualEngine kiosk(1, disk, 1);
  REQUIRE(kiosk.to_live(0));
  REQUIRE(kiosk.run_until([&] { return kiosk.counted() >= 2; }, 10));
  kiosk.module().forget_itself();
  kiosk.module().crash();
  const int before = kiosk.counted();
  REQUIRE(kiosk.run_until([&] { return kiosk.counted() >= before + 1; }, 10));
  int differed = 0;
  for (const auto& event : disk.sessions.begin()->second.events) differed += event.kind == "replay_differs" ? 1 : 0;
  CHECK(differed > 0);
  CHECK(log_wrong(disk.sessions.begin()->second) == "");
}
