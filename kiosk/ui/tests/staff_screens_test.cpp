// What every screen on the list of the staff area has. That it is drawn at all, the linker checks.
#include <algorithm>
#include <set>

#include "support/catch.hpp"
#include "ui/fixtures/builders.hpp"
#include "ui/tests/harness.hpp"
#include "ui/theme.hpp"

using namespace patella;
using namespace patella::ui;

TEST_CASE("each screen of the staff area has a name of its own, fixtures, a title and a way out") {
  Harness h;
  std::set<std::string> names;
  session::StaffScreens::each([&]<class View>(std::type_identity<View> screen) {
    INFO(View::kName);
    CHECK(names.insert(View::kName).second);
    const std::vector<Fixture> fixtures = fixtures_of(screen);
    CHECK_FALSE(fixtures.empty());
    for (const Fixture& f : fixtures) {
      INFO(f.name);
      CHECK(f.name.starts_with(View::kName));
      REQUIRE(std::holds_alternative<View>(f.snapshot.staff->screen));
      h.show(f.snapshot);
      const ShownScreen& shown = h.ui().shown();
      CHECK(shown.name == View::kName);
      CHECK(std::any_of(shown.texts.begin(), shown.texts.end(), [](const ShownText& text) {
        return text.box.y < size::header && text.size >= 40 && !text.text.empty();
      }));
      CHECK(h.control(View::kOnBar ? "staff_leave" : "back"));
    }
  });
  CHECK(names.size() >= 5);
}

TEST_CASE("the screens on the bar lead to each other, and to no screen that needs more than that") {
  Harness h;
  session::StaffScreens::each([&]<class From>(std::type_identity<From> from) {
    if (!From::kOnBar) return;
    h.show(fixtures_of(from).front().snapshot);
    session::StaffScreens::each([&]<class To>(std::type_identity<To>) {
      INFO(From::kName << " to " << To::kName);
      const bool leads = To::kOnBar && !std::is_same_v<From, To>;
      CHECK((h.control(To::kName) != nullptr) == leads);
      if (!leads) return;
      h.taps.clear();
      h.tap(To::kName);
      REQUIRE(h.taps.size() == 1);
      CHECK(session::tap_if<session::StaffGoTo<To>>(h.taps[0]));
    });
  });
}
