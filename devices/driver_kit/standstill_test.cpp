// A silence is a standstill only when it is longer than the sensor's own gaps.
#include "standstill.hpp"

#include "support/catch.hpp"

using patella::driver_kit::Standstill;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

Standstill turning(int64_t gap_us, int turns = 10) {
  Standstill rule;
  rule.begin(0);
  for (int turn = 1; turn <= turns; ++turn) rule.turned(turn * gap_us);
  return rule;
}

}  // namespace

TEST_CASE("the time until a standstill is told comes from the gaps: 3 s, 2.2 gaps up to 4.5 s, 1.3 gaps beyond") {
  for (const auto& [gap_ms, after_ms] : {std::pair{250, 3'000},
                                         {1'000, 3'000},
                                         {1'500, 3'300},
                                         {2'000, 4'400},
                                         {3'000, 4'500},
                                         {4'000, 5'200},
                                         {10'000, 13'000}}) {
    INFO(gap_ms << " ms between turns");
    const Standstill rule = turning(gap_ms * kMs);
    CHECK(rule.after_us() == after_ms * kMs);
    const int64_t last_us = 10 * gap_ms * kMs;
    CHECK_FALSE(rule.stands(last_us + after_ms * kMs - 1));
    CHECK(rule.stands(last_us + after_ms * kMs));
  }
}

TEST_CASE("nothing is learned of one stop, of a silence of the line, or of the time before the first turn") {
  Standstill rule = turning(700 * kMs);
  rule.turned(7 * kS + 9 * kS);
  CHECK(rule.after_us() == 3 * kS);
  rule.turned(17 * kS);
  rule.turned(27 * kS, false);
  rule.turned(37 * kS, false);
  CHECK(rule.after_us() == 3 * kS);
  Standstill first;
  first.begin(0);
  CHECK_FALSE(first.stands(4'499 * kMs));
  CHECK(first.stands(4'500 * kMs));
  first.turned(15 * kS);
  CHECK(first.after_us() == 4'500 * kMs);
  CHECK(turning(kS, 2).after_us() == 4'500 * kMs);
  CHECK(turning(kS, 3).after_us() == 3 * kS);
}

TEST_CASE("a rider who becomes faster is known to stop sooner after eight turns") {
  Standstill rule = turning(4 * kS);
  for (int turn = 1; turn <= 6; ++turn) rule.turned(40 * kS + turn * 600 * kMs);
  CHECK(rule.after_us() == 5'200 * kMs);
  rule.turned(40 * kS + 7 * 600 * kMs);
  CHECK(rule.after_us() == 3 * kS);
}
