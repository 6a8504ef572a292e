#include "driver_kit/device_time.hpp"

#include <cstdlib>
#include <random>

#include "support/catch.hpp"

using patella::driver_kit::DeviceTime;

namespace {

constexpr int64_t kS = 1'000'000;

/// Feeds samples every `period_us` (device clock) for `seconds`; the device clock runs at `rate` of the
/// host's; the port hands bytes over in lumps of 16 ms, 1 ms after the end of a lump. Returns the largest
/// error after the first second.
struct Run {
  int64_t worst_error_us = 0;
  int64_t last_t_us = 0;
  int samples = 0, refused = 0;
};
Run run(double rate, uint32_t first_device_us, int64_t seconds) {
  DeviceTime time;
  Run result;
  constexpr int64_t kStartUs = 5'000 * kS, kLumpUs = 16'000;
  for (int64_t i = 0;; ++i) {
    const int64_t device_us = i * 11'333;
    const int64_t true_us = kStartUs + static_cast<int64_t>(static_cast<double>(device_us) / rate);
    if (true_us > kStartUs + seconds * kS) return result;
    const int64_t received_us = (true_us / kLumpUs + 1) * kLumpUs + 1000;
    const auto mapped = time.map(static_cast<uint32_t>(first_device_us + static_cast<uint64_t>(device_us)), received_us);
    if (!mapped.usable) {
      ++result.refused;
      continue;
    }
    ++result.samples;
    if (mapped.t_us > received_us || mapped.t_us < result.last_t_us) FAIL("not between the last one and the receipt");
    result.last_t_us = mapped.t_us;
    if (true_us > kStartUs + kS)
      result.worst_error_us = std::max(result.worst_error_us, int64_t{std::llabs(mapped.t_us - true_us)});
  }
}

}  // namespace

TEST_CASE("lumps of 16 ms are spread out again, to 4 ms") {
  const Run even = run(1.0, 0, 60);
  CHECK(even.refused == 0);
  CHECK(even.samples > 5200);
  CHECK(even.worst_error_us < 4000);
}

TEST_CASE("a device clock half a percent off does not drift away over two hours and a roll-over") {
  for (const double rate : {0.995, 0.9999, 1.0001, 1.005}) {
    INFO("rate " << rate);
    const Run off = run(rate, 4'000'000'000u, 2 * 3600);
    CHECK(off.refused == 0);
    CHECK(off.worst_error_us < 20'000);
  }
}

TEST_CASE("roll-over after 71 min 35 s goes on without a jump") {
  DeviceTime time;
  time.map(4'294'960'000u, 100 * kS);
  const auto before = time.map(4'294'967'000u, 100 * kS + 7'000);
  const auto after = time.map(3'704u, 100 * kS + 11'000);
  REQUIRE(before.usable);
  REQUIRE(after.usable);
  CHECK(after.t_us - before.t_us == 4'000);
}

TEST_CASE("the short first intervals are kept as the device tells them") {
  DeviceTime time;
  const int64_t lump_us = 50 * kS;
  time.map(0, lump_us);
  time.map(968, lump_us + 968);
  const auto third = time.map(3324, lump_us + 3324);
  const auto fourth = time.map(14628, lump_us + 14628);
  CHECK(fourth.t_us - third.t_us == 14628 - 3324);
}

TEST_CASE("a time that leaps back or ahead is not used, and does not spoil the ones after it") {
  DeviceTime time;
  int64_t host_us = 10 * kS;
  uint32_t device_us = 500'000;
  const auto next = [&] { return time.map(device_us += 11'000, host_us += 11'000); };
  for (int i = 0; i < 10; ++i) CHECK(next().usable);
  CHECK_FALSE(time.map(17, host_us).usable);
  CHECK_FALSE(time.map(device_us + 900'000'000u, host_us).usable);
  const auto good = next();
  CHECK(good.usable);
  CHECK(good.t_us == host_us);
}

TEST_CASE("a device whose clock started again is followed after three lines") {
  DeviceTime time;
  int64_t host_us = 10 * kS;
  for (uint32_t device_us = 50'000'000; device_us < 50'100'000; device_us += 10'000) time.map(device_us, host_us += 10'000);
  CHECK_FALSE(time.map(0, host_us += 10'000).usable);
  CHECK_FALSE(time.map(10'000, host_us += 10'000).usable);
  CHECK(time.map(20'000, host_us += 10'000).usable);
  const auto next = time.map(30'000, host_us + 10'000);
  CHECK(next.t_us == host_us + 10'000);
}

TEST_CASE("a stall: the burst behind it keeps the times at which it was measured") {
  DeviceTime time;
  int64_t host_us = 10 * kS;
  uint32_t device_us = 0;
  for (int i = 0; i < 100; ++i) time.map(device_us += 11'000, host_us += 11'000);
  host_us += 1'200'000;
  int64_t last_us = 0;
  for (int i = 0; i < 109; ++i) last_us = time.map(device_us += 11'000, host_us).t_us;
  CHECK(host_us - last_us < 25'000);
  CHECK(host_us - last_us >= 0);
}
