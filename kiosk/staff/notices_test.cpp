// The notices in the staff area: seen first, acknowledged by whoever is signed in.
#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("who signs in sees open notices first, and the sensors when there are none") {
  Rig rig;
  rig.sign_in();
  CHECK(rig.screen() == Screen::staff_sensors);
  rig.tap(TapKind::staff_notices);
  CHECK(rig.screen() == Screen::staff_notices);
  rig.tap(TapKind::back);
  CHECK(rig.screen() == Screen::staff_sensors);
  rig.tap(TapKind::staff_leave);
  rig.area.notices(1);
  rig.sign_in("id-desk");
  CHECK(rig.screen() == Screen::staff_notices);
}

TEST_CASE("every member may acknowledge a notice, and nobody who is not signed in") {
  Rig rig;
  rig.area.notices(1);
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_acknowledge, "n1");
  CHECK(rig.newest<Acknowledge>() == nullptr);
  rig.tap(TapKind::back);
  rig.sign_in("id-desk");
  rig.tap(TapKind::staff_acknowledge, "n1");
  const auto* asked = rig.newest<Acknowledge>();
  REQUIRE(asked != nullptr);
  CHECK(asked->notice == "n1");
  CHECK(asked->member == "id-desk");
  CHECK(rig.screen() == Screen::staff_notices);
}

TEST_CASE("nothing that is tapped among the notices reaches a sensor") {
  Rig rig;
  rig.area.notices(1);
  rig.sign_in();
  rig.tap(TapKind::staff_calibrate, "", 0);
  CHECK(rig.screen() == Screen::staff_notices);
  rig.tap(TapKind::staff_leave);
  rig.tap(TapKind::staff_acknowledge, "n1");
  CHECK(rig.newest<Acknowledge>() == nullptr);
}

TEST_CASE("the sign-in that lets a client start gives the client's screen back, whoever signs in or not") {
  Rig rig;
  rig.area.notices(1);
  rig.area.sign_in_to_let_start(rig.now_us);
  CHECK(rig.screen() == Screen::staff_sign_in);
  CHECK(rig.now().staff->sign_in.lets_start);
  rig.tap(TapKind::back);
  CHECK_FALSE(rig.area.open());
  rig.area.sign_in_to_let_start(rig.now_us);
  rig.tap(TapKind::staff_member, "id-desk");
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  REQUIRE(rig.newest<CheckPin>() != nullptr);
  rig.area.pin_answer({false, "id-desk", 1, "This PIN is wrong"}, rig.now_us);
  CHECK(rig.screen() == Screen::staff_sign_in);
  CHECK(rig.newest<LetStart>() == nullptr);
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
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
  rig.tap(TapKind::staff_member, "id-berg");
  for (int failures = 1; failures <= 5; ++failures) {
    rig.type("111111");
    rig.tap(TapKind::staff_accept);
    rig.answer(false, failures, "This PIN is wrong");
  }
  CHECK(rig.now().staff->sign_in.locked_until_us > rig.now_us);
  const std::size_t asked = rig.asked.size();
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.size() == asked);
  rig.now_us += 31 * kSecondUs;
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.size() == asked + 1);
  rig.tap(TapKind::back);
  rig.answer(true, 0);
  CHECK(rig.area.take_requests().empty());
  CHECK_FALSE(rig.area.open());
  rig.tap(TapKind::staff_open);
  CHECK_FALSE(rig.now().staff->sign_in.lets_start);
}
