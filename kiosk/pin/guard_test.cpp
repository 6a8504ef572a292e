#include "pin/guard.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace patella::pin;

namespace {
constexpr int64_t s = 1'000'000, min = 60 * s;
}

TEST_CASE("the first four wrong PINs cost nothing, the fifth half a minute, later ones up to an hour") {
  const std::vector<int64_t> expected = {0, 0, 0, 0, 0, 30 * s, 1 * min, 5 * min, 15 * min, 60 * min, 60 * min, 60 * min};
  for (int failures = 0; failures < static_cast<int>(expected.size()); ++failures)
    CHECK(wait_us(failures) == expected[static_cast<std::size_t>(failures)]);
  CHECK(wait_us(std::numeric_limits<int>::max()) == 60 * min);
  CHECK(wait_us(-1) == 0);
}

TEST_CASE("the delay counts from the wrong PIN, and after a start all of it from the start") {
  Guard guard(0, 1000);
  CHECK(guard.may_try_at_us() <= 1000);
  for (int failures = 1; failures <= 4; ++failures) {
    guard.failed(failures, 2000);
    CHECK(guard.may_try_at_us() == 2000);
  }
  guard.failed(5, 3000);
  CHECK(guard.failures() == 5);
  CHECK(guard.may_try_at_us() == 3000 + 30 * s);
  guard.failed(6, 3000 + 30 * s);
  CHECK(guard.may_try_at_us() == 3000 + 90 * s);

  Guard after_power_cycle(guard.failures(), 50);
  CHECK(after_power_cycle.failures() == 6);
  CHECK(after_power_cycle.may_try_at_us() == 50 + 1 * min);
  after_power_cycle.succeeded();
  CHECK(after_power_cycle.failures() == 0);
  CHECK(after_power_cycle.may_try_at_us() <= 50);
}
