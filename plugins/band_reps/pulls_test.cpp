// Drawn pulls (support/pull_maker.hpp) on the module with its shipped parameters: recall and precision by class, with fixed
// seeds. tests/bench does the same with fresh ones.
#include "support/catch.hpp"
#include "support/pull_score.hpp"

using namespace patella;
using namespace patella::test;
using band_reps::BandReps;

namespace {
const patella_exercise& kTable = sdk::ExerciseGlue<BandReps>::kTable;

Values as_shipped() {
  return Values(band_reps::kParams)
      .set("sets", 1)
      .set("reps", 30)
      .set("sides", 0)
      .set("countdown_s", 0)
      .set("force_low_n", 40)
      .set("hold_s", 0);
}

/// Rows at `rate_hz` from 0 s on, after 2 s at `rest_n`.
Stream rows(double rate_hz, double rest_n, const std::vector<double>& values) {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  int64_t index = 0;
  const auto add = [&](double n) {
    stream.sample(BandReps::kForce, static_cast<int64_t>(1e6 * static_cast<double>(index++) / rate_hz), n);
  };
  for (int i = 0; i < static_cast<int>(2 * rate_hz); ++i) add(rest_n);
  for (const double n : values) add(n);
  return stream;
}
}  // namespace

TEST_CASE("people's pulls are counted as a person would count them, by class") {
  ScoreTable table, beyond;
  uint32_t seed = 20'000;
  for (const bool pulses : {false, true})
    for (const Feature feature : kFeatures)
      for (const double rate_hz : kRatesHz)
        for (const double speed_hz : kSpeedsHz) {
          if (++seed % 4 != 0 && rate_hz > 200) continue;
          const PullPlan plan{pulses, feature, rate_hz, speed_hz, 8, seed};
          (physics_allows(plan) ? table : beyond).add(plan, score_of(plan));
        }
  table.print(stdout);
  std::printf("too few readings for a pull to be told from wild ones:\n");
  beyond.print(stdout);
  CHECK(table.all().true_reps > 10'000);
  for (const auto& [name, score] : table.classes()) {
    INFO(name);
    CHECK(score.recall() >= 0.99);
    CHECK(score.precision() >= 0.99);
    CHECK(score.reasons() >= 0.99);
    CHECK(score.spurious <= score.true_reps / 100);
    CHECK(score.wrong_peaks <= score.peaks / 100);
  }
  CHECK(beyond.all().recall() >= 0.95);
  CHECK(beyond.all().precision() >= 0.95);
}

TEST_CASE("a strong and fast pull at a low target counts") {
  std::vector<double> pull;
  for (int i = 0; i < 8; ++i) pull.push_back(10 + 30 * i / 7.0);
  for (int i = 0; i < 150; ++i) pull.push_back(40 + 35 * i / 149.0);
  for (int i = 0; i < 40; ++i) pull.push_back(0);
  Rig rig(kTable, as_shipped(), 1);
  rig.play(rows(80, 0, pull).with_ticks(6'000'000));
  CHECK(rig.said().verdicts() == "+");
  CHECK(field_of(rig.said().of_kind(PATELLA_EVENT_REP).at(0), "peak_n") == Approx(75));
}

TEST_CASE("twenty pulses of 15 to 75 N are twenty at 0.7 and 0.9 Hz") {
  for (const double speed_hz : {0.7, 0.9, 1.2}) {
    std::vector<double> pulses;
    for (int i = 0; i < static_cast<int>(80 * 20 / speed_hz); ++i)
      pulses.push_back(45 - 30 * std::cos(6.28318530717959 * speed_hz * i / 80));
    for (int i = 0; i < 80; ++i) pulses.push_back(0);
    Rig rig(kTable, as_shipped().set("profile", 1), 1);
    rig.play(rows(80, 0, pulses).with_ticks(40'000'000));
    CHECK(rig.said().counted(PATELLA_EVENT_REP) == 20);
  }
}

TEST_CASE("the top of a repetition is its peak, also where it ends a dip") {
  Rig rig(kTable, as_shipped(), 1);
  rig.play(rows(10, 0, {15, 30, 45, 30, 12, 78, 50, 45, 30, 15, 5, 0, 0, 0, 0, 0}).with_ticks(5'000'000));
  REQUIRE(rig.said().verdicts() == "+");
  CHECK(field_of(rig.said().of_kind(PATELLA_EVENT_REP).at(0), "peak_n") == 78);
}

TEST_CASE("of two fast pulls the first does not get the second one's top") {
  for (const std::vector<double>& dip : {std::vector<double>{5}, {5, 4}}) {
    std::vector<double> pulls = {15, 30, 60, 60};
    pulls.insert(pulls.end(), dip.begin(), dip.end());
    for (const double n : {78, 60, 60, 5, 0, 0, 0, 0}) pulls.push_back(n);
    Rig rig(kTable, as_shipped(), 1);
    rig.play(rows(10, 0, pulls).with_ticks(5'000'000));
    REQUIRE(rig.said().verdicts() == "+,+");
    const auto reps = rig.said().of_kind(PATELLA_EVENT_REP);
    CHECK(field_of(reps[0], "peak_n") == 60);
    CHECK(field_of(reps[0], "mean_n") < 60);
    CHECK(field_of(reps[0], "down_s") == Approx(0.1).margin(0.001));
    CHECK(field_of(reps[1], "peak_n") == 78);
  }
}

TEST_CASE("a sensor that counts in steps of 10 N is tared between two of them") {
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(i % 3 == 0 ? 10 : 0);
  for (int pull = 0; pull < 3; ++pull) {
    for (const double n : {10, 20, 40, 60, 70, 70, 70, 60, 40, 20, 10, 0, 10, 0, 0, 10}) values.push_back(n);
  }
  Rig rig(kTable, as_shipped(), 1);
  rig.play(rows(10, 0, values).with_ticks(12'000'000));
  CHECK(rig.said().verdicts() == "+,+,+");
  Stream between;
  between.action(PATELLA_ACTION_START, 0);
  for (int i = 0; i < 300; ++i) between.sample(BandReps::kForce, i * 12'500, i % 5 == 0 ? 10.0 : i % 2 == 0 ? 0.0 : 10.0);
  Rig tared(kTable, as_shipped(), 1);
  tared.play(between.with_ticks(4'000'000));
  CHECK(std::string(tared.view().prompt) == "Pull to the target");
  CHECK(tared.view().trace_offset == Approx(6).margin(1));
}

TEST_CASE("wild readings singly and in pairs: every repetition, its peak and its hold are as without them") {
  for (const double rate_hz : {8.0, 10.0, 80.0})
    for (const int number : {1, 2}) {
      std::vector<double> clean;
      const auto step = [&](double from_n, double to_n, double seconds) {
        const int steps = static_cast<int>(seconds * rate_hz);
        for (int i = 1; i <= steps; ++i) clean.push_back(from_n + (to_n - from_n) * i / steps + 0.1 * (i % 3));
      };
      for (int i = 0; i < 8; ++i) {
        step(0, 60, 0.75);
        step(60, 60, 3);
        step(60, 0, 0.75);
        step(0, 0, 1);
      }
      std::vector<double> bad = clean;
      constexpr double values_n[] = {-143.37, 1302.99, 0.0, 3858.0};
      int marked = 0;
      const auto every = static_cast<std::size_t>(number == 1 ? 40 : 61);
      for (std::size_t at = every; at + 3 < bad.size(); at += every, ++marked)
        for (std::size_t k = 0; k < static_cast<std::size_t>(number); ++k) bad[at + k] = values_n[marked % 4];
      std::vector<std::vector<patella_event>> reps;
      for (const bool disturbed : {false, true}) {
        const std::vector<double>& values = disturbed ? bad : clean;
        Rig rig(kTable, as_shipped().set("hold_s", 2), 1);
        const Stream stream = rows(rate_hz, 0, values);
        const auto records = stream.with_ticks(60'000'000);
        rig.play(records);
        reps.push_back(rig.said().of_kind(PATELLA_EVENT_REP));
        INFO(rate_hz << " Hz, " << number);
        CHECK(rig.said().verdicts() == "+,+,+,+,+,+,+,+");
        CHECK(rig.said().metrics.at("best_peak_n") == Approx(60.2).margin(0.3));
        const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
        CHECK(notes.size() >= (disturbed ? static_cast<std::size_t>(marked) / 2 : 0u));
        for (const auto& note : notes) {  // each is marked with its time and value
          CHECK(std::string(note.label) == "wild_sample");
          const auto at = static_cast<std::size_t>(std::llround(static_cast<double>(note.t_us) * rate_hz / 1e6 - 2 * rate_hz));
          CHECK(field_of(note, "value_n") == bad.at(at));
        }
        CHECK(same_in_batches(kTable, as_shipped().set("hold_s", 2), 1, records, 3));
      }
      REQUIRE(reps[0].size() == reps[1].size());
      for (std::size_t i = 0; i < reps[0].size(); ++i) {
        CHECK(field_of(reps[1][i], "peak_n") == Approx(field_of(reps[0][i], "peak_n")).margin(0.3));
        CHECK(field_of(reps[1][i], "mean_n") == Approx(field_of(reps[0][i], "mean_n")).margin(3));
        CHECK(field_of(reps[1][i], "hold_s") == Approx(field_of(reps[0][i], "hold_s")).margin(0.3));
      }
    }
}

TEST_CASE("whoever pulls beyond an upper edge is told that, and not that the hold was short") {
  std::vector<double> pull;
  for (int i = 0; i < 40; ++i) pull.push_back(2.5 * i);
  for (int i = 0; i < 250; ++i) pull.push_back(100);
  for (int i = 0; i < 60; ++i) pull.push_back(0);
  Rig rig(kTable, as_shipped().set("hold_s", 2).set("force_high_n", 80), 1);
  rig.play(rows(80, 0, pull).with_ticks(8'000'000));
  CHECK(rig.said().verdicts() == "above_target");
}
