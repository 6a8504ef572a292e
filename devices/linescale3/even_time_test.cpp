#include "even_time.hpp"

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "support/catch.hpp"

using patella::linescale3::EvenTime;

namespace {

constexpr int64_t kS = 1'000'000;

/// Samples every interval_us; they arrive when the wire next hands over what it has, every lump_us.
struct Wire {
  EvenTime& time;
  double interval_us;
  int64_t lump_us;
  int64_t latency_us = 300;
  double at_us = 5e9;
  struct Got {
    double true_us;
    int64_t t_us, received_us;
  };
  std::vector<Got> run(double seconds) {
    std::vector<Got> got;
    for (const double end_us = at_us + seconds * 1e6; at_us < end_us; at_us += interval_us) {
      const auto ready_us = static_cast<int64_t>(std::ceil(at_us)) + latency_us;
      const int64_t received_us = (ready_us + lump_us - 1) / lump_us * lump_us;
      got.push_back({at_us, time.next(1, received_us), received_us});
    }
    return got;
  }
};

double worst_step_us(const std::vector<Wire::Got>& got, double interval_us) {
  double worst = 0;
  for (std::size_t i = 1; i < got.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(got[i].t_us - got[i - 1].t_us) - interval_us));
  return worst;
}

}  // namespace

TEST_CASE("times are even, although samples arrive in lumps, at any rate and a clock that is off") {
  const double nominal_hz = GENERATE(10.0, 40.0, 640.0, 1280.0);
  const double clock = GENERATE(0.85, 0.898, 0.95, 1.0, 1.02);
  const double interval_us = 1e6 / (nominal_hz * clock);
  EvenTime time(1e6 / (nominal_hz * 0.898));
  Wire wire{time, interval_us, 16'000};
  INFO(nominal_hz << " Hz, clock " << clock);
  wire.run(30);
  const auto got = wire.run(60);
  CHECK(time.interval_us() == Approx(interval_us).epsilon(0.004));
  CHECK(worst_step_us(got, interval_us) < 0.03 * interval_us + 400);
  for (const auto& one : got) {
    const double late_us = static_cast<double>(one.t_us) - one.true_us;
    if (one.t_us > one.received_us || late_us < -4'000 || late_us > 17'000) FAIL("late by " << late_us << " us");
  }
}

TEST_CASE("with the rate that is expected, times are even from the first second on") {
  const double interval_us = 1e6 / 574.5;
  EvenTime time(1e6 / (640 * 0.898));
  Wire wire{time, interval_us, 16'000};
  wire.run(0.2);
  CHECK(worst_step_us(wire.run(1.5), interval_us) < 100);
}

TEST_CASE("half of the samples never come: the times follow the rate that is left") {
  EvenTime time(1e6 / (1280 * 0.898));
  const double interval_us = 2e6 / (1280 * 0.898);
  Wire wire{time, interval_us, 4'000};
  wire.run(30);
  CHECK(worst_step_us(wire.run(10), interval_us) < 200);
}

TEST_CASE("a stall of the host, after which all comes at once, does not show") {
  const double interval_us = 1e6 / 35.9;
  EvenTime time(interval_us);
  Wire wire{time, interval_us, 1'000};
  wire.run(20);
  const double from_us = wire.at_us;
  std::vector<int64_t> times;
  for (; wire.at_us < from_us + 1.2e6; wire.at_us += interval_us)
    times.push_back(time.next(1, static_cast<int64_t>(from_us + 1.2e6)));
  for (std::size_t i = 1; i < times.size(); ++i)
    CHECK(std::abs(static_cast<double>(times[i] - times[i - 1]) - interval_us) < 300);
  CHECK(std::abs(static_cast<double>(times.front()) - from_us) < 2'000);
}

TEST_CASE("lost samples that were counted leave their room") {
  EvenTime time(25'000);
  Wire wire{time, 25'000, 1'000};
  const auto before = wire.run(20).back();
  wire.at_us += 3 * 25'000;
  const int64_t t_us = time.next(4, static_cast<int64_t>(wire.at_us) + 1'000);
  CHECK(t_us - before.t_us == Approx(100'000).margin(1'500));
}

TEST_CASE("a device that paused is on time again within two windows, and its rate is the same") {
  EvenTime time(25'000);
  Wire wire{time, 25'000, 1'000};
  wire.run(30);
  wire.at_us += 3e6;
  wire.run(16);
  const auto last = wire.run(1).back();
  CHECK(last.received_us - last.t_us < 5'000);
  CHECK(time.interval_us() == Approx(25'000).epsilon(0.01));
}

TEST_CASE("any arrivals: never in the future, never backwards") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  EvenTime time(1'000);
  int64_t now_us = 7 * kS, last_us = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (random() % 8 == 0) now_us += random() % (random() % 500 == 0 ? 20 * kS : 20'000);
    const int64_t t_us = time.next(1 + random() % (random() % 100 == 0 ? 5'000 : 2), now_us);
    if (t_us > now_us || t_us < last_us) FAIL("at " << now_us << ": " << t_us << " after " << last_us);
    last_us = t_us;
  }
}
