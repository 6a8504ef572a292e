// Who gets into the staff area, what each may do there, and that it closes by itself.
#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("the area opens with a PIN, and the PIN is never shown") {
  Rig rig;
  CHECK_FALSE(rig.area.open());
  rig.tap(SignInView::Type{session::KeypadKey('1')});
  CHECK_FALSE(rig.area.open());
  rig.tap(StaffOpen());
  CHECK(rig.screen() == "staff_sign_in");
  CHECK(rig.shown<SignInView>().members.size() == 2);
  CHECK_FALSE(rig.shown<SignInView>().can_accept);

  rig.tap(SignInView::Choose{"id-berg"});
  rig.type("13579");
  CHECK(rig.shown<SignInView>().digits == 5);
  CHECK_FALSE(rig.shown<SignInView>().can_accept);
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.empty());
  rig.type("28");
  rig.type("\b");
  CHECK(rig.shown<SignInView>().can_accept);
  rig.tap(SignInView::Accept());
  REQUIRE(rig.newest<CheckPin>());
  CHECK(rig.newest<CheckPin>()->member == "id-berg");
  CHECK(rig.newest<CheckPin>()->pin.text() == "135792");
  CHECK(rig.shown<SignInView>().checking);
  CHECK(rig.shown<SignInView>().digits == 0);
  rig.type("1");
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.size() == 1);  // one at a time

  rig.answer(false, 1, "Wrong PIN");
  CHECK(rig.screen() == "staff_sign_in");
  CHECK(english(rig.shown<SignInView>().message.text) == "Wrong PIN");
  rig.type("135792");
  rig.tap(SignInView::Accept());
  rig.answer(true, 0);
  CHECK(rig.screen() == "staff_sensors");
  CHECK(rig.now().staff->member == "M. Berg");
  rig.tap(StaffLeave());
  CHECK_FALSE(rig.area.open());
  CHECK(rig.now().staff->member.empty());
}

TEST_CASE("more digits than a PIN can have are not taken, letters neither") {
  Rig rig;
  rig.tap(StaffOpen());
  rig.tap(SignInView::Choose{"id-berg"});
  rig.type("12345678901234");
  CHECK(rig.shown<SignInView>().digits == 12);
  rig.type("\b");
  rig.type("x.");
  CHECK(rig.shown<SignInView>().digits == 11);
  rig.type("1");
  CHECK(rig.shown<SignInView>().digits == 12);
  rig.tap(SignInView::Choose{"id-desk"});  // another person begins with an empty PIN
  CHECK(rig.shown<SignInView>().digits == 0);
}

TEST_CASE("after five wrong PINs the next one waits, and a start waits for those on the disk") {
  Rig rig;
  rig.tap(StaffOpen());
  rig.tap(SignInView::Choose{"id-berg"});
  for (int failures = 1; failures <= 5; ++failures) {
    rig.type("135792");
    rig.tap(SignInView::Accept());
    rig.answer(false, failures, "Wrong PIN");
  }
  CHECK(rig.asked.size() == 5);
  CHECK(rig.shown<SignInView>().locked_until_us == rig.now_us + 30 * kSecondUs);
  rig.type("135792");
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.size() == 5);
  rig.now_us += 30 * kSecondUs;
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.size() == 6);

  AreaSetup after_start = plan();
  after_start.members[0].failures = 9;
  Rig later(after_start);
  later.tap(StaffOpen());
  later.tap(SignInView::Choose{"id-desk"});
  CHECK(later.shown<SignInView>().locked_until_us <= kStartUs);  // one member's wait is not another's
  later.tap(SignInView::Choose{"id-berg"});
  CHECK(later.shown<SignInView>().locked_until_us == kStartUs + 3600 * kSecondUs);
}

TEST_CASE("a PIN that could not be checked is no wrong one, and says why") {
  Rig rig;
  rig.tap(StaffOpen());
  rig.tap(SignInView::Choose{"id-berg"});
  for (int i = 0; i < 6; ++i) {
    rig.type("135792");
    rig.tap(SignInView::Accept());
    rig.answer(false, 0, "the disk is full");
  }
  CHECK(rig.asked.size() == 6);
  CHECK(english(rig.shown<SignInView>().message.text) == "the disk is full");
}

TEST_CASE("whoever went away is not signed in by an answer that comes late") {
  Rig rig;
  rig.tap(StaffOpen());
  rig.tap(SignInView::Choose{"id-berg"});
  rig.type("135792");
  rig.tap(SignInView::Accept());
  rig.tap(SignInView::Cancel());
  CHECK_FALSE(rig.area.open());
  rig.tap(StaffOpen());
  rig.tap(SignInView::Choose{"id-berg"});
  rig.answer(true, 0);
  CHECK(rig.screen() == "staff_sign_in");
  CHECK_FALSE(rig.area.signed_in());
}

TEST_CASE("without anybody who may sign in the screen says what to do") {
  AreaSetup nobody = plan();
  nobody.members.clear();
  nobody.no_sign_in = "Nobody can sign in here yet";
  Rig rig(nobody);
  rig.tap(StaffOpen());
  CHECK(english(rig.shown<SignInView>().message.text) == "Nobody can sign in here yet");
  rig.type("135792");
  rig.tap(SignInView::Accept());
  CHECK(rig.asked.empty());
}

TEST_CASE("it closes by itself, and not while somebody hangs weights on the sensor") {
  Rig rig;
  rig.sign_in();
  rig.now_us += 119 * kSecondUs;
  CHECK(rig.screen() == "staff_sensors");
  CHECK(rig.area.deadline_us() == kStartUs + 120 * kSecondUs);
  rig.now_us += 1 * kSecondUs;
  rig.now();
  CHECK_FALSE(rig.area.open());

  Rig working;
  working.calibrate_force();
  const int64_t touched_us = working.now_us;
  for (int i = 0; i < 100 && working.area.open(); ++i) {
    working.force(1, 10);
    working.force(4, 60);  // it moved: somebody is there
  }
  CHECK(working.area.open());
  CHECK(working.now_us - touched_us >= 499 * kSecondUs);
  for (int i = 0; i < 100 && working.area.open(); ++i) {
    working.force(1, 10);
    working.force(4, 60);
  }
  CHECK_FALSE(working.area.open());  // but not for ever
  CHECK(working.now_us - touched_us <= 906 * kSecondUs);
}

TEST_CASE("who is no physio sees, and changes nothing") {
  Rig rig;
  rig.plug_force();
  rig.sign_in("id-desk");
  CHECK_FALSE(rig.now().staff->physio);
  rig.area.device(1, {Liveness::failed, "died", false});
  for (const auto& row : rig.shown<SensorsView>().rows) CHECK_FALSE((row.calibrates || row.pairs || row.retries));
  const std::size_t asked = rig.asked.size();
  rig.tap(SensorsView::Calibrate{0});
  rig.tap(SensorsView::Pair{1});
  rig.tap(SensorsView::Retry{1});
  CHECK(rig.screen() == "staff_sensors");
  CHECK(rig.asked.size() == asked);
}
