#include "band_reps/rep_detector.hpp"

#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella::band_reps;
using patella::test::noise;

namespace {
constexpr int64_t kStepUs = 11'336;  // 88.2 Hz

// Straight lines between points, sampled at 88.2 Hz.
class Pull {
 public:
  explicit Pull(double force_n = 0) : force_n_(force_n) {}
  Pull& to(double force_n, double seconds) {
    const auto steps = static_cast<int>(seconds * 1e6 / static_cast<double>(kStepUs));
    for (int i = 1; i <= steps; ++i) values_.push_back(force_n_ + (force_n - force_n_) * i / steps);
    force_n_ = force_n;
    return *this;
  }
  Pull& stay(double seconds) { return to(force_n_, seconds); }
  Pull& rep(double peak_n, double valley_n) { return to(peak_n, 0.5).stay(0.3).to(valley_n, 0.5).stay(0.2); }
  Pull& shaken(double amplitude_n, uint32_t seed) {
    std::mt19937 random(seed);
    for (double& value : values_) value += noise(random, amplitude_n);
    return *this;
  }
  std::vector<double> values() const { return values_; }

 private:
  double force_n_;
  std::vector<double> values_;
};

std::vector<Rep> reps(const RepRules& rules, const std::vector<double>& values, int64_t step_us = kStepUs) {
  RepDetector detector(rules);
  std::vector<Rep> found;
  int64_t t_us = 0;
  for (double value : values) {
    if (const auto rep = detector.sample(t_us, value)) found.push_back(*rep);
    t_us += step_us;
  }
  return found;
}

std::string verdicts(const RepRules& rules, const std::vector<double>& values, int64_t step_us = kStepUs) {
  std::string line;
  for (const Rep& rep : reps(rules, values, step_us)) {
    if (!line.empty()) line += ",";
    line += rep.verdict == Verdict::kCounted ? "+" : reason_of(rep.verdict);
  }
  return line;
}

RepRules rules() {
  RepRules rules;
  rules.start_n = 40;
  rules.release_n = 20;
  rules.low_n = 80;
  rules.min_rise_us = 100'000;
  rules.min_rep_us = 400'000;
  return rules;
}

/// Those of a target of 40 N, as the module completes them.
RepRules light_rules() {
  RepRules rules;
  rules.start_n = 20;
  rules.release_n = 10;
  rules.low_n = 40;
  rules.min_rep_us = 200'000;
  return rules;
}
}  // namespace

TEST_CASE("whole repetitions are counted, with their figures") {
  const auto found = reps(rules(), Pull().stay(0.5).rep(100, 0).rep(90, 0).values());
  REQUIRE(found.size() == 2);
  const Rep& rep = found[0];
  CHECK(rep.verdict == Verdict::kCounted);
  CHECK(rep.peak_n == Approx(100));
  // Straight up in 0.5 s: 20 N after 0.1 s, 80 N after 0.4 s; down again the same way.
  CHECK(rep.top_us - rep.start_us == Approx(300'000).margin(2 * kStepUs));
  CHECK(rep.end_us - rep.down_us == Approx(300'000).margin(3 * kStepUs));
  CHECK(rep.hold_us == Approx(500'000).margin(3 * kStepUs));
  CHECK(rep.impulse_ns == Approx(2 * 60 * 0.4 + 100 * 0.3).margin(1.5));
  CHECK(rep.mean_n == Approx(78.0 / 1.1).margin(1.5));
}

TEST_CASE("double peaks count once") {
  const Pull pull = Pull().stay(0.3).to(100, 0.5).to(70, 0.2).to(105, 0.2).to(60, 0.2).to(95, 0.2).to(0, 0.5).stay(0.3);
  CHECK(verdicts(rules(), pull.values()) == "+");
}

TEST_CASE("tremor and twitches are no repetitions") {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    CHECK(verdicts(rules(), Pull(15).stay(10).shaken(14, seed).values()).empty());
    CHECK(verdicts(rules(),
                   Pull(95).stay(0.1).to(0, 0.1).stay(1).to(100, 0.5).stay(10).shaken(12, seed).to(0, 0.5).stay(0.2).values()) ==
          "not_released,+");
  }
  for (uint32_t seed = 1; seed <= 20; ++seed)
    CHECK(verdicts(rules(), Pull().stay(0.3).to(100, 2.5).stay(1).to(0, 0.5).stay(0.2).shaken(9, seed).values()) == "+");
  CHECK(verdicts(rules(), Pull().stay(0.5).to(39, 0.4).to(0, 0.4).stay(0.5).values()).empty());
}

TEST_CASE("an incomplete release: the repetition counts, the next one does not") {
  for (const double valley_n : {21.0, 24.0, 26.0, 29.0})
    CHECK(verdicts(rules(), Pull().stay(0.3).rep(100, valley_n).rep(100, 0).rep(100, 0).values()) == "+,not_released,+");
  CHECK(verdicts(rules(), Pull().stay(0.3).rep(100, 12).rep(100, 19).rep(100, 0).values()) == "+,+,+");
  CHECK(verdicts(rules(), Pull().stay(0.3).rep(100, 33).rep(100, 0).values()) == "+");
}

TEST_CASE("a band that is loaded at the begin has to be released first") {
  CHECK(verdicts(rules(), Pull(52).stay(1).to(90, 0.5).to(0, 0.5).stay(0.2).rep(95, 0).values()) == "not_released,+");
  CHECK(verdicts(rules(), Pull(30).stay(1).to(90, 0.5).to(0, 0.5).stay(0.2).rep(95, 0).values()) == "not_released,+");
  CHECK(verdicts(rules(), Pull(52).stay(1).to(0, 0.5).stay(0.3).rep(95, 0).values()) == "not_released,+");
}

TEST_CASE("a slow release is told without waiting for ever") {
  const auto found = reps(rules(), Pull().stay(0.3).to(100, 0.5).to(22, 0.5).stay(4).values());
  REQUIRE(found.size() == 1);
  CHECK(found[0].verdict == Verdict::kCounted);
  CHECK(verdicts(rules(), Pull().stay(0.3).to(100, 0.5).to(22, 0.5).stay(4).rep(100, 0).rep(100, 0).values()) ==
        "+,not_released,+");
}

TEST_CASE("what is too short, too weak or too long is told so") {
  CHECK(verdicts(rules(), Pull().stay(0.3).to(100, 0.08).to(0, 0.08).stay(0.3).values()) == "too_short");
  CHECK(verdicts(rules(), Pull().stay(0.3).rep(75, 0).values()) == "too_weak");
  RepRules timed = rules();
  timed.max_rep_us = 2'000'000;
  CHECK(verdicts(timed, Pull().stay(0.3).to(100, 0.5).stay(3).to(0, 0.5).stay(0.1).rep(90, 0).values()) == "too_long,+");
}

TEST_CASE("the hold has to be in the band without a break") {
  RepRules holding = rules();
  holding.hold_us = 1'000'000;
  holding.high_n = 110;
  CHECK(verdicts(holding, Pull().stay(0.3).to(95, 0.5).stay(1.1).to(0, 0.5).stay(0.1).values()) == "+");
  CHECK(verdicts(holding, Pull().stay(0.3).to(95, 0.5).stay(0.6).to(0, 0.5).stay(0.1).values()) == "left_target");
  CHECK(
      verdicts(holding, Pull().stay(0.3).to(95, 0.5).stay(0.6).to(70, 0.1).to(95, 0.1).stay(0.6).to(0, 0.5).stay(0.1).values()) ==
      "left_target");
  CHECK(verdicts(holding, Pull().stay(0.3).to(130, 0.5).stay(1.5).to(0, 0.5).stay(0.1).values()) == "above_target");
  // Tremor across the lower edge within its margin is no break.
  CHECK(verdicts(holding, Pull().stay(0.3).to(80.8, 0.5).stay(1.3).shaken(2.5, 3).to(0, 0.5).stay(0.1).values()) == "+");
}

TEST_CASE("the top is known before the release") {
  RepRules holding = rules();
  holding.hold_us = 500'000;
  RepDetector detector(holding);
  int64_t t_us = 0, reached_us = 0, told_us = 0, end_us = 0;
  for (double value : Pull().stay(0.3).to(100, 0.5).stay(2).to(0, 0.5).stay(0.2).values()) {
    const auto rep = detector.sample(t_us, value);
    if (detector.reached() && reached_us == 0) reached_us = t_us;
    if (rep) {
      told_us = t_us;
      end_us = rep->end_us;
    }
    t_us += kStepUs;
  }
  CHECK(reached_us == Approx(1'200'000).margin(3 * kStepUs));
  CHECK(end_us == Approx(3'200'000).margin(6 * kStepUs));
  CHECK(told_us == Approx(3'300'000).margin(6 * kStepUs));
}

TEST_CASE("time without samples is no hold") {
  RepRules holding = rules();
  holding.hold_us = 1'000'000;
  RepDetector detector(holding);
  detector.sample(0, 0);
  for (int64_t t_us = 100'000; t_us < 600'000; t_us += 50'000) detector.sample(t_us, 10 + static_cast<double>(t_us) / 6e3);
  detector.sample(3'000'000, 100);
  CHECK_FALSE(detector.reached());
  CHECK(detector.dwell_us() < 300'000);
  const auto rep = detector.cut(3'100'000);
  REQUIRE(rep.has_value());
  CHECK(rep->impulse_ns < 60);
}

TEST_CASE("of two fast pulls each has its own peak, mean and times, however long the release between them was") {
  constexpr int64_t kTenHzUs = 100'000;
  const std::vector<double> first = {0, 0, 0, 15, 30, 60, 60}, second = {78, 60, 60, 5, 0, 0, 0};
  for (const std::vector<double>& dip : {std::vector<double>{5}, {5, 4}, {14, 13}, {14, 4}, {5, 4, 3}}) {
    std::vector<double> values = first;
    values.insert(values.end(), dip.begin(), dip.end());
    values.insert(values.end(), second.begin(), second.end());
    const auto found = reps(light_rules(), values, kTenHzUs);
    INFO("dip of " << dip.size() << " from " << dip[0] << " N");
    REQUIRE(found.size() == 2);
    CHECK(found[0].verdict == Verdict::kCounted);
    CHECK(found[0].peak_n == 60);
    CHECK(found[0].impulse_ns < 0.1 * (15 + 30 + 60 + 60 + 14 + 13) + 0.01);
    CHECK(found[0].mean_n < 45);
    CHECK(found[0].down_us == 6 * kTenHzUs);
    CHECK(found[0].end_us > found[0].down_us);
    CHECK(found[1].peak_n == 78);
    CHECK(found[1].verdict == (dip == std::vector<double>{14, 13} ? Verdict::kNotReleased : Verdict::kCounted));
  }
}

TEST_CASE("a top that ends a dip within one pull is that pull's peak") {
  const auto found = reps(light_rules(), {0, 0, 15, 30, 45, 30, 12, 78, 50, 45, 30, 15, 5, 0, 0, 0}, 100'000);
  REQUIRE(found.size() == 1);
  CHECK(found[0].verdict == Verdict::kCounted);
  CHECK(found[0].peak_n == 78);
}

TEST_CASE("a short dip parts two pulls only when it was below the lower threshold for 0.05 s") {
  constexpr int64_t kEightyHzUs = 12'500;
  const auto two_peaks = [](const std::vector<double>& dip) {
    std::vector<double> values(8, 0.0);
    for (const double n : {5.0, 12.0, 22.0, 35.0, 50.0}) values.push_back(n);
    values.insert(values.end(), 24, 60.0);
    values.insert(values.end(), dip.begin(), dip.end());
    for (const double n : {22.0, 45.0}) values.push_back(n);
    values.insert(values.end(), 24, 60.0);
    values.insert(values.end(), 24, 0.0);
    return values;
  };
  CHECK(verdicts(light_rules(), two_peaks({14, 13, 12, 11, 9}), kEightyHzUs) == "+");
  CHECK(verdicts(light_rules(), two_peaks({14, 9, 8, 9, 12, 14}), kEightyHzUs) == "+");
  CHECK(verdicts(light_rules(), two_peaks({14, 9, 8, 7, 9}), kEightyHzUs) == "+,+");
  CHECK(verdicts(light_rules(), two_peaks({14, 9, 8, 7, 9, 12, 14}), kEightyHzUs) == "+,+");
}

TEST_CASE("the rate of force development is that of its own pull") {
  constexpr int64_t kEightyHzUs = 12'500;
  std::vector<double> values(16, 0.0);
  const auto line = [&](double from_n, double to_n, int steps) {
    for (int i = 1; i <= steps; ++i) values.push_back(from_n + (to_n - from_n) * i / steps);
  };
  for (const int dip : {5, 20}) {
    values.resize(16);
    line(0, 60, 40);  // 120 N/s
    line(60, 60, 16);
    line(60, 4, 2);
    line(4, 4, dip);
    line(4, 90, 8);  // 860 N/s
    line(90, 90, 16);
    line(90, 0, 8);
    line(0, 0, 16);
    const auto found = reps(light_rules(), values, kEightyHzUs);
    INFO("dip of " << dip);
    REQUIRE(found.size() == 2);
    REQUIRE(found[0].rfd_n_per_s.has_value());
    REQUIRE(found[1].rfd_n_per_s.has_value());
    CHECK(*found[0].rfd_n_per_s == Approx(120).margin(15));
    CHECK(*found[1].rfd_n_per_s == Approx(860).margin(30));
  }
  values.resize(16);
  line(0, 60, 40);
  line(60, 60, 16);
  line(14, 14, 16);  // not released
  line(90, 90, 16);
  line(0, 0, 16);
  const auto unreleased = reps(light_rules(), values, kEightyHzUs);
  REQUIRE(unreleased.size() == 2);
  CHECK(unreleased[0].rfd_n_per_s.value_or(0) == Approx(120).margin(15));
  CHECK_FALSE(reps(light_rules(), {0, 0, 15, 30, 60, 60, 5, 0, 0, 0}, 100'000).at(0).rfd_n_per_s.has_value());
}
