// A client's screens outside of an exercise: what each control asks for, what cannot be tapped, and that nothing of a person is on home.
#include <functional>

#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;
using session::Screen;
using session::Tap;
using session::tap_if;
namespace taps = session::taps;

namespace {

using Is = std::function<bool(const Tap&)>;

template <class One>
Is is_a() {
  return [](const Tap& tap) { return tap_if<One>(tap) != nullptr; };
}
template <class One, class Field, class Value>
Is is_with(Field One::*field, Value value) {
  return [=](const Tap& tap) { return tap_if<One>(tap) && tap_if<One>(tap)->*field == value; };
}

struct Wanted {
  const char *fixture, *control;
  Is what;
};

const std::vector<Wanted>& wanted() {
  using session::SignInMeans;
  static const std::vector<Wanted> kAll{
      {"home_clients", "sign_in", is_a<taps::SignIn>()},
      {"home_clients", "continue_as_guest", is_a<taps::GoOnAsGuest>()},
      {"home_clients", "station_bike", is_with(&taps::OpenStation::id, std::string("bike"))},
      {"home_clients", "language_de", is_with(&taps::SetLanguage::language, std::string("de"))},
      {"home_clients", "language_pl", is_with(&taps::SetLanguage::language, std::string("pl"))},
      {"home_clients", "louder", is_with(&taps::SetVolume::level, 5)},
      {"home_clients", "quieter", is_with(&taps::SetVolume::level, 3)},
      {"home_clients", "staff_open", is_a<session::StaffOpen>()},
      {"sign_in", "back", is_a<taps::BackHome>()},
      {"sign_in", "continue_as_guest", is_a<taps::GoOnAsGuest>()},
      {"sign_in", "by_name", is_with(&taps::ShowMeans::means, SignInMeans::name)},
      {"sign_in_wrong", "key_7",
       [](const Tap& tap) { return tap_if<taps::TypeCode>(tap) && tap_if<taps::TypeCode>(tap)->key.typed() == '7'; }},
      {"sign_in_typing", "key_erase",
       [](const Tap& tap) { return tap_if<taps::TypeCode>(tap) && tap_if<taps::TypeCode>(tap)->key.erases(); }},
      {"sign_in_typing", "try_code", is_a<taps::TryCode>()},
      {"sign_in_names", "client_C-0003", is_with(&taps::ChooseClient::ref, std::string("C-0003"))},
      {"sign_in_names", "by_code", is_with(&taps::ShowMeans::means, SignInMeans::code)},
      {"day_after", "day_after_0", is_with(&taps::SetDayAfter::value, 0)},
      {"day_after", "day_after_10", is_with(&taps::SetDayAfter::value, 10)},
      {"day_after", "skip_day_after", is_a<taps::SkipDayAfter>()},
      {"today", "start", is_a<taps::StartNext>()},
      {"today", "item_wall_sit", is_with(&taps::MakeNext::item, std::string("wall_sit"))},
      {"today", "something_else", is_a<taps::SomethingElse>()},
      {"today", "stop_for_today", is_a<taps::StopForToday>()},
      {"today", "sign_out", is_a<taps::SignOut>()},
      {"today_done", "visit_end", is_a<taps::StopForToday>()},
      {"today_no_plan", "to_library", is_a<taps::SomethingElse>()},
      {"library", "group_core", is_with(&taps::OpenGroup::group, std::string("core"))},
      {"library", "exercise_mini_squat", is_with(&taps::TouchCard::exercise, std::string("mini_squat"))},
      {"library", "exercise_split_squat", is_with(&taps::TouchCard::exercise, std::string("split_squat"))},
      {"library", "back", is_a<taps::BackToToday>()},
      {"library_guest", "back", is_a<taps::SignOut>()},
      {"visit_summary", "sign_out", is_a<taps::SignOut>()},
      {"visit_summary", "more_time", is_a<taps::MoreTime>()},
      {"visit_summary", "back", is_a<taps::BackToToday>()}};
  return kAll;
}

const std::vector<std::pair<int, int>> kBothWays{{1920, 1080}, {1080, 1920}};

}  // namespace

TEST_CASE("each control of a visit makes its tap, once, on a panel that lies and on one that stands") {
  for (const auto& [w, height] : kBothWays) {
    Harness h(w, height);
    for (const Wanted& e : wanted()) {
      INFO(e.fixture << " " << e.control << " at " << w << "x" << height);
      h.show(fixture(e.fixture).snapshot);
      h.taps.clear();
      h.tap(e.control);
      REQUIRE(h.taps.size() == 1);
      CHECK(e.what(h.taps[0]));
    }
  }
}

TEST_CASE("a touch meant for the screen before asks for nothing of a visit") {
  Harness h;
  for (const Wanted& e : wanted()) {
    INFO(e.fixture << " " << e.control);
    h.show(fixture("live_tke").snapshot);
    h.snapshot = fixture(e.fixture).snapshot;
    h.frames(1);
    h.taps.clear();
    h.wait(200'000);
    h.tap(e.control);
    CHECK(h.taps.empty());
  }
}

TEST_CASE("what a visit does not allow cannot be tapped") {
  Harness h;
  const std::pair<const char*, const char*> off[] = {{"home_clients", "station_tke"},
                                                     {"home_clients_silent", "quieter"},
                                                     {"sign_in", "try_code"},
                                                     {"sign_in_slowed", "key_1"},
                                                     {"sign_in_checking", "key_1"},
                                                     {"sign_in_wrong", "try_code"},
                                                     {"today", "item_bike"},
                                                     {"today", "item_tke"},
                                                     {"today_not_possible", "item_tke"},
                                                     {"today_not_possible", "item_wall_sit"},
                                                     {"today_next_waits", "start"},
                                                     {"visit_summary_saving", "sign_out"}};
  for (const auto& [name, control] : off) {
    INFO(name << " " << control);
    h.show(fixture(name).snapshot);
    h.taps.clear();
    REQUIRE(h.control(control) != nullptr);
    CHECK_FALSE(h.control(control)->enabled);
    h.tap(control);
    CHECK(h.taps.empty());
  }
}

TEST_CASE("the keys work again when the wait is over, without a new snapshot") {
  Harness h;
  h.show(fixture("sign_in_slowed").snapshot);
  REQUIRE_FALSE(h.control("key_1")->enabled);
  h.wait(8'000'000);
  h.frames(1);
  CHECK(h.control("key_1")->enabled);
}

TEST_CASE("the pain stop is on every screen of a visit, at the same place, and acts on press") {
  for (const auto& [w, height] : kBothWays) {
    Harness h(w, height);
    const float k = h.width < h.height ? h.width / 1080 : 1;
    int screens = 0;
    for (const Fixture& f : all_fixtures()) {
      const Screen s = f.snapshot.screen;
      const bool client = s == Screen::day_after || s == Screen::today || s == Screen::library || s == Screen::visit_summary;
      if (!client) continue;
      INFO(f.name);
      ++screens;
      h.snapshot = f.snapshot;
      h.frames(1);  // no wait: the pain stop has no ghost guard
      const Control* stop = h.control("pain_stop");
      REQUIRE(stop != nullptr);
      CHECK(stop->box.w >= 468);
      CHECK(stop->box.h >= 146);
      CHECK(stop->box.x + stop->box.w == Approx(h.width - 40 * k));
      CHECK(stop->box.y + stop->box.h == Approx(h.height - 40 * k));
      const auto pressed = h.ui().press(stop->box.x + 5, stop->box.y + 5, h.now_us);
      REQUIRE(pressed.size() == 1);
      CHECK(tap_if<taps::PainStop>(pressed[0]));
    }
    CHECK(screens > 20);
  }
}

TEST_CASE("a letter brings its names into view; from twelve names on there are letters") {
  Harness h;
  h.show(fixture("sign_in_names").snapshot);
  CHECK(h.control("letters_0") == nullptr);
  h.show(fixture("home").snapshot);
  h.show(fixture("sign_in_names_many").snapshot);
  CHECK_FALSE(h.has_text("Yusuf E."));
  h.tap("letters_5");
  h.frames(2);
  CHECK(h.has_text("Yusuf E."));
  CHECK(h.taps.empty());
}

TEST_CASE("of a list that is longer than its card the next one is in view when the screen comes up") {
  Harness h;
  h.show(fixture("today_many").snapshot);
  REQUIRE(h.control("item_bridge_2") != nullptr);
  CHECK(h.control("item_bike") == nullptr);
}

TEST_CASE("the code is never shown, only how many digits there are") {
  Harness h;
  h.show(fixture("sign_in_typing").snapshot);
  for (const ShownText& text : h.ui().shown().texts) {
    const bool key = text.text.size() == 1 && text.text[0] >= '0' && text.text[0] <= '9';
    INFO(text.text);
    CHECK((key || text.text == "10:42" || text.text.find_first_of("0123456789") == std::string::npos));
  }
}

TEST_CASE("signing out counts down by itself") {
  Harness h;
  h.show(fixture("visit_summary").snapshot);
  CHECK(h.has_text("0:24"));
  REQUIRE(h.ui().next_change_us() <= h.now_us + 1'000'000);
  h.now_us = h.ui().next_change_us();
  h.frames(1, 1000);
  CHECK(h.has_text("0:23"));
}
