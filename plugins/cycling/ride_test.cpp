#include "cycling/ride.hpp"

#include <limits>

#include "cycling/feedback.hpp"
#include "support/catch.hpp"

using namespace patella::cycling;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
const double kUnknown = std::numeric_limits<double>::quiet_NaN();

Ride two_phases() { return Ride({{"one", 10 * kSecondUs, 50, 70, 0, 0, false}, {"two", 5 * kSecondUs, 60, 0, 0, 0, false}}); }
}  // namespace

TEST_CASE("a stretch across the end of a phase is split there") {
  Ride ride = two_phases();
  CHECK(ride.credit({8 * kSecondUs, 60, kUnknown, kUnknown}, 8 * kSecondUs) == 8 * kSecondUs);
  CHECK(ride.credit({3 * kSecondUs, 75, kUnknown, kUnknown}, 11 * kSecondUs) == 10 * kSecondUs);
  CHECK(ride.phase_index() == 1);
  CHECK(ride.phase_done_us() == kSecondUs);
  // 75 rpm is above the first band and inside the second, open one.
  CHECK(ride.totals().in_zone_us == 9 * kSecondUs);
  CHECK(ride.credit({9 * kSecondUs, 60, kUnknown, kUnknown}, 20 * kSecondUs) == 15 * kSecondUs);
  CHECK(ride.over());
  CHECK(ride.totals().pedalling_us == 15 * kSecondUs);
  CHECK(ride.totals().revolutions == Approx(8 + 3.75 + 4));
}

TEST_CASE("work and heart rate count only while they are known") {
  Ride ride = two_phases();
  ride.credit({4 * kSecondUs, 60, 100, kUnknown}, 4 * kSecondUs);
  ride.credit({4 * kSecondUs, 60, kUnknown, 120}, 8 * kSecondUs);
  ride.credit({2 * kSecondUs, 90, 40, 126}, 10 * kSecondUs);
  CHECK(ride.totals().work_j == Approx(480));
  CHECK(ride.totals().mean_power_w() == Approx(80));
  CHECK(ride.totals().mean_heart_rate_bpm() == Approx(122));
  CHECK(ride.totals().mean_rpm() == Approx(66));
  CHECK(ride.totals().best_rpm == 90);
}

TEST_CASE("feedback does not flicker at the edge of the band") {
  BandWatch watch;
  CHECK(watch.update(0, 65, 60, 80) == Where::kInside);
  int changes = 0;
  Where last = Where::kInside;
  for (int i = 1; i < 60; ++i) {
    const Where where = watch.update(i * kSecondUs, i % 2 == 0 ? 58.5 : 61, 60, 80);
    changes += where != last ? 1 : 0;
    last = where;
  }
  CHECK(changes == 0);
  CHECK(watch.update(61 * kSecondUs, 57, 60, 80) == Where::kBelow);
  CHECK(watch.update(62 * kSecondUs, 59.5, 60, 80) == Where::kBelow);
  CHECK(watch.update(63 * kSecondUs, 60, 60, 80) == Where::kInside);
  CHECK(watch.update(63 * kSecondUs + 500'000, 90, 60, 80) == Where::kInside);
  CHECK(watch.update(64 * kSecondUs, 90, 60, 80) == Where::kAbove);
  CHECK(watch.update(66 * kSecondUs, 900, 60, 0) == Where::kInside);
}

TEST_CASE("a ceiling is left only by its margin") {
  CeilingWatch watch;
  CHECK_FALSE(watch.update(140, 140, 2));
  CHECK(watch.update(141, 140, 2));
  CHECK(watch.update(139, 140, 2));
  CHECK_FALSE(watch.update(138, 140, 2));
  CHECK_FALSE(watch.update(500, 0, 0));
}

TEST_CASE("the short mean forgets what is older than three seconds") {
  ShortMean mean;
  mean.add(0, 1000);
  for (int i = 1; i <= 5; ++i) mean.add(i * kSecondUs, 100 + i);
  CHECK(mean.mean() == Approx((102 + 103 + 104 + 105) / 4.0));
}
