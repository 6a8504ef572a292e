#include "hold/hold.hpp"

#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using namespace patella::test;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
const patella_exercise& kTable = sdk::ExerciseGlue<hold::Hold>::kTable;

int64_t at(double s) { return static_cast<int64_t>(s * 1e6); }

// Force at 80 Hz over [from_s, to_s) with a little seeded noise.
void force(Stream& stream, double from_s, double to_s, double force_n, uint32_t seed = 1) {
  std::mt19937 random(seed);
  for (int64_t t_us = at(from_s); t_us < at(to_s); t_us += 12'500)
    stream.sample(hold::Hold::kForce, t_us, force_n + noise(random, 0.5));
}

Values values() { return Values(hold::kParams); }

Values gated_values() {
  return values()
      .set("sets", 2)
      .set("hold_s", 5)
      .set("rest_s", 4)
      .set("countdown_s", 3)
      .set("gate", 1)
      .set("force_low_n", 40)
      .set("force_high_n", 60)
      .set("grace_s", 1);
}

Stream gated_stream() {
  Stream stream;
  stream.action(PATELLA_ACTION_START, at(0.5));
  force(stream, 0, 6, 5);
  force(stream, 6, 12, 50, 2);
  force(stream, 12, 18, 4, 3);
  force(stream, 18, 20, 52, 4);
  force(stream, 20, 30, 3, 5);
  return stream;
}
}  // namespace

TEST_CASE("three timed holds on each side without a sensor") {
  Rig rig(
      kTable,
      values().set("sets", 3).set("hold_s", 10).set("rest_s", 5).set("sides", 1).set("side_change_s", 2).set("countdown_s", 3),
      0);
  Stream stream;
  stream.action(PATELLA_ACTION_START, kSecondUs);
  rig.play(stream.with_ticks(120 * kSecondUs));
  const auto holds = rig.said().of_kind(PATELLA_EVENT_HOLD);
  REQUIRE(holds.size() == 6);
  CHECK(rig.said().counted(PATELLA_EVENT_HOLD) == 6);
  CHECK(holds[0].side == PATELLA_SIDE_LEFT);
  CHECK(holds[1].side == PATELLA_SIDE_RIGHT);
  CHECK(holds[0].t_us == 14 * kSecondUs);
  CHECK(holds[1].t_us == 26 * kSecondUs);
  CHECK(holds[2].t_us == 41 * kSecondUs);
  CHECK(field_of(holds[5], "hold_s") == 10);
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_START).size() == 6);
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_END).size() == 6);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(rig.said().metrics.at("held_s") == 60);
  CHECK(rig.view().phase == PATELLA_PHASE_DONE);
}

TEST_CASE("the view of a timed hold counts down, of a paused one it stands") {
  Rig rig(kTable, values().set("hold_s", 10).set("countdown_s", 0), 0);
  CHECK(rig.view().phase == PATELLA_PHASE_WAITING);
  rig.action(PATELLA_ACTION_START, 0);
  for (int64_t t_us = 50'000; t_us <= 4 * kSecondUs; t_us += 50'000) rig.tick(t_us);
  patella_view view = rig.view();
  CHECK(view.phase == PATELLA_PHASE_WORK);
  CHECK(view.timer_s == 6);
  CHECK(view.timer_rate == -1);
  rig.action(PATELLA_ACTION_PAUSE, 4 * kSecondUs);
  for (int64_t t_us = 4'050'000; t_us <= 9 * kSecondUs; t_us += 50'000) rig.tick(t_us);
  view = rig.view();
  CHECK(view.phase == PATELLA_PHASE_PAUSED);
  CHECK(view.timer_s == 6);
  CHECK(view.timer_rate == 0);
  rig.action(PATELLA_ACTION_RESUME, 9 * kSecondUs);
  rig.tick(10 * kSecondUs);
  CHECK(rig.view().timer_s == 5);
}

TEST_CASE("a gated hold is counted, a broken one is kept with its time") {
  Rig rig(kTable, gated_values(), 1);
  rig.play(gated_stream().with_ticks(30 * kSecondUs));
  const auto holds = rig.said().of_kind(PATELLA_EVENT_HOLD);
  REQUIRE(holds.size() == 2);
  CHECK(holds[0].counted == 1);
  CHECK(field_of(holds[0], "mean_n") == Approx(50).margin(0.2));
  CHECK(holds[1].counted == 0);
  CHECK(std::string(holds[1].reason) == "left_target");
  CHECK(field_of(holds[1], "hold_s") == Approx(1.8).margin(0.05));
  CHECK(field_of(holds[1], "min_n") >= 51.5);
  const auto ends = rig.said().of_kind(PATELLA_EVENT_SET_END);
  REQUIRE(ends.size() == 2);
  CHECK(ends[0].n == 1);
  CHECK(ends[1].n == 0);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
}

TEST_CASE("while the sensor is lost the clock stands and no force is shown") {
  Rig rig(kTable, gated_values(), 1);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  force(stream, 0, 6.2, 50);
  stream.gap(hold::Hold::kForce, true, at(6.5));
  rig.play(stream.with_ticks(at(20)));
  const patella_view view = rig.view();
  CHECK(std::isnan(view.readouts[0].value));
  CHECK(view.timer_s == Approx(2).margin(0.05));
  CHECK(view.timer_rate == 0);
  CHECK(rig.said().of_kind(PATELLA_EVENT_HOLD).empty());
  for (int i = 0; i < 80; ++i) rig.sample(hold::Hold::kForce, at(20) + i * 12'500, 50);
  CHECK(std::isnan(rig.view().readouts[0].value));
  rig.action(PATELLA_ACTION_PAIN, at(21));
  const auto holds = rig.said().of_kind(PATELLA_EVENT_HOLD);
  REQUIRE(holds.size() == 1);
  CHECK(std::string(holds[0].reason) == "pain");
  CHECK(field_of(holds[0], "hold_s") == Approx(3).margin(0.05));
  rig.action(PATELLA_ACTION_END, at(22));
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_END).size() == 1);
}

TEST_CASE("wild readings singly and in pairs neither end a hold nor become its peak, minimum or mean") {
  for (const double rate_hz : {8.0, 10.0, 80.0})
    for (const int number : {1, 2})
      for (const double wild_n : {-143.37, 0.0, 1302.99, 3858.0}) {
        Stream stream;
        stream.action(PATELLA_ACTION_START, 0);
        std::mt19937 random(4);
        int marked = 0, wild_left = 0;
        for (int i = 0; i / rate_hz < 22; ++i) {
          if (i % 37 == 36) wild_left = number;
          const bool wild = wild_left > 0;
          if (wild_left > 0) --wild_left;
          marked += wild && i / rate_hz > 4 ? 1 : 0;
          stream.sample(hold::Hold::kForce, at(i / rate_hz), wild ? wild_n : 50 + noise(random, 0.5));
        }
        Rig rig(kTable, gated_values().set("sets", 1).set("hold_s", 15).set("grace_s", 0), 1);
        double least_n = 1e9, most_n = -1e9;
        rig.play(stream.with_ticks(at(22)), [&](const Record&) {
          const double shown_n = rig.view().readouts[0].value;
          if (std::isnan(shown_n)) return;
          least_n = std::min(least_n, shown_n);
          most_n = std::max(most_n, shown_n);
        });
        INFO(rate_hz << " Hz, " << number << " of " << wild_n << " N");
        CHECK(least_n > 49);
        CHECK(most_n < 51);
        const auto holds = rig.said().of_kind(PATELLA_EVENT_HOLD);
        REQUIRE(holds.size() == 1);
        CHECK(holds[0].counted == 1);
        CHECK(field_of(holds[0], "hold_s") == 15);
        CHECK(field_of(holds[0], "peak_n") == Approx(50).margin(0.6));
        CHECK(field_of(holds[0], "min_n") == Approx(50).margin(0.6));
        CHECK(field_of(holds[0], "mean_n") == Approx(50).margin(0.2));
        const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
        CHECK(static_cast<int>(notes.size()) >= marked / 2);
        for (const auto& note : notes) CHECK(field_of(note, "value_n") == wild_n);
        CHECK(same_in_batches(kTable, gated_values().set("grace_s", 0), 1, stream.with_ticks(at(22)), 3));
      }
}

TEST_CASE("a wild reading right before the sensor is lost, or before a short silence, is not the hold's peak") {
  for (const bool lost : {true, false}) {
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    int64_t t_us = 0;
    const auto read = [&](double n) { stream.sample(hold::Hold::kForce, t_us += 100'000, n); };
    for (int i = 0; i < 60; ++i) read(50 + 0.1 * (i % 3));
    read(1303);
    if (lost) {
      stream.gap(hold::Hold::kForce, true, t_us += 1'000'000);
      stream.gap(hold::Hold::kForce, false, t_us += 1'000'000);
    } else {
      t_us += 350'000;
    }
    for (int i = 0; i < 80; ++i) read(50 + 0.1 * (i % 3));
    Rig rig(kTable, gated_values().set("sets", 1).set("force_high_n", 0), 1);
    double most_n = 0;
    rig.play(stream.with_ticks(t_us), [&](const Record&) {
      const double shown_n = rig.view().readouts[0].value;
      if (!std::isnan(shown_n)) most_n = std::max(most_n, shown_n);
    });
    INFO((lost ? "lost" : "silent"));
    CHECK(most_n < 51);
    const auto holds = rig.said().of_kind(PATELLA_EVENT_HOLD);
    REQUIRE(holds.size() == 1);
    CHECK(field_of(holds[0], "peak_n") < 51);
    const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
    REQUIRE(notes.size() == 1);
    CHECK(std::string(notes[0].label) == "wild_sample");
    CHECK(field_of(notes[0], "value_n") == 1303);
  }
}

TEST_CASE("a sensor that is welcome and absent or silent leaves the screen to the clock") {
  Rig rig(kTable, values().set("hold_s", 10).set("countdown_s", 0), 1);
  rig.gap(hold::Hold::kForce, true, 0);  // bound, and it has never been there
  rig.action(PATELLA_ACTION_START, 0);
  for (int64_t t_us = 50'000; t_us <= 4 * kSecondUs; t_us += 50'000) rig.tick(t_us);
  patella_view view = rig.view();
  CHECK(view.trace_channel == -1);
  CHECK(view.readout_count == 0);
  CHECK(view.timer_s == 6);
  CHECK(view.timer_rate == -1);
  rig.gap(hold::Hold::kForce, false, at(4));
  for (int i = 1; i <= 40; ++i) rig.sample(hold::Hold::kForce, at(4) + i * 12'500, 400);
  view = rig.view();
  CHECK(view.trace_channel == static_cast<int>(hold::Hold::kForce));
  REQUIRE(view.readout_count == 1);
  CHECK(view.readouts[0].value == 400);
  rig.gap(hold::Hold::kForce, true, at(5));
  CHECK(rig.view().trace_channel == -1);
  CHECK(rig.view().readout_count == 0);
}

TEST_CASE("after a hold that did not count the rest says what happened and what to do") {
  Rig rig(kTable, gated_values().set("rest_s", 20), 1);
  Stream stream;
  stream.action(PATELLA_ACTION_START, at(0.5));
  force(stream, 0, 6, 5);
  force(stream, 6, 8, 50, 2);
  force(stream, 8, 14, 4, 3);
  rig.play(stream.with_ticks(at(14)));
  const patella_view view = rig.view();
  CHECK(view.phase == PATELLA_PHASE_REST);
  const std::string prompt = view.prompt;
  INFO(prompt);
  CHECK(prompt.starts_with("Force left the target after {1."));
  CHECK(prompt.ends_with(" s} of {5 s}: hold it longer"));
}

TEST_CASE("a gate without a sensor is said and becomes a timed hold") {
  Rig rig(kTable, gated_values(), 0);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  rig.play(stream.with_ticks(at(30)));
  CHECK(rig.said().of_kind(PATELLA_EVENT_NOTE).size() == 1);
  CHECK(rig.said().counted(PATELLA_EVENT_HOLD) == 2);
}

TEST_CASE("a band upside down is told and left open above") {
  Rig rig(kTable, gated_values().set("force_high_n", 30), 1);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  force(stream, 0, 20, 90);
  rig.play(stream.with_ticks(at(20)));
  CHECK(rig.said().of_kind(PATELLA_EVENT_NOTE).size() == 1);
  CHECK(rig.said().counted(PATELLA_EVENT_HOLD) == 2);
}

TEST_CASE("the end action before the start is done at once, without a set") {
  Rig rig(kTable, values(), 0);
  rig.action(PATELLA_ACTION_END, 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(rig.said().events.size() == 1);
}

TEST_CASE("the same hold stream gives the same in any batches") {
  CHECK(same_in_batches(kTable, gated_values(), 1, gated_stream().with_ticks(at(30)), 20));
}
