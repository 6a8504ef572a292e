#include "runtime/left_open_text.hpp"

#include "base/sentence.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::runtime;

namespace {
constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kMondayUs = 1'796'032'800'000'000;  // 2026-11-30 10:00 UTC
}  // namespace

TEST_CASE("a session that was left open is offered with its day, in the hour that clocks showed then") {
  const WallTime now{kMondayUs, 60};
  CHECK(english(left_open_text("Wall sit", 2, {kMondayUs - kHourUs / 2, 60}, now)) == "Wall sit, set 2, started today at 10:30");
  CHECK(english(left_open_text("Wall sit", 0, {kMondayUs - 11 * kHourUs, 60}, now)) == "Wall sit, started today at 00:00");
  CHECK(english(left_open_text("Wall sit", 1, {kMondayUs - 12 * kHourUs, 60}, now)) ==
        "Wall sit, set 1, started yesterday at 23:00");
  CHECK(english(left_open_text("Bike", 0, {kMondayUs - 48 * kHourUs, 120}, now)) ==
        "Bike, started on Saturday 28 November at 12:00");
}

TEST_CASE("a session is too old after the physio's hours, and not because a clock was set back") {
  const WallTime now{kMondayUs, 0};
  CHECK_FALSE(is_too_old(kMondayUs - 4 * kHourUs, now, 4));
  CHECK(is_too_old(kMondayUs - 4 * kHourUs - 1, now, 4));
  CHECK_FALSE(is_too_old(kMondayUs + 400 * kHourUs, now, 4));
  CHECK(is_too_old(kMondayUs - 1, now, 0));
}
