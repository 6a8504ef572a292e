#include "session/logged.hpp"

#include <patella/exercise.h>

#include <cmath>

#include "session/module_event.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using test::text_of;

namespace {
using Fields = std::vector<std::pair<std::string, LogEvent::Value>>;

LogEvent stored(Origin origin, const char* kind, Fields fields) {
  LogEvent event;
  event.origin = origin;
  event.kind = kind;
  event.fields = std::move(fields);
  return event;
}
}  // namespace

// The form is that of the first kiosks, and of all logs since: kinds, keys, their order and their types.
TEST_CASE("what is written keeps the form of the log") {
  using namespace logged;
  const auto is = [](const LogEvent& event, const char* kind, const Fields& fields) {
    CHECK(event.kind == kind);
    CHECK(event.fields == fields);
    CHECK(event.origin == Origin::session);
  };
  const std::string lost = "lost", back = "back", overrun = "overrun", yes = "yes";
  is(to_log(ScreenShown{Screen::set_up}), "state", {{"screen", std::string("set_up")}});
  is(to_log(Action{PATELLA_ACTION_SKIP}), "action", {{"name", std::string("skip_rest")}});
  is(to_log(ResumedAfterCut{}), "resumed_after_cut", {});
  is(to_log(GapBegan{"force", "Plug it in"}), "gap",
     {{"channel", std::string("force")}, {"state", lost}, {"text", std::string("Plug it in")}});
  is(to_log(GapEnded{"force", 2.5}), "gap", {{"channel", std::string("force")}, {"state", back}, {"lasted_s", 2.5}});
  is(to_log(Overrun{"force", 7}), "gap", {{"channel", std::string("force")}, {"state", overrun}, {"samples", 7.0}});
  is(to_log(DeviceChanged{"force", "Low"}), "device", {{"channel", std::string("force")}, {"text", std::string("Low")}});
  is(to_log(Metric{"best_peak_n", "N", 61.5}), "metric",
     {{"key", std::string("best_peak_n")}, {"unit", std::string("N")}, {"value", 61.5}});
  is(to_log(OutcomeDecided{"left"}), "outcome", {{"outcome", std::string("left")}});
  is(to_log(Presence{Presence::State::there}), "presence", {{"state", std::string("there")}});
  is(to_log(StaffCalled{}), "call_staff", {});
  is(to_log(StaffAcknowledged{}), "staff_acknowledged", {});
  is(to_log(StartReleased{"id-berg", "pain"}), "start_released", {{"by", std::string("id-berg")}, {"why", std::string("pain")}});
  is(to_log(PainStopped{}), "pain_stop", {});
  is(to_log(PainAnswered{PainAnswered::When::before, 3, {}}), "pain", {{"when", std::string("before")}, {"value", 3.0}});
  is(to_log(PainAnswered{PainAnswered::When::stop, 7, "Knee"}), "pain",
     {{"when", std::string("stop")}, {"value", 7.0}, {"place", std::string("Knee")}});
  is(to_log(QuestionAnswered{"well", true}), "answer", {{"question", std::string("well")}, {"answer", yes}});
  is(to_log(EffortAnswered{4}), "effort", {{"value", 4.0}});
  is(to_log(ModuleDown{true, "It died"}), "plugin", {{"state", std::string("given_up")}, {"text", std::string("It died")}});
  is(to_log(ReplayDiffered{"a"}), "replay_differs", {{"text", std::string("a")}});
}

TEST_CASE("what was written is read again") {
  using namespace logged;
  const auto shown = as<ScreenShown>(to_log(ScreenShown{Screen::start_gate}));
  REQUIRE(shown);
  CHECK(shown->screen == Screen::start_gate);
  CHECK(as<Action>(to_log(Action{PATELLA_ACTION_PAIN}))->action == PATELLA_ACTION_PAIN);
  const auto calibration = as<Calibration>(to_log(Calibration{"force", "c1", "A1", "2026-10-02", 1.02, -3.5}));
  REQUIRE(calibration);
  CHECK(calibration->channel == "force");
  CHECK(calibration->id == "c1");
  CHECK(calibration->serial == "A1");
  CHECK(calibration->slope == 1.02);
  CHECK(calibration->offset == -3.5);
  const auto quality = as<Quality>(to_log(Quality{"force", 800, 80.5, 1.25, {}}));
  REQUIRE(quality);
  CHECK(quality->samples == 800);
  CHECK_FALSE(quality->lost);
  CHECK(as<Quality>(to_log(Quality{"force", 800, 80.5, 1.25, 3}))->lost == 3);
  const auto pain = as<PainAnswered>(to_log(PainAnswered{PainAnswered::When::stop, 7, "Knee"}));
  REQUIRE(pain);
  CHECK(pain->when == PainAnswered::When::stop);
  CHECK(pain->value == 7);
  CHECK(pain->place == "Knee");
  CHECK(as<QuestionAnswered>(to_log(QuestionAnswered{"well", true}))->yes);
  CHECK_FALSE(as<PainAnswered>(to_log(PainStopped{})));
}

TEST_CASE("a module's events are read from the log of any age") {
  using namespace logged;
  const auto rep = as<Rep>(stored(Origin::module, "rep",
                                  {{"set", 2.0},
                                   {"n", 3.0},
                                   {"counted", std::string("yes")},
                                   {"side", std::string("left")},
                                   {"peak_n", 61.5},
                                   {"hold_s", 2.0}}));
  REQUIRE(rep);
  CHECK(rep->set == 2);
  CHECK(rep->n == 3);
  CHECK(rep->side == "left");
  CHECK(rep->counted);
  CHECK(rep->figures == Figures{{"peak_n", 61.5}, {"hold_s", 2.0}});
  CHECK(rep->figure("hold_s") == 2);
  CHECK(std::isnan(rep->figure("min_n", NAN)));
  CHECK(as<Rep>(stored(Origin::module, "rep", {{"counted", 1.0}}))->counted);  // as the first kiosks wrote it
  CHECK_FALSE(as<Hold>(stored(Origin::module, "rep", {})));
  CHECK_FALSE(as<Rep>(stored(Origin::session, "rep", {})));
}

TEST_CASE("a reason in an older kiosk's words is the same as its id") {
  CHECK(logged::reason_id("not released") == "not_released");
  CHECK(logged::reason_id("left the band") == "left_target");
  CHECK(logged::reason_id("not_released") == "not_released");
  CHECK(logged::reason_id("a third party's reason") == "a third party's reason");
  const LogEvent older = stored(Origin::module, "rep", {{"n", 3.0}, {"reason", std::string("too weak")}});
  CHECK(same_module_event(older, stored(Origin::module, "rep", {{"n", 3.0}, {"reason", std::string("too_weak")}})));
  CHECK_FALSE(same_module_event(older, stored(Origin::module, "rep", {{"n", 3.0}, {"reason", std::string("too_long")}})));
  CHECK_FALSE(same_module_event(older, stored(Origin::module, "rep", {{"n", 3.0}})));
  CHECK_FALSE(same_module_event(older, stored(Origin::module, "rep", {{"n", 4.0}, {"reason", std::string("too_weak")}})));
}

TEST_CASE("what is damaged or from a later version is not guessed") {
  using namespace logged;
  CHECK_FALSE(as<ScreenShown>(stored(Origin::session, "state", {{"screen", std::string("a_later_screen")}})));
  CHECK_FALSE(as<ScreenShown>(stored(Origin::session, "state", {{"screen", 3.0}})));
  CHECK_FALSE(as<Action>(stored(Origin::session, "action", {})));
  CHECK_FALSE(as<PainAnswered>(stored(Origin::session, "pain", {{"when", std::string("later")}, {"value", 3.0}})));
  CHECK(as<PainAnswered>(stored(Origin::session, "pain", {{"when", std::string("before")}, {"value", 1e300}}))->value == -1);
  const auto quality =
      as<Quality>(stored(Origin::session, "quality", {{"samples", NAN}, {"rate_hz", std::string("x")}, {"lost", INFINITY}}));
  REQUIRE(quality);
  CHECK(quality->samples == 0);
  CHECK(quality->rate_hz == 0);
  CHECK_FALSE(quality->lost);
}
