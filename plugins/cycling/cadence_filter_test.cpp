#include "cycling/cadence_filter.hpp"

#include <vector>

#include "support/catch.hpp"

using patella::cycling::CadenceFilter;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
constexpr double kNothing = -1;

// What is shown after each value, one value every `step_us`.
std::vector<double> shown(const std::vector<double>& values, int64_t step_us = kSecondUs) {
  CadenceFilter filter;
  std::vector<double> out;
  int64_t t_us = 0;
  for (double value : values) {
    filter.sample(t_us, value);
    out.push_back(filter.known(t_us) ? filter.rpm() : kNothing);
    t_us += step_us;
  }
  return out;
}

std::vector<double> repeated(const std::vector<double>& values, int times) {
  std::vector<double> out;
  for (double value : values) out.insert(out.end(), static_cast<std::size_t>(times), value);
  return out;
}
}  // namespace

TEST_CASE("a false first value is never shown") {
  CHECK(shown({230.77, 81, 82, 83}) == std::vector<double>{kNothing, kNothing, 82, 83});
  CHECK(shown({0, 78, 79}) == std::vector<double>{kNothing, kNothing, 79});
}

TEST_CASE("single spikes and missed revolutions are not shown") {
  CHECK(shown({80, 80, 230, 80}) == std::vector<double>{kNothing, 80, 80, 80});
  for (const double dip : {0.0, 1.84, 11.86, 16.04, 27.65, 40.0})
    CHECK(shown({80, 81, dip, 82, 83}) == std::vector<double>{kNothing, 81, 81, 82, 83});
}

TEST_CASE("a spike or dip repeated within its second is not shown either") {
  for (const double wrong : {1.84, 230.0})
    for (const double value : shown(repeated({80, 80, wrong, 80, 80}, 4), kSecondUs / 4))
      CHECK((value == kNothing || value == 80));
  CHECK(shown(repeated({230.77, 80, 80}, 4), kSecondUs / 4).back() == 80);
}

TEST_CASE("a stop shows zero at the second zero, a start at the second value") {
  CHECK(shown({100, 100, 0, 0, 0}) == std::vector<double>{kNothing, 100, 100, 0, 0});
  CHECK(shown({0, 0, 41, 68, 75, 78}) == std::vector<double>{kNothing, 0, 0, 41, 68, 78});
}

TEST_CASE("gradual changes are shown at once") {
  CHECK(shown({60, 62, 68, 75, 84, 70}) == std::vector<double>{kNothing, 62, 68, 75, 84, 70});
}

TEST_CASE("after three seconds without values nothing is shown, and the next one is a first one") {
  CadenceFilter filter;
  filter.sample(0, 80);
  filter.sample(kSecondUs, 80);
  CHECK(filter.known(4 * kSecondUs));
  CHECK_FALSE(filter.known(4 * kSecondUs + 1));
  filter.sample(5 * kSecondUs, 20);
  CHECK_FALSE(filter.known(5 * kSecondUs));
}

TEST_CASE("values that jump to and fro show nothing rather than an old value") {
  const std::vector<double> out = shown({60, 60, 120, 10, 120, 10, 120, 10});
  CHECK(out.back() == kNothing);
}

TEST_CASE("time that waits is settled with what turned out true") {
  CadenceFilter filter;
  filter.sample(0, 80);
  filter.sample(kSecondUs, 80);
  CadenceFilter::Outcome outcome = filter.sample(2 * kSecondUs, 0);
  CHECK(outcome.pending);
  CHECK_FALSE(outcome.settled);
  outcome = filter.sample(3 * kSecondUs, 80);
  CHECK_FALSE(outcome.pending);
  CHECK(outcome.settled);
  CHECK(outcome.settled_rpm == 80);
  filter.sample(4 * kSecondUs, 0);
  outcome = filter.sample(5 * kSecondUs, 0);
  CHECK(outcome.settled);
  CHECK(outcome.settled_rpm == 0);
}
