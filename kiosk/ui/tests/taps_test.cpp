#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;
using session::TapKind;

namespace {

session::Snapshot snapshot_of(const std::string& name) { return fixture(name).snapshot; }

bool has_tap(const Harness& h, TapKind kind, const std::string& text = "", int value = 0) {
  for (const auto& tap : h.taps)
    if (tap.kind == kind && tap.text == text && tap.value == value) return true;
  return false;
}

}  // namespace

TEST_CASE("home: a tap opens the station, a broken one does not open") {
  Harness h;
  h.show(snapshot_of("home_broken"));
  h.tap("station_tke");
  REQUIRE(h.taps.size() == 1);
  CHECK(has_tap(h, TapKind::open_station, "tke"));
  h.tap("station_squat");
  CHECK(h.taps.size() == 1);
  CHECK_FALSE(h.control("station_squat")->enabled);
}

TEST_CASE("live: pause, end and the pain stop") {
  Harness h;
  h.show(snapshot_of("live_tke"));
  h.tap("pause");
  h.tap("end_session");
  CHECK(has_tap(h, TapKind::pause));
  CHECK(has_tap(h, TapKind::end_session));
  h.show(snapshot_of("live_paused"));
  h.tap("resume");
  CHECK(has_tap(h, TapKind::resume));
  CHECK(h.control("pause") == nullptr);
}
