// What is needed at 3 m is large enough there, whatever the state: computed from the layout and the size of the panel.
#include <cmath>

#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;

namespace {

constexpr double kDistanceMm = 3000, kCapital = 0.711;  // of Roboto, as a factor of the font size

/// Pixels of a 16:9 panel of 1920 × 1080 to a millimetre.
double pixels_per_mm(double diagonal_inch) { return 1920 / (diagonal_inch * 25.4 * 16 / std::hypot(16, 9)); }

double arcmin(double font_px, double diagonal_inch) {
  const double height_mm = font_px * kCapital / pixels_per_mm(diagonal_inch);
  return std::atan(height_mm / kDistanceMm) * 180 / std::acos(-1.0) * 60;
}

double least_arcmin(Reading reading) {
  switch (reading) {
    case Reading::near:
      return 0;
    case Reading::needed:
      return 16;
    case Reading::feedback:
      return 20;
    case Reading::trained:
      return 42;
  }
  return 0;
}

std::string lint_distance(const ShownScreen& shown, double diagonal_inch) {
  std::string found;
  for (const ShownText& t : shown.texts) {
    const double is = arcmin(static_cast<double>(t.size), diagonal_inch), least = least_arcmin(t.reading);
    if (is < least) found += "'" + t.text + "' has " + std::to_string(is) + " of " + std::to_string(least) + " arcmin; ";
  }
  return found;
}

bool is_far_screen(const session::Snapshot& s) {
  using session::Screen;
  return (s.screen == Screen::live || s.screen == Screen::rest || s.screen == Screen::pain_stop) && !s.asks_end &&
         s.asked_until_us == 0;
}

bool shows(const ShownScreen& shown, Reading reading, const std::string& text) {
  for (const ShownText& t : shown.texts)
    if (t.reading == reading && t.text == text) return true;
  return false;
}

}  // namespace

TEST_CASE("what is needed at 3 m can be read there, in every state of an exercise") {
  Harness h;
  int looked_at = 0;
  for (const Fixture& f : all_fixtures()) {
    if (!is_far_screen(f.snapshot)) continue;
    for (const bool notice : {false, true}) {
      session::Snapshot s = f.snapshot;
      if (notice) s.staff_notice = Message("Staff are being called");
      h.show(s);
      for (const double inches : {24., 27., 32., 43.}) {
        INFO(f.name << (notice ? ", with a notice" : "") << ", on " << inches << "\"");
        CHECK(lint_distance(h.ui().shown(), inches) == "");
      }
      ++looked_at;
    }
  }
  CHECK(looked_at > 60);
}

TEST_CASE("the number that is trained, the word about it, the side and the counts are marked as read at 3 m") {
  Harness h;
  h.show(fixture("live_tke").snapshot);
  const ShownScreen& shown = h.ui().shown();
  CHECK(shows(shown, Reading::trained, "62"));
  CHECK(shows(shown, Reading::feedback, "On target"));
  CHECK(shows(shown, Reading::feedback, "Left side"));
  CHECK(shows(shown, Reading::needed, "3"));
  CHECK(shows(shown, Reading::needed, "of 10"));
  CHECK(shows(shown, Reading::needed,
              "40\xE2\x80\x93"
              "80"));
  h.show(fixture("live_bike_on_target").snapshot);
  CHECK(shows(shown, Reading::trained, "79"));
  CHECK(shows(shown, Reading::needed, "Sit tall, knees in line"));
  h.show(fixture("live_wall_sit").snapshot);
  CHECK(shows(shown, Reading::trained, "17"));
  h.show(fixture("rest").snapshot);
  CHECK(shows(shown, Reading::trained, "0:42"));
}

TEST_CASE("a notice never makes the number smaller") {
  Harness h;
  const auto trained = [&] {
    float px = 0;
    for (const ShownText& t : h.ui().shown().texts)
      if (t.reading == Reading::trained) px = std::max(px, t.size);
    return px;
  };
  for (const char* name : {"live_tke", "live_bike_on_target", "live_wall_sit", "live_countdown", "rest"}) {
    INFO(name);
    session::Snapshot s = fixture(name).snapshot;
    h.show(s);
    const float before = trained();
    CHECK(before >= 186);
    s.staff_notice = Message("Staff are being called");
    h.show(s);
    CHECK(trained() == before);
  }
}

TEST_CASE("the pain stop lies at the client's hand, and takes its touch there") {
  Harness h;
  h.show(fixture("live_tke").snapshot);
  REQUIRE(h.control("pain_stop"));
  CHECK(h.control("pain_stop")->box.x + h.control("pain_stop")->box.w > h.width - 60);
  h.show(fixture("live_tke_left_handed").snapshot);
  REQUIRE(h.control("pain_stop"));
  const Box stop = h.control("pain_stop")->box;
  CHECK(stop.x < 60);
  CHECK(h.ui().press(stop.x + 20, stop.y + 20, h.now_us).size() == 1);
  CHECK(stop.w / pixels_per_mm(24) >= 130);
  CHECK(stop.h / pixels_per_mm(24) >= 40);
}

TEST_CASE("the faces stay when a notice is up") {
  Harness h;
  const auto height = [&] { return h.control("pain_5")->box.h; };
  h.show(fixture("after_notice").snapshot);
  REQUIRE(h.control("pain_5"));
  CHECK(height() >= 120);  // what ten_scale() needs to draw them
  CHECK(h.control("call_staff"));
}
