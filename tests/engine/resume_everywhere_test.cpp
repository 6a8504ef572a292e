// A recorded session, cut off at each of its records: the kiosk that starts again offers it, and goes on exactly there.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "params/json.hpp"
#include "session/logged.hpp"
#include "support/catch.hpp"
#include "virtual_engine.hpp"

using namespace patella;
using namespace patella::test;
using session::Screen;
namespace taps = session::taps;

namespace {

/// Half a minute of pulls with a sensor that goes away, a pause by the client, a module that dies.
Disk recorded() {
  Disk disk;
  VirtualEngine kiosk(1, disk, 7);
  REQUIRE(kiosk.to_live(0));
  REQUIRE(kiosk.run_until([&] { return kiosk.counted() == 3; }, 15));
  kiosk.sensor(0).unplug();
  kiosk.run(1.5);
  kiosk.sensor(0).plug();
  REQUIRE(kiosk.run_until([&] { return kiosk.counted() == 5; }, 15));
  kiosk.tap(taps::Pause());
  kiosk.run(1);
  kiosk.tap(taps::Resume());
  kiosk.module().crash();
  REQUIRE(kiosk.run_until([&] { return kiosk.counted() == 8; }, 15));
  kiosk.run(1);
  REQUIRE(kiosk.wrong() == "");
  return disk;
}

/// What was on the disk when its last record was this one.
Disk cut_at(const Disk& whole, std::size_t records) {
  Disk disk;
  Disk::Session session = whole.sessions.begin()->second;
  session.records.resize(records);
  std::erase_if(session.events, [&](const auto& event) { return event.after_seq > records; });
  disk.sessions[session.head.id] = std::move(session);
  return disk;
}

/// The view of a module that was given these records, a record after the other.
std::vector<patella_view> views_of(const Disk::Session& session) {
  plugin_link::ModuleLink::Start start;
  start.params = *params::from_log_json(session.head.params_json);
  start.seed = session.head.seed;
  start.present = session.head.present;
  ModuleLife life(start);
  std::vector<patella_view> views;
  for (const patella::Record& record : session.records) {
    life.feed(record);
    views.push_back(life.view());
  }
  return views;
}

std::vector<uint8_t> judged_marks(const patella_view& view) {
  std::vector<uint8_t> marks(view.rep_marks, view.rep_marks + view.rep_mark_count);
  std::erase_if(marks, [](uint8_t mark) { return mark != PATELLA_MARK_COUNTED && mark != PATELLA_MARK_NOT_COUNTED; });
  return marks;
}

int counted_in(const Disk::Session& session) {
  int reps = 0;
  for (const auto& event : session.events)
    if (const auto rep = session::logged::as<session::logged::Rep>(event)) reps += rep->counted ? 1 : 0;
  return reps;
}

/// "" = offered, and gone on with as it was.
std::string resume_at(const Disk& whole, std::size_t records, const patella_view& before) {
  Disk disk = cut_at(whole, records);
  Disk::Session& session = disk.sessions.begin()->second;
  const Disk::Session cut = session;
  VirtualEngine kiosk(1, disk, static_cast<uint32_t>(records));
  if (kiosk.shown().screen != Screen::resume_offer) return "it is not offered";
  if (kiosk.shown().station->id != "s0" || kiosk.shown().session->client_label != "Guest")
    return "it is offered to somebody else";
  kiosk.tap(taps::GoOn());
  const auto goes_on = [&] { return is_session_screen(kiosk.shown().screen) && kiosk.shown().view.size != 0; };
  if (!kiosk.run_until(goes_on, 3)) return "it does not go on";
  const patella_view& now = kiosk.shown().view;
  // A rep that was under way is judged as cut off, and has its mark behind those that were there.
  const std::vector<uint8_t> judged = judged_marks(before), judged_now = judged_marks(now);
  const bool same_marks = judged_now.size() >= judged.size() && judged_now.size() <= judged.size() + 1 &&
                          std::equal(judged.begin(), judged.end(), judged_now.begin());
  if (now.set_index != before.set_index || now.rep_index != before.rep_index || !same_marks)
    return fmt::format("set {}, rep {} where it was set {}, rep {}", now.set_index, now.rep_index, before.set_index,
                       before.rep_index);
  kiosk.run(1);
  if (!kiosk.wrong().empty()) return kiosk.wrong();
  // What was on the disk is there as it was, and what follows it joins on.
  if (session.records.size() <= records) return "nothing is recorded after it";
  const auto same = [](const patella::Record& a, const patella::Record& b) { return std::memcmp(&a, &b, sizeof a) == 0; };
  if (!std::equal(cut.records.begin(), cut.records.end(), session.records.begin(), same))
    return "the records before the cut are others";
  if (!std::equal(cut.events.begin(), cut.events.end(), session.events.begin())) return "the events before the cut are others";
  for (const auto& event : session.events)
    if (event.kind == "replay_differs") return "the module said something else than before";
  if (std::string differs = replay_differs(session); !differs.empty()) return differs;
  return counted_in(session) >= counted_in(cut) ? "" : "a rep is lost";
}

}  // namespace

TEST_CASE("a session that is cut off at any of its records goes on there") {
  const Disk whole = recorded();
  const Disk::Session& session = whole.sessions.begin()->second;
  const std::vector<patella_view> views = views_of(session);
  REQUIRE(session.records.size() > 500);
  REQUIRE(counted_in(session) == 8);
  const auto begun = std::clock();
  for (std::size_t records = 1; records <= session.records.size(); ++records) {
    INFO("cut off after record " << records << " of " << session.records.size());
    REQUIRE(resume_at(whole, records, views[records - 1]) == "");
  }
  std::printf("resumed at each of %zu records: %.1f s\n", session.records.size(),
              static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
}

TEST_CASE("a kiosk that is killed loses what was not on the disk yet, and nothing else") {
  for (uint32_t dice = 1; dice <= 50; ++dice) {
    Disk disk;
    VirtualEngine kiosk(1, disk, dice);
    REQUIRE(kiosk.to_live(0));
    REQUIRE(kiosk.run_until([&] { return kiosk.counted() == 2; }, 10));
    kiosk.run(0.037 * dice);
    const int counted = kiosk.counted();
    const Disk before = disk;
    const int64_t cut_us = kiosk.clock().us;
    kiosk.cut_and_start_again();
    const Disk::Session& session = before.sessions.begin()->second;
    CHECK(counted_in(session) >= counted);
    const int64_t zero_us = session.head.started_mono_us;
    CHECK(cut_us - zero_us - session.records.back().t_us < 1'000'000);
    REQUIRE(kiosk.shown().screen == Screen::resume_offer);
    kiosk.tap(taps::GoOn());
    REQUIRE(kiosk.run_until([&] { return is_session_screen(kiosk.shown().screen) && kiosk.shown().view.size != 0; }, 3));
    CHECK(kiosk.shown().view.rep_index == views_of(session).back().rep_index);
    CHECK(kiosk.wrong() == "");
  }
}
