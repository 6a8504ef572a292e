#include "band_reps/rise_rate.hpp"

#include "support/catch.hpp"

using patella::band_reps::RiseRate;

namespace {
/// Rises from 0 to `peak_n` in `rise_s`, stays a second, falls; read at a rate.
std::optional<double> pull(double peak_n, double rise_s, double rate_hz) {
  RiseRate rate;
  const auto force_at = [&](double t_s) {
    if (t_s < 1) return 0.0;
    if (t_s < 1 + rise_s) return peak_n * (t_s - 1) / rise_s;
    if (t_s < 2 + rise_s) return peak_n;
    return 0.0;
  };
  for (int i = 0; i < static_cast<int>(4 * rate_hz); ++i) {
    const double t_s = i / rate_hz;
    if (t_s < 1) rate.begin();
    rate.add(static_cast<int64_t>(t_s * 1e6), force_at(t_s));
  }
  return rate.steepest_n_per_s();
}
}  // namespace

TEST_CASE("the steepest 100 ms of a rise, at any rate that is fast enough") {
  for (const double rate_hz : {80.0, 88.2, 100.0, 574.5, 1280.0, 5000.0}) {
    INFO(rate_hz);
    REQUIRE(pull(80, 0.4, rate_hz));
    CHECK(*pull(80, 0.4, rate_hz) == Approx(200).epsilon(0.01));
    CHECK(*pull(80, 0.8, rate_hz) == Approx(100).epsilon(0.01));
  }
}

TEST_CASE("a sensor that is too slow has none") {
  for (const double rate_hz : {2.0, 8.0, 10.0, 40.0, 62.5, 75.0}) {
    INFO(rate_hz);
    CHECK_FALSE(pull(80, 0.4, rate_hz));
  }
}

TEST_CASE("a break, a step back in time and repeated times do no harm") {
  RiseRate rate;
  for (int i = 0; i < 30; ++i) rate.add(i * 10'000, i);
  CHECK(*rate.steepest_n_per_s() == Approx(100));
  rate.add(5'000'000, 500);
  CHECK_FALSE(rate.steepest_n_per_s());
  rate.add(5'000'000, 500);
  rate.add(4'000'000, 0);
  CHECK_FALSE(rate.steepest_n_per_s());
  for (int i = 1; i < 30; ++i) rate.add(4'000'000 + i * 10'000, 2 * i);
  CHECK(*rate.steepest_n_per_s() == Approx(200));
}
