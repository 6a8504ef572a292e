// The notices in the staff area: seen first, acknowledged by whoever is signed in.
#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("who signs in sees open notices first, and the sensors when there are none") {
  Rig rig;
  rig.sign_in();
  CHECK(rig.screen() == "staff_sensors");
  rig.tap(StaffGoTo<NoticesView>());
  CHECK(rig.screen() == "staff_notices");
  rig.tap(StaffGoTo<SensorsView>());
  CHECK(rig.screen() == "staff_sensors");
  rig.tap(StaffLeave());
  rig.area.notices(1);
  rig.sign_in("id-desk");
  CHECK(rig.screen() == "staff_notices");
}

TEST_CASE("every member may acknowledge a notice, and nobody who is not signed in") {
  Rig rig;
  rig.area.notices(1);
  rig.tap(StaffOpen());
  rig.tap(NoticesView::Acknowledge{"n1"});
  CHECK(rig.newest<Acknowledge>() == nullptr);
  rig.tap(SignInView::Cancel());
  rig.sign_in("id-desk");
  rig.tap(NoticesView::Acknowledge{"n1"});
  const auto* asked = rig.newest<Acknowledge>();
  REQUIRE(asked != nullptr);
  CHECK(asked->notice == "n1");
  CHECK(asked->member == "id-desk");
  CHECK(rig.screen() == "staff_notices");
}

TEST_CASE("nothing that is tapped among the notices reaches a sensor") {
  Rig rig;
  rig.area.notices(1);
  rig.sign_in();
  rig.tap(SensorsView::Calibrate{0});
  CHECK(rig.screen() == "staff_notices");
  rig.tap(StaffLeave());
  rig.tap(NoticesView::Acknowledge{"n1"});
  CHECK(rig.newest<Acknowledge>() == nullptr);
}

TEST_CASE("the sign-in that lets a client start gives the client's screen back, whoever signs in or not") {
  Rig rig;
  rig.area.notices(1);
  rig.area.sign_in_to_let_start(rig.now_us);
  CHECK(rig.screen() == "staff_sign_in");
  CHECK(rig.shown<SignInView>().lets_start);
  rig.tap(SignInView::Cancel());
  CHECK_FALSE(rig.area.open());
  rig.area.sign_in_to_let_start(rig.now_us);
  rig.tap(SignInView::Choose{"id-desk"});
  rig.type("135792");
  rig.tap(SignInView::Accept());
  REQUIRE(rig.newest<CheckPin>() != nullptr);
  rig.area.pin_answer({false, "id-desk", 1, "This PIN is wrong"}, rig.now_us);
  CHECK(rig.screen() == "staff_sign_in");
  CHECK(rig.newest<LetStart>() == nullptr);
  rig.type("135792");
  rig.tap(SignInView::Accept());
  rig.area.pin_answer({true, "id-desk", 0, ""}, rig.now_us);
  for (Request& request : rig.area.take_requests()) rig.asked.push_back(std::move(request));
  REQUIRE(rig.newest<LetStart>() != nullptr);
  CHECK(rig.newest<LetStart>()->member == "id-desk");
  CHECK_FALSE(rig.area.open());
  CHECK_FALSE(rig.area.signed_in());
}

TEST_CASE(
    "wrong PINs at a client's start delay as those of the staff area, and nobody who went away is let in by a late answer") {
  Rig rig;
  rig.area.sign_in_to_let_start(rig.now_us);
  rig.tap(SignInView::Choose{"id-berg"});
  for (int failures = 1; failures <= 5; ++failures) {
    rig.type("111111");
    rig.tap(SignInView::Accept());
    rig.answer(false, failures, "This PIN is wrong");
  }
  CHECK(rig.shown<SignInView>().locked_until_us > rig.now_us);
  const std::size_t asked = rig.asked.size();
  rig.type("135792");
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.size() == asked);
  rig.now_us += 31 * kSecondUs;
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.size() == asked + 1);
  rig.tap(SignInView::Cancel());
  rig.answer(true, 0);
  CHECK(rig.area.take_requests().empty());
  CHECK_FALSE(rig.area.open());
  rig.tap(StaffOpen());
  CHECK_FALSE(rig.shown<SignInView>().lets_start);
}
