#include "hold/hold_clock.hpp"

#include "support/catch.hpp"

using namespace patella::hold;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kStepUs = 20'000;

HoldClock gated(double hold_s, double grace_s) {
  HoldClock clock({static_cast<int64_t>(hold_s * 1e6), static_cast<int64_t>(grace_s * 1e6), 40, 60, true});
  clock.begin(0);
  return clock;
}

// Samples at 50 Hz over [from_s, to_s).
void feed(HoldClock& clock, double from_s, double to_s, double force_n) {
  const auto to_us = static_cast<int64_t>(to_s * 1e6);
  for (auto t_us = static_cast<int64_t>(from_s * 1e6); t_us < to_us; t_us += kStepUs) clock.sample(t_us, force_n);
}
}  // namespace

TEST_CASE("without a gate the clock runs by itself and ends exactly") {
  HoldClock clock({10 * kSecondUs, 0, 0, 0, false});
  clock.begin(kSecondUs);
  for (int64_t t_us = kSecondUs; t_us < 11 * kSecondUs; t_us += 30'000) clock.tick(t_us);
  CHECK_FALSE(clock.over());
  clock.tick(11 * kSecondUs + 17'000);
  CHECK(clock.state() == HoldState::kHeld);
  CHECK(clock.held_us() == 10 * kSecondUs);
  CHECK(clock.over_us() == 11 * kSecondUs);
}

TEST_CASE("a gated hold starts after 0.2 s in the band") {
  HoldClock clock = gated(5, 1);
  feed(clock, 0, 3, 20);
  CHECK(clock.state() == HoldState::kNotYet);
  feed(clock, 3, 3.19, 50);
  CHECK(clock.state() == HoldState::kNotYet);
  feed(clock, 3.2, 4.22, 50);
  CHECK(clock.state() == HoldState::kRunning);
  CHECK(clock.held_us() == kSecondUs);
  CHECK(clock.mean_n() == 50);
}

TEST_CASE("the clock stands outside the band and goes on within the grace time") {
  HoldClock clock = gated(5, 1);
  feed(clock, 0, 2.22, 50);
  const int64_t before_us = clock.held_us();
  CHECK(before_us == 2 * kSecondUs);
  feed(clock, 2.22, 3.1, 70);
  CHECK(clock.state() == HoldState::kOut);
  CHECK(clock.held_us() == before_us);
  feed(clock, 3.1, 3.32, 50);
  CHECK(clock.state() == HoldState::kRunning);
  feed(clock, 3.32, 6.4, 50);
  CHECK(clock.state() == HoldState::kHeld);
  CHECK(clock.held_us() == 5 * kSecondUs);
}

TEST_CASE("too long outside the band breaks the hold, with the time it had") {
  HoldClock clock = gated(5, 1);
  feed(clock, 0, 2.22, 50);
  feed(clock, 2.22, 3.3, 10);
  CHECK(clock.state() == HoldState::kBroken);
  CHECK(clock.held_us() == 2 * kSecondUs);
  CHECK(clock.over_us() == 2'220'000);
}

TEST_CASE("flicker at the edge cannot put off the end of the grace time") {
  HoldClock clock = gated(5, 1);
  feed(clock, 0, 1.22, 50);
  for (int i = 0; i < 12; ++i) {
    feed(clock, 1.22 + i * 0.1, 1.22 + i * 0.1 + 0.04, 50);
    feed(clock, 1.26 + i * 0.1, 1.32 + i * 0.1, 30);
  }
  CHECK(clock.state() == HoldState::kBroken);
}

TEST_CASE("tremor at the edge of the band does not stop a running hold") {
  HoldClock clock = gated(3, 0.1);
  feed(clock, 0, 0.22, 42);
  for (int64_t t_us = 240'000; t_us < 4 * kSecondUs; t_us += kStepUs) clock.sample(t_us, (t_us / kStepUs) % 2 == 0 ? 39.2 : 40.6);
  CHECK(clock.state() == HoldState::kHeld);
}

TEST_CASE("time without samples is never counted") {
  HoldClock clock = gated(5, 1);
  feed(clock, 0, 1.22, 50);
  feed(clock, 3.22, 3.43, 50);
  CHECK(clock.held_us() == kSecondUs);
  clock.stand();
  feed(clock, 3.6, 3.78, 50);
  CHECK(clock.state() == HoldState::kNotYet);
  CHECK(clock.held_us() == kSecondUs);
}
