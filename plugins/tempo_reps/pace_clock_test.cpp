#include "tempo_reps/pace_clock.hpp"

#include "support/catch.hpp"

using namespace patella::tempo_reps;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
Pace pace() { return {3, false, 2 * kSecondUs, kSecondUs, 3 * kSecondUs, kSecondUs}; }
}  // namespace

TEST_CASE("a repetition goes through its parts in order, and the set ends without a pause") {
  PaceClock clock(pace());
  clock.begin(0);
  const auto at = [&](int64_t s) {
    clock.advance(s * kSecondUs);
    return clock.place();
  };
  CHECK(at(0).part == Part::kLift);
  CHECK(at(1).done_us == kSecondUs);
  CHECK(at(2).part == Part::kHold);
  CHECK(at(3).part == Part::kLower);
  CHECK(clock.reps_done() == 0);
  CHECK(at(6).part == Part::kPause);
  CHECK(clock.reps_done() == 1);
  CHECK(at(7).part == Part::kLift);
  CHECK(clock.place().rep == 1);
  CHECK_FALSE(clock.over());
  clock.advance(30 * kSecondUs);
  REQUIRE(clock.over());
  CHECK(clock.over_us() == 20 * kSecondUs);  // three of 7 s, less the last pause
  CHECK(clock.reps_done() == 3);
}

TEST_CASE("it may start downwards, and parts of no length are left out") {
  Pace down = pace();
  down.starts_down = true;
  down.hold_us = down.pause_us = 0;
  const PaceClock clock(down);
  REQUIRE(clock.part_count() == 2);
  CHECK(clock.part(0) == Part::kLower);
  CHECK(clock.part(1) == Part::kRise);
  CHECK(clock.part_us(0) == 3 * kSecondUs);
}

TEST_CASE("the clock stands while it is told to, and goes on where it was") {
  PaceClock clock(pace());
  clock.begin(0);
  clock.advance(kSecondUs);
  clock.stand();
  clock.advance(50 * kSecondUs);
  CHECK(clock.place().done_us == kSecondUs);
  clock.go_on(60 * kSecondUs);
  clock.advance(61 * kSecondUs);
  CHECK(clock.place().part == Part::kHold);
}

TEST_CASE("large and small steps of time come to the same place") {
  PaceClock small(pace()), large(pace());
  small.begin(0);
  large.begin(0);
  for (int64_t t_us = 0; t_us <= 13'370'000; t_us += 10'000) small.advance(t_us);
  large.advance(13'370'000);
  CHECK(small.place().rep == large.place().rep);
  CHECK(small.place().done_us == large.place().done_us);
  CHECK(small.reps_done() == large.reps_done());
}
