#include <cmath>
#include <random>

#include "calibration/ageing.hpp"
#include "calibration/band.hpp"
#include "calibration/fit.hpp"
#include "calibration/known_value.hpp"
#include "calibration/steady.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::calibration;

namespace {
constexpr int64_t kSecondUs = 1'000'000;

bool says(const Error& error, const std::string& words) { return error.text().find(words) != std::string::npos; }

/// Readings at a rate, for a time.
int64_t feed(Steady& steady, int64_t t_us, double seconds, double rate_hz, double value, double shake = 0) {
  const auto step_us = static_cast<int64_t>(1e6 / rate_hz);
  const int64_t end_us = t_us + static_cast<int64_t>(seconds * 1e6);
  for (int i = 0; t_us <= end_us; t_us += step_us, ++i) steady.add(t_us, value + (i % 2 == 0 ? shake : -shake) / 2);
  return t_us - step_us;
}
}  // namespace

TEST_CASE("a line through points that lie on one is that line") {
  const Point points[] = {{0, 3.5}, {49, 52.5}, {98, 101.5}, {196, 199.5}};
  const Result<Fit> fit = fit_line(points, {});
  REQUIRE(fit.ok());
  CHECK(fit->line.slope == Approx(1).epsilon(1e-12));
  CHECK(fit->line.offset == Approx(-3.5).epsilon(1e-12));
  CHECK(fit->residual == Approx(0).margin(1e-9));
}

TEST_CASE("noisy points give slope, offset and residual as the normal equations do") {
  // Worked by hand: readings 0 1 2 3, known 1 25 52 74 → slope 24.6, offset 1.1, deviations 0.1 0.7 −1.7 0.9.
  const Point points[] = {{1, 0}, {25, 1}, {52, 2}, {74, 3}};
  FitRules rules;
  rules.most_deviation_part = 0.05;
  const Result<Fit> fit = fit_line(points, rules);
  REQUIRE(fit.ok());
  CHECK(fit->line.slope == Approx(24.6));
  CHECK(fit->line.offset == Approx(1.1));
  CHECK(fit->residual == Approx(std::sqrt((0.01 + 0.49 + 2.89 + 0.81) / 4)));
  REQUIRE(fit->deviations.size() == 4);
  CHECK(fit->deviations[2] == Approx(-1.7));
}

TEST_CASE("a sensor mounted the other way round has a falling line") {
  const Point points[] = {{0, 1}, {100, -99}};
  const Result<Fit> fit = fit_line(points, {});
  REQUIRE(fit.ok());
  CHECK(fit->line.slope == Approx(-1));
  CHECK(apply(fit->line, -49) == Approx(50));
}

TEST_CASE("what cannot be a calibration is refused with the reason") {
  const auto why = [](std::vector<Point> points) {
    const Result<Fit> fit = fit_line(points, {});
    REQUIRE_FALSE(fit.ok());
    CHECK_FALSE(fit.error().remedy.empty());
    return fit.error();
  };
  CHECK(says(why({}), "needs 2 points"));
  CHECK(says(why({{0, 0}}), "needs 2 points"));
  CHECK(says(why({{0, 0}, {15, 15}}), "only 15.0 N apart, at least 20 N"));
  CHECK(says(why({{0, 0}, {0, 100}}), "only 0.0 N apart"));
  CHECK(says(why({{0, 2}, {50, 2}}), "did not follow"));
  CHECK(says(why({{0, 2}, {50, 2.01}}), "did not follow"));
  CHECK(says(why({{0, 0}, {50, std::nan("")}}), "not a number"));
  const Error off = why({{0, 0}, {50, 50}, {100, 108}, {150, 150}});
  CHECK(says(off, "at 100.0 N it is"));
  CHECK(says(off, "at most 3.00"));
}

TEST_CASE("the residual limit is a share of the range, and two points have none") {
  // A deviation of 1 N: too much over 40 N, fine over 200 N.
  CHECK_FALSE(fit_line(std::vector<Point>{{0, 0}, {20, 21.6}, {40, 40}}, {}).ok());
  CHECK(fit_line(std::vector<Point>{{0, 0}, {100, 101.6}, {200, 200}}, {}).ok());
  const auto two = fit_line(std::vector<Point>{{0, 4}, {100, 130}}, {});
  REQUIRE(two.ok());
  CHECK(two->residual == Approx(0).margin(1e-9));
}

TEST_CASE("a calibrated value has four decimals, exactly") {
  const Line line{1.0372915, -0.4417};
  std::mt19937 random(7);
  std::uniform_real_distribution<double> readings(-1000, 5000);
  for (int i = 0; i < 1000; ++i) {
    const double reading = readings(random), value = apply(line, reading);
    CHECK(std::fabs(value - (line.slope * reading + line.offset)) <= 0.5001e-4);
    CHECK(std::round(value * 1e4) / 1e4 == value);
  }
}

TEST_CASE("a still reading is known after its whole window, a moving one never") {
  Steady steady({2, 1, 3});
  CHECK(english(steady.why_not()) == "The sensor sends nothing");
  const int64_t t_us = feed(steady, 0, 1.9, 88, 20, 0.6);
  CHECK_FALSE(steady.still());
  CHECK(english(steady.why_not()).find("for 2 s yet") != std::string::npos);
  feed(steady, t_us, 0.2, 88, 20, 0.6);
  REQUIRE(steady.still());
  CHECK(steady.still()->mean == Approx(20).margin(0.05));
  CHECK(steady.still()->spread == Approx(0.6));
  CHECK(steady.why_not().empty());
  feed(steady, 3 * kSecondUs, 2.1, 88, 20, 1.2);
  CHECK_FALSE(steady.still());
  CHECK(english(steady.why_not()).find("moves by 1.2 N within 2 s, at most 1 N") != std::string::npos);
}

TEST_CASE("slow scales and breaks") {
  Steady scale({2, 1, 3});
  feed(scale, 0, 4, 2, 98);
  CHECK(scale.still());
  Steady slow({2, 1, 3});
  feed(slow, 0, 10, 0.4, 98);  // each reading after a break longer than the window
  CHECK_FALSE(slow.still());
  feed(scale, 20 * kSecondUs, 0.5, 2, 98);
  CHECK_FALSE(scale.still());
  scale.add(21 * kSecondUs, std::nan(""));
  CHECK(english(scale.why_not()) == "The sensor sends nothing");
}

TEST_CASE("a fast sensor needs no more memory than a slow one") {
  Steady steady({2, 1, 3});
  feed(steady, 0, 5, 20'000, 7);
  CHECK(steady.now().count <= 4098);
  CHECK(steady.still());
}

TEST_CASE("tare only unloaded and still") {
  const SteadyRules rules{0.5, 1.5, 3};
  Steady unloaded(rules), loaded(rules), moving(rules), fresh(rules);
  feed(unloaded, 0, 1, 88, -4.4, 0.4);
  feed(loaded, 0, 1, 88, 52, 0.4);
  feed(moving, 0, 1, 88, 1, 6);
  CHECK(tare_refusal(unloaded, 20).empty());
  CHECK(english(tare_refusal(loaded, 20)).find("52.0 N on the sensor, at most 20 N") != std::string::npos);
  CHECK(english(tare_refusal(moving, 20)).find("not still") != std::string::npos);
  CHECK(english(tare_refusal(fresh, 20)).find("sends nothing") != std::string::npos);
}

TEST_CASE("a point is taken from what came after the weight was on") {
  PointTaker taker({1, 1, 3}, 10 * kSecondUs);
  CHECK_FALSE(taker.poll(0));
  taker.begin(5 * kSecondUs);
  for (int64_t t_us = 0; t_us < 5 * kSecondUs; t_us += 10'000) taker.sample(t_us, 0);  // still arriving: of before
  CHECK_FALSE(taker.poll(5 * kSecondUs));
  for (int64_t t_us = 5 * kSecondUs; t_us <= 7 * kSecondUs; t_us += 10'000) taker.sample(t_us, 98.5);
  const auto point = taker.poll(7 * kSecondUs);
  REQUIRE(point);
  REQUIRE(point->ok());
  CHECK((*point)->mean == Approx(98.5));
  CHECK_FALSE(taker.poll(8 * kSecondUs));  // told once
}

TEST_CASE("a weight that swings for ever is given up with the reason") {
  PointTaker taker({1, 1, 3}, 10 * kSecondUs);
  taker.begin(0);
  for (int64_t t_us = 0; t_us <= 10 * kSecondUs; t_us += 10'000)
    taker.sample(t_us, 98 + 5 * std::sin(static_cast<double>(t_us) / 1e5));
  CHECK_FALSE(taker.poll(9 * kSecondUs));
  const auto point = taker.poll(10 * kSecondUs);
  REQUIRE(point);
  REQUIRE_FALSE(point->ok());
  CHECK(says(point->error(), "not still"));
  CHECK_FALSE(taker.waiting());
}

TEST_CASE("what people type for weights and lengths") {
  CHECK(*force_n("10kg") == Approx(98.0665));
  CHECK(*force_n(" 500 g ") == Approx(4.903325));
  CHECK(*force_n("22lb") == Approx(97.861).epsilon(1e-4));
  CHECK(*force_n("98.1 N") == 98.1);
  CHECK(*force_n("0") == 0);
  for (const char* wrong : {"10", "", "kg", "ten", "10 stone", "-5kg", "1e99N", "nan N", "9000kg"}) {
    INFO(wrong);
    CHECK_FALSE(force_n(wrong).ok());
  }
  CHECK(*length_m("50cm") == 0.5);
  CHECK(*length_m("1.2 m") == 1.2);
  CHECK(*length_m("750mm") == 0.75);
  for (const char* wrong : {"0.5", "0m", "-1m", "30m", "long"}) {
    INFO(wrong);
    CHECK_FALSE(length_m(wrong).ok());
  }
}

TEST_CASE("stiffness from two stretches in either order, and nonsense refused") {
  CHECK(*stiffness_n_per_m({0.5, 20}, {1.0, 80}) == Approx(120));
  CHECK(*stiffness_n_per_m({1.0, 80}, {0.5, 20}) == Approx(120));
  CHECK(says(stiffness_n_per_m({0.5, 20}, {0.52, 80}).error(), "5 cm"));
  CHECK(says(stiffness_n_per_m({0.5, 20}, {1.0, 18}).error(), "no harder"));
  CHECK(says(stiffness_n_per_m({0.5, 0}, {1.0, 0.4}).error(), "only 0.4 N"));
  CHECK_FALSE(stiffness_n_per_m({0.5, std::nan("")}, {1.0, 18}).ok());
}

TEST_CASE("a band that changed by more than the physio's limit is told, and none without a limit") {
  CHECK(change_percent(120, 105) == Approx(-12.5));
  CHECK(band_notice("green", 120, 105, 0).empty());
  CHECK(band_notice("green", 120, 105, 12.5).empty());
  CHECK(english(band_notice("green", 120, 105, 10)) ==
        "The band green is 12 % softer than at its first check: 120 N/m, now 105 N/m");
  CHECK(english(band_notice("green", 120, 140, 10)) ==
        "The band green is 17 % harder than at its first check: 120 N/m, now 140 N/m");
}

TEST_CASE("a calibration older than the site's limit is told") {
  constexpr int64_t kDayUs = 86'400 * kSecondUs;
  CHECK(days_since(0, 10 * kDayUs - 1) == 9);
  CHECK(days_since(10 * kDayUs, 0) == 0);
  const std::vector<Aged> one{{"Sensor A1", 0}}, three{{"A", 0}, {"B", 300 * kDayUs}, {"C", kDayUs}};
  CHECK(age_notice(one, 400 * kDayUs, 0) == "");
  CHECK(age_notice(one, 365 * kDayUs + 5, 365).empty());
  CHECK(english(age_notice(one, 366 * kDayUs, 365)) == "Calibration is due: Sensor A1 (366 days old): `patella calibrate`");
  CHECK(english(age_notice(three, 400 * kDayUs, 365)) ==
        "Calibration is due: A (400 days old), C (399 days old): `patella calibrate`");
  CHECK(english(age_notice(std::vector<Aged>(6, one[0]), 400 * kDayUs, 365)).find("and 2 more: `patella") != std::string::npos);
}
