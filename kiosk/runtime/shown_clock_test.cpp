#include "runtime/shown_clock.hpp"

#include "support/catch.hpp"

using namespace patella;

namespace {
struct SetClock final : Clock {
  int64_t mono_us = 5'000'000, utc_us = 0;
  int32_t offset_min = 0;
  mutable int looks = 0;
  int64_t now_us() const override { return mono_us; }
  WallTime wall() const override {
    ++looks;
    return {utc_us, offset_min};
  }
  void pass(int64_t us) {
    mono_us += us;
    utc_us += us;
  }
};
constexpr int64_t kMinuteUs = 60'000'000;
}  // namespace

TEST_CASE("the clock turns with the minute, and is looked at once a second") {
  SetClock clock;
  clock.utc_us = 642 * kMinuteUs + 58'500'000;  // 10:42:58.5
  runtime::ShownClock shown(clock);
  CHECK(shown.text() == "10:42");
  CHECK(shown.next_minute_us() == clock.mono_us + 1'500'000);
  for (int i = 0; i < 149; ++i) {
    clock.pass(10'000);
    CHECK(shown.text() == "10:42");
  }
  CHECK(clock.looks == 2);
  clock.pass(10'000);
  CHECK(shown.text() == "10:43");
  CHECK(shown.next_minute_us() == clock.mono_us + kMinuteUs);
  CHECK(shown.utc_us() == clock.utc_us);
}

TEST_CASE("a clock or a zone that is set is seen within a second") {
  SetClock clock;
  clock.utc_us = 600 * kMinuteUs;
  runtime::ShownClock shown(clock);
  CHECK(shown.text() == "10:00");
  clock.offset_min = 60;
  clock.pass(999'000);
  CHECK(shown.text() == "10:00");
  clock.pass(1'000);
  CHECK(shown.text() == "11:00");
  clock.utc_us -= 30 * kMinuteUs;
  clock.pass(1'000'000);
  CHECK(shown.text() == "10:30");
}
