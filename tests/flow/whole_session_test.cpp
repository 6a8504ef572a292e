// A client who does a whole exercise of a shipped station without touching the screen, and then answers.
#include "support/catch.hpp"
#include "virtual_kiosk.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::VirtualKiosk;

TEST_CASE("every shipped station: after the whole dose the kiosk waits for the answers", "[flow]") {
  const std::string id = GENERATE(as<std::string>{}, "bike_warm_up", "tke", "wall_sit");
  INFO(id);
  VirtualKiosk kiosk(id);
  kiosk.start();
  const double started_s = kiosk.now_s();
  REQUIRE(kiosk.run_until([&] { return kiosk.screen() == Screen::after; }, 1800));
  CHECK(kiosk.now_s() - started_s > 120);  // longer than the idle time: the shipped doses all are
  CHECK(kiosk.count("presence") == 0);     // nobody was asked in between
  kiosk.client_works = false;
  kiosk.run(85);
  REQUIRE(kiosk.screen() == Screen::after);
  CHECK_FALSE(kiosk.asked());
  kiosk.tap(taps::SetPain{1});
  kiosk.tap(taps::SetEffort{4});
  kiosk.tap(taps::Next());
  REQUIRE(kiosk.screen() == Screen::summary);
  CHECK(kiosk.shown().summary->stored);
  CHECK(kiosk.end.outcome == "completed");
  CHECK(kiosk.end.pain_before == 2);
  CHECK(kiosk.end.pain_after == 1);
  CHECK(kiosk.end.effort == 4);
  kiosk.run(85);
  CHECK(kiosk.screen() == Screen::summary);
  kiosk.run(36);
  CHECK(kiosk.home());
  CHECK(kiosk.ended == 1);
}
