// A client walks away, at every shipped station, from every screen and state: the kiosk is free again within the configured
// time, with the right outcome and every answer that was given.
#include "support/catch.hpp"
#include "virtual_kiosk.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::shipped;
using patella::test::VirtualKiosk;

namespace {

enum class Point {
  who,
  screening,
  screening_half,
  set_up,
  countdown,
  work,
  rest,
  pause,
  loss,
  pain_stop,
  after,
  after_half,
  summary
};
constexpr Point kPoints[] = {Point::who,   Point::screening,  Point::screening_half, Point::set_up, Point::countdown,
                             Point::work,  Point::rest,       Point::pause,          Point::loss,   Point::pain_stop,
                             Point::after, Point::after_half, Point::summary};

const char* name_of(Point point) {
  switch (point) {
    case Point::who:
      return "who";
    case Point::screening:
      return "screening";
    case Point::screening_half:
      return "screening, half answered";
    case Point::set_up:
      return "set-up";
    case Point::countdown:
      return "countdown";
    case Point::work:
      return "work";
    case Point::rest:
      return "rest";
    case Point::pause:
      return "paused by the client";
    case Point::loss:
      return "paused by a lost sensor";
    case Point::pain_stop:
      return "pain stop";
    case Point::after:
      return "after";
    case Point::after_half:
      return "after, half answered";
    case Point::summary:
      return "summary";
  }
  return "";
}

bool has_rest(const std::string& id) { return id != "bike_warm_up"; }
bool pauses_on_loss(const std::string& id) { return id != "wall_sit"; }

/// Until the client is at that point. False: this station has none such.
bool go_to(VirtualKiosk& kiosk, const std::string& id, Point point) {
  if ((point == Point::rest && !has_rest(id)) || (point == Point::loss && !pauses_on_loss(id))) return false;
  if (point == Point::who) {
    kiosk.run(1);
    kiosk.choose_client();
    return true;
  }
  if (point == Point::screening || point == Point::screening_half) {
    kiosk.to_screening();
    if (point == Point::screening_half) kiosk.tap(taps::SetPain{4});
    return true;
  }
  if (point == Point::set_up) {
    kiosk.to_set_up();
    kiosk.run(2);
    return true;
  }
  kiosk.start();
  const auto in_phase = [&](uint32_t phase) { REQUIRE(kiosk.run_until([&] { return kiosk.phase() == phase; }, 1200)); };
  in_phase(point == Point::countdown ? PATELLA_PHASE_COUNTDOWN : point == Point::rest ? PATELLA_PHASE_REST : PATELLA_PHASE_WORK);
  if (point == Point::countdown || point == Point::rest) return true;
  kiosk.run(14);
  if (point == Point::pause) kiosk.tap(taps::Pause());
  if (point == Point::loss) kiosk.sensors_there = false;
  if (point == Point::pain_stop) {
    kiosk.tap(taps::PainStop());
    kiosk.tap(taps::SetPain{6});
  }
  if (point != Point::after && point != Point::after_half && point != Point::summary) return true;
  REQUIRE(kiosk.run_until([&] { return kiosk.screen() == Screen::after; }, 1800));
  if (point == Point::after) return true;
  kiosk.tap(taps::SetPain{3});
  if (point == Point::after_half) return true;
  kiosk.tap(taps::SetEffort{5});
  kiosk.tap(taps::Next());
  return true;
}

/// What goes on by itself after the client went, at most: the clocks of a dose, how long a stop of the pedals takes to be seen, and the
/// countdown of the questions after it.
constexpr double kQuestions_s = 120;
double goes_on_s(const std::string& id, Point point) {
  if (point == Point::pain_stop) return 0;
  if (point == Point::after || point == Point::after_half) return kQuestions_s;
  if (point < Point::countdown || point > Point::rest) return 0;
  if (id == "wall_sit") return 3 * 20 + 2 * 45 + 5 + kQuestions_s;
  return id == "tke" ? 60 + 5 : 10;
}

std::string outcome_of(const std::string& id, Point point) {
  if (point == Point::pain_stop) return "stopped_for_pain";
  const bool ends_alone = id == "wall_sit" && (point == Point::countdown || point == Point::work || point == Point::rest);
  return point >= Point::after || ends_alone ? "completed" : "left";
}

void check_answers(const VirtualKiosk& kiosk, Point point) {
  const int before = point == Point::screening_half ? 4 : 2;
  CHECK(kiosk.end.pain_before == before);
  CHECK(kiosk.end.pain_after == (point == Point::after_half || point == Point::summary ? 3 : -1));
  CHECK(kiosk.end.effort == (point == Point::summary ? 5 : -1));
}

}  // namespace

TEST_CASE("a client walks away from any screen of any shipped station: home, in time, with what was answered", "[flow]") {
  const std::string id = GENERATE(as<std::string>{}, "bike_warm_up", "tke", "wall_sit");
  for (const Point point : kPoints) {
    INFO(id << ": " << name_of(point));
    VirtualKiosk kiosk(id);
    if (!go_to(kiosk, id, point)) continue;
    kiosk.client_works = false;
    const double went_s = kiosk.now_s(), countdown_s = static_cast<double>(shipped().kiosk_setup.patience.countdown_us) / 1e6;
    const config::Kiosk& file = shipped().config.kiosk;
    const double configured_s = std::max(file.idle_home_s, file.presence_ask_s + file.presence_countdown_s);
    REQUIRE(kiosk.run_until([&] { return kiosk.asked(); }, configured_s + goes_on_s(id, point)));
    const double asked_s = kiosk.now_s();
    CHECK(asked_s - went_s > 60);
    REQUIRE(kiosk.run_until([&] { return kiosk.home(); }, countdown_s + 4));
    CHECK(kiosk.now_s() - asked_s > countdown_s - 0.1);  // the question is seen for all of its time
    CHECK(kiosk.now_s() - went_s < configured_s + goes_on_s(id, point) + 4);
    const Snapshot shown = kiosk.shown();
    CHECK(shown.session->client_label.empty());
    CHECK(shown.summary->reps.empty());
    if (point == Point::who || point == Point::screening) {
      CHECK(kiosk.begun == 0);  // nothing was answered: no session
      continue;
    }
    REQUIRE(kiosk.ended == 1);
    CHECK(kiosk.end.outcome == outcome_of(id, point));
    check_answers(kiosk, point);
  }
}

TEST_CASE("whoever comes next finds the stations, not the set of the one before", "[flow]") {
  const std::string id = GENERATE(as<std::string>{}, "bike_warm_up", "tke", "wall_sit");
  VirtualKiosk kiosk(id);
  kiosk.start();
  kiosk.run(20);
  kiosk.client_works = false;
  REQUIRE(kiosk.run_until([&] { return kiosk.home(); }, 400));
  kiosk.client_works = true;
  kiosk.start();
  CHECK(kiosk.shown().summary->reps.empty());
  CHECK(kiosk.begun == 2);
}
