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
  Tare tare;
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

TEST_CASE("a loaded band is waited for, and never tared under load") {
  Feeder feeder;
  feeder.feed(2, 52);
  feeder.tare.seek(feeder.t_us);
  CHECK(feeder.tare.seeking());
  CHECK(feeder.feed(3, 52) == -1);
  CHECK(feeder.feed(1.2, -1) > 0);
  CHECK(feeder.change == Tare::Change::kFound);
  CHECK(feeder.tare.baseline_n() == Approx(-1).margin(0.3));
}

TEST_CASE("a band that never goes slack is tared by its least force, in the end") {
  Feeder feeder;
  feeder.tare.seek(0);
  feeder.feed(2, 52);
  feeder.feed(0.1, 30);
  const int64_t found_us = feeder.feed(4, 60);
  CHECK(found_us == Approx(5 * kSecondUs).margin(2 * kStepUs));
  CHECK(feeder.change == Tare::Change::kFoundByLeast);
  CHECK(feeder.tare.baseline_n() == Approx(30).margin(0.4));
  // It was loaded after all: the first still moment below corrects it.
  feeder.feed(1.1, 2);
  CHECK(feeder.tare.baseline_n() == Approx(2).margin(0.4));
}

TEST_CASE("a shaking band is not still") {
  Feeder feeder;
  feeder.tare.seek(0);
  CHECK(feeder.feed(4.5, 1, true, 3) == -1);
}

TEST_CASE("between repetitions the baseline follows drift of up to 5 N, during one it stands") {
  Feeder feeder;
  feeder.tare.seek(0);
  feeder.feed(1, 0);
  for (double drift_n = 0; drift_n < 4.5; drift_n += 0.5) {
    feeder.feed(2, drift_n);
    CHECK(feeder.tare.baseline_n() == Approx(drift_n).margin(0.5));
    feeder.feed(1, 80, false);
  }
  const double before_n = feeder.tare.baseline_n();
  feeder.feed(3, before_n - 3, false);
  CHECK(feeder.tare.baseline_n() == before_n);
  feeder.feed(1.2, -4.4);
  CHECK(feeder.tare.baseline_n() == Approx(-4.4).margin(0.3));
}

TEST_CASE("a light pull that grows step by step does not carry the baseline away") {
  Feeder feeder;
  feeder.tare.seek(0);
  feeder.feed(1, 0);
  for (double force_n = 0; force_n < 30; force_n += 2) feeder.feed(3, force_n);
  CHECK(feeder.tare.baseline_n() <= 5.5);
}

TEST_CASE("giving up takes the least force there was") {
  Feeder feeder;
  CHECK_FALSE(feeder.tare.give_up());
  feeder.tare.seek(0);
  CHECK_FALSE(feeder.tare.give_up());
  feeder.feed(1, 40);
  CHECK(feeder.tare.give_up());
  CHECK(feeder.tare.baseline_n() == Approx(40).margin(0.4));
}
