#include "module_kit/force_filter.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"

using patella::module_kit::Force;
using patella::module_kit::ForceFilter;
using patella::module_kit::Resolution;
using patella::module_kit::SortedForces;

namespace {
constexpr double kWildN[] = {-180.6, -143.37, 1302.99, 3858.0, 8388.6};

std::vector<Force> at_rate(double rate_hz, const std::vector<double>& values) {
  std::vector<Force> readings;
  for (std::size_t i = 0; i < values.size(); ++i)
    readings.push_back({static_cast<int64_t>(1e6 * static_cast<double>(i) / rate_hz), values[i]});
  return readings;
}

SortedForces sorted(const std::vector<Force>& readings) {
  ForceFilter filter;
  SortedForces all;
  const auto keep = [&](const SortedForces& some) {
    all.good.insert(all.good.end(), some.good.begin(), some.good.end());
    all.wild.insert(all.wild.end(), some.wild.begin(), some.wild.end());
  };
  for (const Force& reading : readings) keep(filter.add(reading));
  return all;
}

std::vector<double> values_of(const std::vector<Force>& forces) {
  std::vector<double> values;
  for (const Force& force : forces) values.push_back(force.n);
  return values;
}
}  // namespace

TEST_CASE("a wild reading, alone or one of two, is found at any rate from 8 Hz on, at rest, on the way and in a hold") {
  for (const double rate_hz : {8.0, 10.0, 12.5, 20.0, 50.0, 80.0, 320.0, 1280.0})
    for (const std::size_t number : {1u, 2u})
      for (const double wild_n : kWildN) {
        std::vector<double> values;
        const auto seconds = [&](double s) { return static_cast<std::size_t>(s * rate_hz) + 1; };
        for (std::size_t i = 0; i < seconds(2); ++i) values.push_back(0.1 * static_cast<double>(i % 3));
        for (std::size_t i = 0; i < seconds(2); ++i)
          values.push_back(60.0 * static_cast<double>(i) / static_cast<double>(seconds(2)));
        for (std::size_t i = 0; i < seconds(2); ++i) values.push_back(60 + 0.1 * static_cast<double>(i % 3));
        const auto clean = values;
        for (std::size_t at = 0; at + number <= clean.size(); at += 1 + clean.size() / 23) {
          values = clean;
          for (std::size_t k = 0; k < number; ++k) values[at + k] = wild_n + static_cast<double>(k);
          const SortedForces found = sorted(at_rate(rate_hz, values));
          INFO(rate_hz << " Hz, " << number << " of " << wild_n << " N at " << at << " of " << clean.size());
          if (at + number == clean.size()) continue;  // nothing after it: it waits
          CHECK(found.wild.size() == number);
          for (const double n : values_of(found.good)) CHECK((n > -1 && n < 61));
        }
      }
}

TEST_CASE("a drop to zero in a hold is wild, too") {
  CHECK(values_of(sorted(at_rate(10, {60, 60, 61, 60, 60, 0, 60, 61, 60, 60})).wild) == std::vector<double>{0});
  CHECK(values_of(sorted(at_rate(10, {60, 60, 61, 60, 60, 0, 0, 60, 61, 60})).wild) == std::vector<double>{0, 0});
}

TEST_CASE("what a person does passes unchanged: a fast pull keeps its peak") {
  const std::vector<std::vector<double>> pulls = {
      {0, 0, 0, 15, 30, 45, 30, 12, 78, 50, 45, 30, 15, 5, 0, 0},  // its top ends a dip
      {0, 0, 0, 0, 62, 60, 61, 60, 0, 0, 0},                       // up within one reading, down within one
      {0, 0, 0, 20, 55, 90, 70, 20, 0, 0},
      {60, 60, 60, 3, 1, 2, 60, 61, 60},  // a quick release between two pulls
  };
  for (const auto& values : pulls) {
    const SortedForces found = sorted(at_rate(10, values));
    CHECK(found.wild.empty());
    CHECK(values_of(found.good) == values);
  }
  std::vector<double> snap;  // 10 to 40 N in 0.1 s at 80 Hz
  for (int i = 0; i < 80; ++i) snap.push_back(0.1 * (i % 2));
  for (int i = 0; i < 8; ++i) snap.push_back(10 + 30 * i / 7.0);
  for (int i = 0; i < 40; ++i) snap.push_back(75);
  for (int i = 0; i < 40; ++i) snap.push_back(0);
  CHECK(values_of(sorted(at_rate(80, snap)).good) == snap);
}

TEST_CASE("tremor and coarse steps are not wild") {
  std::mt19937 random(3);
  for (const double rate_hz : {8.0, 10.0, 20.0, 80.0})
    for (const double step_n : {0.1, 1.0, 5.0, 10.0}) {
      std::vector<double> values;
      for (int i = 0; i < 400; ++i) {
        const double t_s = i / rate_hz;
        const double n = 30 - 30 * std::cos(2 * t_s) + 3 * std::sin(50 * t_s) + 0.2 * static_cast<double>(random() % 5);
        values.push_back(std::floor(n / step_n + 0.5) * step_n);
      }
      INFO(rate_hz << " Hz in steps of " << step_n << " N");
      CHECK(sorted(at_rate(rate_hz, values)).wild.empty());
    }
}

TEST_CASE("an ordinary reading does not wait; one that is away waits for two more") {
  ForceFilter filter;
  int64_t t_us = 0;
  const auto add = [&](double n) { return filter.add({t_us += 100'000, n}).good.size(); };
  CHECK(add(0) + add(0.2) + add(0.1) == 0);  // the first four wait for each other
  CHECK(add(0) == 4);
  CHECK(add(0.3) == 1);
  CHECK(add(60) == 0);
  CHECK(add(61) == 0);
  CHECK(add(60) == 3);
  CHECK(add(0) == 1);  // the way it came is known to be possible
}

TEST_CASE("silence makes a reading true only where the sensor has been silent before: one that sends changes only") {
  ForceFilter filter;
  int64_t t_us = 0;
  for (const double n : {0.0, 0.5, 0.0, 0.5, 0.0, 0.5}) filter.add({t_us += 500'000, n});
  filter.add({t_us += 100'000, 60});
  CHECK(filter.tick(t_us + ForceFilter::kSilenceUs - 1).good.empty());
  CHECK(values_of(filter.tick(t_us + ForceFilter::kSilenceUs).good) == std::vector<double>{60});
  CHECK(values_of(filter.add({t_us += 700'000, 60.5}).good) == std::vector<double>{60.5});
}

TEST_CASE("a wild reading before a silence is wild, whether the sensor comes back or is lost") {
  for (const double rate_hz : {8.0, 10.0, 80.0})
    for (const std::vector<double>& wild : {std::vector<double>{1303}, {1303, 1304}, {0, 0}}) {
      ForceFilter filter;
      int64_t t_us = 0;
      const auto step_us = static_cast<int64_t>(1e6 / rate_hz);
      for (int i = 0; i < 20; ++i) filter.add({t_us += step_us, 60 + 0.1 * (i % 3)});
      for (const double n : wild) CHECK(filter.add({t_us += step_us, n}).good.empty());
      INFO(rate_hz << " Hz, " << wild.size() << " of " << wild[0] << " N");
      CHECK(filter.tick(t_us + ForceFilter::kSilenceUs).good.empty());
      ForceFilter lost = filter;
      const SortedForces left = lost.lose();
      CHECK(left.good.empty());
      CHECK(values_of(left.wild) == wild);
      CHECK(lost.lose().wild.empty());
      for (const int64_t silence_us : {300'000, 450'000, 900'000}) {
        ForceFilter back = filter;
        const SortedForces found = back.add({t_us + silence_us, 60});
        CHECK(values_of(found.wild) == wild);
        CHECK(values_of(found.good) == std::vector<double>{60});
      }
    }
}

TEST_CASE("wild readings among the first four, alone or as a pair of any two values, do not pass") {
  struct Start {
    std::vector<double> readings, wild;
  };
  const std::vector<Start> starts = {
      {{8388.6, 1303, 0, 0.1, 0, 0.1}, {8388.6, 1303}}, {{1303, 8388.6, 0, 0.1, 0, 0.1}, {1303, 8388.6}},
      {{-143, 1303, 0, 0.1, 0, 0.1}, {-143, 1303}},     {{1303, -143, 60, 60.1, 60, 60.1}, {1303, -143}},
      {{8388.6, 1303, 0, 2, 5, 9}, {8388.6, 1303}},     {{8388.6, 0, 0.1, 30, 31, 30, 31}, {8388.6}},
      {{0, 1303, 1304, 30, 45, 60, 61}, {1303, 1304}},  // the force moves
      {{60, 1303, -143, 30, 15, 5, 0}, {1303, -143}},   {{0, 1303, 30, 60, 61, 60}, {1303}},
  };
  for (const Start& start : starts) {
    const SortedForces found = sorted(at_rate(10, start.readings));
    std::vector<double> good;
    for (const double n : start.readings)
      if (std::find(start.wild.begin(), start.wild.end(), n) == start.wild.end()) good.push_back(n);
    INFO(start.readings[0] << ", " << start.readings[1]);
    CHECK(values_of(found.wild) == start.wild);
    CHECK(values_of(found.good) == good);
  }
}

TEST_CASE("a pull right at the start passes, and of its start no more than two readings are dropped") {
  for (const double rate_hz : {8.0, 10.0, 20.0, 80.0}) {
    for (const std::vector<double>& pull :
         {std::vector<double>{0, 15, 30, 45, 60, 61, 60}, {0, 5, 20, 45, 60, 61, 60}, {60, 45, 30, 15, 0, 0, 0}})
      CHECK(values_of(sorted(at_rate(rate_hz, pull)).good) == pull);
    for (const std::vector<double>& jumps :
         {std::vector<double>{0, 0, 60, 60, 0, 0, 60, 60, 0, 0}, {0, 60, 0, 60, 61, 60, 0, 60, 60, 60}})
      CHECK(sorted(at_rate(rate_hz, {jumps.begin(), jumps.begin() + 5})).wild.size() <= 2);
  }
}

TEST_CASE("what the start cannot tell apart is as the docs say") {
  const auto wild = [](const std::vector<double>& values) { return values_of(sorted(at_rate(10, values)).wild); };
  CHECK(wild({0, 60, 61, 60, 61, 60}) == std::vector<double>{0});
  CHECK(wild({0, 0, 60, 61, 60, 61}) == std::vector<double>{0, 0});
  CHECK(wild({0, 1303, 30, 31, 30, 31}) == std::vector<double>{0, 1303});
}

TEST_CASE("the steps in which a sensor counts are learnt") {
  Resolution coarse, fine, none;
  for (const double n : {0.0, 10.0, 0.0, 30.0, 50.0, 10.0}) coarse.add(n);
  CHECK(coarse.step_n() == Approx(10));
  for (const double n : {0.0, 10.0, 0.0, 30.02, 50.0, 10.3}) fine.add(n);
  CHECK(fine.step_n() < 0.5);
  none.add(5);
  CHECK(none.step_n() == 0);
}
