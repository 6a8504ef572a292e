#include "band_reps/tare.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/module_rig.hpp"

using patella::band_reps::Tare;
using patella::test::noise;

namespace {
constexpr int64_t kStepUs = 11'336;
constexpr int64_t kSecondUs = 1'000'000;

// Feeds force(t) over a time; returns when a tare was found, -1 when none was.
struct Feeder {
  Tare tare{10};
  int64_t t_us = 0;
  std::mt19937 random{5};
  Tare::Change change = Tare::Change::kNone;

  int64_t feed(double seconds, double force_n, bool at_rest = true, double shake_n = 0.3) {
    int64_t found_us = -1;
    const int64_t end_us = t_us + static_cast<int64_t>(seconds * 1e6);
    for (; t_us < end_us; t_us += kStepUs) {
      const Tare::Change now = tare.sample(t_us, force_n + noise(random, shake_n), at_rest);
      if (now != Tare::Change::kNone) {
        change = now;
        found_us = t_us;
      }
    }
    return found_us;
  }
};
}  // namespace

TEST_CASE("a band slack before the set is tared at once") {
  Feeder feeder;
  feeder.feed(2, 3);
  feeder.tare.seek(feeder.t_us);
  CHECK_FALSE(feeder.tare.seeking());
  CHECK(feeder.tare.baseline_n() == Approx(3).margin(0.3));
}

TEST_CASE("a band that was slack in the rest and is taut at the set's begin is tared by the rest") {
  Feeder feeder;
  feeder.feed(5, -1);
  feeder.feed(10, 14);
  feeder.tare.seek(feeder.t_us);
  CHECK_FALSE(feeder.tare.seeking());
  CHECK(feeder.tare.baseline_n() == Approx(-1).margin(0.3));
  feeder.feed(60, 14);
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.seeking());
}

TEST_CASE("a loaded band is refused with the reason, once, and never tared under load") {
  Feeder feeder;
  feeder.feed(2, 52);
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.seeking());
  CHECK_FALSE(feeder.tare.known());
  CHECK(feeder.feed(2.8, 52) == -1);
  CHECK(feeder.feed(0.2, 52) > 0);
  CHECK(feeder.change == Tare::Change::kRefused);
  CHECK(feeder.tare.loaded());
  CHECK(feeder.feed(120, 52) == -1);
  CHECK(feeder.feed(3, 11) == -1);
  CHECK(feeder.tare.seeking());
  CHECK(feeder.feed(1.2, -1) > 0);
  CHECK(feeder.change == Tare::Change::kFound);
  CHECK(feeder.tare.baseline_n() == Approx(-1).margin(0.3));
}

TEST_CASE("a load that stays becomes the zero only where the physio allows it, and only after it was told and kept still") {
  Feeder feeder;
  feeder.tare = Tare(10, 40);
  feeder.tare.seek(0);
  CHECK(feeder.feed(2.8, 20) == -1);
  CHECK(feeder.feed(0.2, 20) > 0);
  CHECK(feeder.change == Tare::Change::kRefused);
  CHECK(feeder.feed(2.5, 20) == -1);
  CHECK(feeder.feed(1, 24, true, 2) == -1);  // moving: from the begin again
  CHECK(feeder.feed(2.8, 20) == -1);
  CHECK(feeder.feed(0.4, 20) > 0);
  CHECK(feeder.change == Tare::Change::kFound);
  CHECK(feeder.tare.zero_is_load());
  CHECK(feeder.tare.baseline_n() == Approx(20).margin(0.3));
  // From then on it is as good as slack: the next set is tared by the rest before it.
  feeder.feed(2, 19.5);
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.known());
  CHECK(feeder.tare.baseline_n() == Approx(19.5).margin(0.3));
  feeder.feed(70, 52);
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.seeking());
}

TEST_CASE("a load at rest above the highest that is allowed never becomes the zero") {
  Feeder feeder;
  feeder.tare = Tare(10, 25);
  feeder.tare.seek(0);
  CHECK(feeder.feed(3, 26) > 0);
  CHECK(feeder.change == Tare::Change::kRefused);
  CHECK_FALSE(feeder.tare.rest_load_allowed());
  CHECK(feeder.feed(20, 26) == -1);
  CHECK(feeder.feed(2, 22) == -1);
  CHECK(feeder.tare.rest_load_allowed());
  CHECK(feeder.feed(0.1, 26) == -1);  // from the begin again
  CHECK(feeder.feed(2.5, 22) == -1);
  CHECK(feeder.feed(0.7, 22) > 0);
  CHECK(feeder.tare.baseline_n() == Approx(22).margin(0.3));
}

TEST_CASE("how much is still slack is the physio's number") {
  Feeder feeder;
  feeder.tare = Tare(30);
  feeder.tare.seek(0);
  CHECK(feeder.feed(1.2, 22) > 0);
  CHECK(feeder.tare.baseline_n() == Approx(22).margin(0.3));
}

TEST_CASE("a shaking band is not still, and that is the reason") {
  Feeder feeder;
  feeder.tare.seek(0);
  CHECK(feeder.feed(2.8, 1, true, 3) == -1);
  CHECK(feeder.feed(0.2, 1, true, 3) > 0);
  CHECK(feeder.change == Tare::Change::kRefused);
  CHECK_FALSE(feeder.tare.loaded());
}

TEST_CASE("a tare stands for the whole set, whatever drifts; the next set has its own") {
  Feeder feeder;
  feeder.tare.seek(0);
  feeder.feed(1, 0);
  const double tared_n = feeder.tare.baseline_n();
  for (double drift_n = 0; drift_n > -4.5; drift_n -= 0.5) {
    CHECK(feeder.feed(2, drift_n) == -1);
    feeder.feed(1, 80, false);
    CHECK(feeder.tare.baseline_n() == tared_n);
  }
  feeder.feed(1.2, -4.4);
  feeder.tare.seek(feeder.t_us);
  CHECK_FALSE(feeder.tare.seeking());
  CHECK(feeder.tare.baseline_n() == Approx(-4.4).margin(0.3));
}

TEST_CASE("a light pull that grows from set to set does not carry the zero away") {
  Feeder feeder;
  for (double force_n = 0; force_n < 40; force_n += 2) {
    feeder.feed(62, force_n);
    feeder.tare.seek(feeder.t_us);
    feeder.feed(1.2, force_n);
    CHECK(feeder.tare.baseline_n() <= 10);
    CHECK(feeder.tare.seeking() == (force_n > 10.5));
  }
}

TEST_CASE("a lost sensor's zero is not known any more") {
  Feeder feeder;
  feeder.tare.seek(0);
  feeder.feed(1, 0);
  CHECK(feeder.tare.known());
  feeder.tare.lost();
  CHECK_FALSE(feeder.tare.known());
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.seeking());
}
