#include "band_reps/band_reps.hpp"

#include <algorithm>
#include <cmath>

#include "band_reps/advice.hpp"
#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using namespace patella::test;
using band_reps::BandReps;

namespace {
const patella_exercise& kTable = sdk::ExerciseGlue<BandReps>::kTable;

int64_t at(double s) { return static_cast<int64_t>(s * 1e6); }

// A force signal drawn as straight lines between points, with noise, at the rate of a band sensor.
class Band {
 public:
  Band(Stream& stream, uint32_t seed, int64_t step_us = 11'336) : stream_(stream), random_(seed), step_us_(step_us) {}
  Band& at_n(double force_n) {
    force_n_ = force_n;
    return *this;
  }
  Band& to(double force_n, double seconds) {
    const int64_t begin_us = t_us_;
    const int64_t end_us = end_us_ += at(seconds);
    const double from_n = force_n_;
    for (; t_us_ < end_us; t_us_ += step_us_) {
      const double part = static_cast<double>(t_us_ - begin_us) / static_cast<double>(std::max<int64_t>(1, end_us - begin_us));
      stream_.sample(BandReps::kForce, t_us_, offset_n_ + from_n + (force_n - from_n) * part + noise(random_, noise_n_));
    }
    force_n_ = force_n;
    return *this;
  }
  Band& stay(double seconds) { return to(force_n_, seconds); }
  Band& rep(double peak_n, double hold_s = 0.3, double valley_n = 0) {
    return to(peak_n, 0.6).stay(hold_s).to(valley_n, 0.6).stay(0.6);
  }
  Band& offset(double offset_n) {
    offset_n_ = offset_n;
    return *this;
  }
  Band& shake(double noise_n) {
    noise_n_ = noise_n;
    return *this;
  }
  double now_s() const { return static_cast<double>(end_us_) / 1e6; }

 private:
  Stream& stream_;
  std::mt19937 random_;
  int64_t step_us_;
  int64_t t_us_ = 0, end_us_ = 0;
  double force_n_ = 0, offset_n_ = 0, noise_n_ = 0.3;
};

Values values(double sets, double reps) {
  return Values(band_reps::kParams)
      .set("sets", sets)
      .set("reps", reps)
      .set("rest_s", 5)
      .set("sides", 0)
      .set("countdown_s", 3)
      .set("force_low_n", 80)
      .set("hold_s", 0)
      .set("min_rise_s", 0.1)
      .set("min_rep_s", 0.5);
}

// Like a recording of a rubber band: two short first intervals, 52 N on at the start, pulls to 92–94 N a second apart,
// and a baseline that ends at −4.4 N.
void rubber_band(Stream& stream, int pulls, uint32_t seed) {
  std::mt19937 random(seed);
  const double peaks_n[] = {92, 94, 92.5, 92.5, 93};
  double force_n = 52.5;
  int64_t t_us = 0;
  int index = 0;
  auto add = [&](double value_n) {
    stream.sample(BandReps::kForce, t_us, value_n + noise(random, 0.15));
    t_us += index == 0 ? 970 : index == 1 ? 2'360 : 11'336;
    ++index;
  };
  auto line = [&](double to_n, int steps) {
    for (int i = 1; i <= steps; ++i) add(force_n + (to_n - force_n) * i / steps);
    force_n = to_n;
  };
  line(55.7, 30);
  line(52, 35);
  line(47, 95);
  for (int i = 0; i < pulls; ++i) {
    line(peaks_n[i % 5], 36);
    line(5.0 - 2.5 * std::min(i, 3), 50);
    line(4.0 - 2.0 * std::min(i, 3), 15);
  }
  line(-4.4, 30);
  line(-4.4, 150);
}
}  // namespace

TEST_CASE("two sets on both sides, as a session runs") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, at(1));
  Band band(stream, 11);
  band.stay(5);
  for (int i = 0; i < 3; ++i) band.rep(95);
  band.stay(4);
  for (int i = 0; i < 3; ++i) band.rep(96);
  band.stay(6);
  for (int i = 0; i < 3; ++i) band.rep(97);
  band.stay(4);
  for (int i = 0; i < 3; ++i) band.rep(98);
  band.stay(2);
  Rig rig(kTable, values(2, 3).set("sides", 1).set("side_change_s", 3), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  const Said& said = rig.said();
  CHECK(said.counted(PATELLA_EVENT_REP) == 12);
  CHECK(said.of_kind(PATELLA_EVENT_REP).size() == 12);
  const auto ends = said.of_kind(PATELLA_EVENT_SET_END);
  REQUIRE(ends.size() == 4);
  for (const auto& end : ends) CHECK(end.n == 3);
  CHECK(ends[0].side == PATELLA_SIDE_LEFT);
  CHECK(ends[1].side == PATELLA_SIDE_RIGHT);
  CHECK(ends[3].set == 2);
  CHECK(said.of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(said.of_kind(PATELLA_EVENT_NOTE).empty());
  CHECK(said.metrics.at("reps_counted") == 12);
  CHECK(said.metrics.at("best_peak_n") == Approx(98).margin(1));
  const auto rep = said.of_kind(PATELLA_EVENT_REP).at(4);
  CHECK(rep.set == 1);
  CHECK(rep.side == PATELLA_SIDE_RIGHT);
  CHECK(rep.n == 2);
  CHECK(field_of(rep, "peak_n") == Approx(96).margin(1));
}

TEST_CASE("five pulls like those of a recorded rubber band are found") {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    rubber_band(stream, 5, seed);
    // Thresholds above the load at the start: five pulls.
    Values above = values(1, 20)
                       .set("countdown_s", 0)
                       .set("start_force_n", 75)
                       .set("release_force_n", 62)
                       .set("min_rise_s", 0.05)
                       .set("min_rep_s", 0.2);
    Rig rig(kTable, above, 1);
    rig.play(stream.with_ticks(at(10)));
    CHECK(rig.said().verdicts() == "+,+,+,+,+");
    const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].t_us == Approx(at(2.9)).margin(50'000));
    CHECK(std::string(notes[0].label).starts_with("Not tared: "));
    // With the usual thresholds the first pull began on a loaded band.
    Rig usual(kTable, values(1, 20).set("countdown_s", 0), 1);
    usual.play(stream.with_ticks(at(10)));
    CHECK(usual.said().verdicts() == "not_released,+,+,+,+");
  }
}

TEST_CASE("a loaded band at the start: the client is asked to let it go slack") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 3);
  band.at_n(52).stay(2).to(0, 0.3).stay(1);
  for (int i = 0; i < 2; ++i) band.rep(95);
  Rig rig(kTable, values(1, 5).set("countdown_s", 0), 1);
  std::string asked;
  rig.play(stream.with_ticks(at(8)), [&](const Record& record) {
    if (record.t_us == at(1)) asked = rig.view().prompt;
  });
  CHECK(asked == "Let the band go slack");
  CHECK(rig.said().of_kind(PATELLA_EVENT_NOTE).empty());
  CHECK(rig.said().verdicts() == "not_released,+,+");
  CHECK(rig.view().trace_offset == Approx(0).margin(0.3));
}

TEST_CASE("a band that is never slack is not tared: nothing is counted, and the log and the screen say why") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 3);
  band.at_n(52).stay(6);
  for (int i = 0; i < 4; ++i) band.to(95, 0.6).stay(0.3).to(52, 0.6).stay(1);
  stream.action(PATELLA_ACTION_END, at(band.now_s()));
  Rig rig(kTable, values(1, 5).set("countdown_s", 0), 1);
  std::string asked, told, told_early;
  rig.play(stream.with_ticks(at(band.now_s())), [&](const Record& record) {
    if (record.t_us < at(2.8)) told_early += rig.view().feedback;
    if (record.t_us != at(3)) return;
    asked = rig.view().prompt;
    told = rig.view().feedback;
  });
  CHECK(told_early == "");  // the client only just began to let go
  CHECK(asked == "Slacken the band: step closer, or loosen it");
  CHECK(told == "Not tared: {52 N} on the band");
  CHECK(rig.said().verdicts() == "");
  const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
  REQUIRE(notes.size() == 1);
  CHECK(std::string(notes[0].label) == "Not tared: {52 N} on the band");
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_END).at(0).n == 0);
  // The physio may say that such a band is slack.
  Rig allowed(kTable, values(1, 5).set("countdown_s", 0).set("slack_force_n", 60).set("force_low_n", 30), 1);
  allowed.play(stream.with_ticks(at(band.now_s())));
  CHECK(allowed.said().verdicts() == "+,+,+,+");
}

TEST_CASE("a band with 20 N on it at rest: told within 3 s, and the load is the zero where the physio allows it") {
  for (const bool allowed : {false, true}) {
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    Band band(stream, 3);
    band.at_n(20).stay(7);
    for (int i = 0; i < 3; ++i) band.to(80, 0.6).stay(0.3).to(20, 0.6).stay(1);
    band.stay(6);
    for (int i = 0; i < 3; ++i) band.to(80, 0.6).stay(0.3).to(20, 0.6).stay(1);
    Rig rig(kTable,
            values(2, 3).set("countdown_s", 0).set("rest_s", 5).set("force_low_n", 40).set("rest_load_zero", allowed ? 1 : 0), 1);
    std::string asked, told;
    rig.play(stream.with_ticks(at(band.now_s())), [&](const Record& record) {
      if (record.t_us != at(3)) return;
      asked = rig.view().prompt;
      told = rig.view().feedback;
    });
    CHECK(asked == "Slacken the band: step closer, or loosen it");
    CHECK(told == (allowed ? "Or keep still for {3 s}: {20 N} becomes zero" : "Not tared: {20 N} on the band"));
    CHECK(rig.said().verdicts() == (allowed ? "+,+,+,+,+,+" : ""));
    int noted = 0;
    for (const auto& note : rig.said().of_kind(PATELLA_EVENT_NOTE)) {
      if (std::string(note.label) != "Load at rest taken as the zero") continue;
      ++noted;
      CHECK(field_of(note, "force_n") == Approx(20).margin(0.5));
      CHECK(note.set == noted);
    }
    CHECK(noted == (allowed ? 2 : 0));
    if (!allowed) continue;
    for (const auto& rep : rig.said().of_kind(PATELLA_EVENT_REP)) CHECK(field_of(rep, "peak_n") == Approx(60).margin(1));
    CHECK(same_in_batches(kTable, values(2, 3).set("rest_load_zero", 1), 1, stream.with_ticks(at(band.now_s())), 3));
  }
}

TEST_CASE("a load at rest becomes the zero only up to the physio's number, or to the target") {
  for (const double most_n : {0.0, 25.0, 15.0}) {
    for (const double load_n : {20.0, 45.0}) {
      Stream stream;
      stream.action(PATELLA_ACTION_START, 0);
      Band band(stream, 3);
      band.at_n(load_n).stay(8).to(load_n + 60, 0.6).stay(0.3).to(load_n, 0.6).stay(1);
      Rig rig(kTable,
              values(1, 3).set("countdown_s", 0).set("force_low_n", 40).set("rest_load_zero", 1).set("rest_load_max_n", most_n),
              1);
      std::string told;
      rig.play(stream.with_ticks(at(band.now_s())), [&](const Record& record) {
        if (record.t_us == at(3)) told = rig.view().feedback;
      });
      INFO(load_n << " N of at most " << most_n);
      const bool allowed = load_n == 20 && most_n != 15;
      CHECK(rig.said().verdicts() == (allowed ? "+" : ""));
      CHECK(told.starts_with(allowed ? "Or keep still for {3 s}: " : "Not tared: "));
    }
  }
}

TEST_CASE("after a repetition that did not count the client reads what to do") {
  const auto words = [](const char* reason) { return band_reps::advice_words({}, reason, {}); };
  CHECK(words("not_released") == "Let the band go fully slack between repetitions");
  CHECK(words("too_long") == "Too slow to count: move a little faster");
  CHECK(words("sensor_lost") == "Sensor lost: this one was not measured");
}

TEST_CASE("while the exercise is paused it is not said that the band is not tared") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 3);
  band.at_n(52).stay(7);
  stream.action(PATELLA_ACTION_PAUSE, at(7));
  band.stay(7);
  stream.action(PATELLA_ACTION_RESUME, at(14));
  band.stay(12);
  Rig rig(kTable, values(1, 5).set("countdown_s", 0), 1);
  std::string before, meanwhile, after;
  rig.play(stream.with_ticks(at(band.now_s())), [&](const Record& record) {
    if (record.t_us == at(6)) before = rig.view().feedback;
    if (record.t_us > at(7.2) && record.t_us < at(13.8)) meanwhile += rig.view().feedback;
    if (record.t_us == at(25)) after = rig.view().feedback;
  });
  CHECK(before == "Not tared: {52 N} on the band");
  CHECK(meanwhile == "");
  CHECK(after == "Not tared: {52 N} on the band");
}

TEST_CASE("a repetition's rate of force development is told by a sensor of 88 Hz, and not by one of 40") {
  for (const bool fast : {true, false}) {
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    Band band(stream, 9, fast ? 11'336 : 25'000);
    band.stay(4).rep(90).stay(0.5).to(90, 0.3).stay(0.5).to(0, 0.6).stay(1);
    Rig rig(kTable, values(1, 5), 1);
    rig.play(stream.with_ticks(at(band.now_s())));
    const auto reps = rig.said().of_kind(PATELLA_EVENT_REP);
    REQUIRE(reps.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      const bool told = std::any_of(reps[i].fields, reps[i].fields + reps[i].field_count,
                                    [](const patella_field& f) { return std::string(f.key) == "rfd_n_per_s"; });
      CHECK(told == fast);
      if (fast) CHECK(field_of(reps[i], "rfd_n_per_s") == Approx(i == 0 ? 150 : 300).margin(18));
    }
  }
}

TEST_CASE("a tare is never done within a set: not after a pause, not between repetitions") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 9);
  band.stay(4).rep(95);
  band.offset(-4).stay(2);
  stream.action(PATELLA_ACTION_PAUSE, at(band.now_s()));
  band.stay(2);
  stream.action(PATELLA_ACTION_RESUME, at(band.now_s()));
  band.stay(4).rep(99).stay(0.5);
  Rig rig(kTable, values(1, 5), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  const auto reps = rig.said().of_kind(PATELLA_EVENT_REP);
  REQUIRE(reps.size() == 2);
  CHECK(field_of(reps[1], "tare_n") == field_of(reps[0], "tare_n"));
}

TEST_CASE("drift, tremor, double peaks and incomplete releases in one set") {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    Band band(stream, seed, 10'953);  // 91.3 Hz
    band.stay(4);
    for (int i = 0; i < 4; ++i) band.offset(i * 1.1).stay(1).rep(100);
    band.shake(8).stay(3).shake(0.4).stay(1);
    band.to(105, 0.5).to(85, 0.3).to(102, 0.3).to(88, 0.2).to(99, 0.2).to(0, 0.6).stay(1);
    band.offset(-3).stay(1.5);
    band.to(100, 0.6).shake(6).stay(2).shake(0.4).to(26, 0.5).to(100, 0.5).to(0, 0.5).stay(1);
    band.rep(100);
    Rig rig(kTable, values(1, 20), 1);
    rig.play(stream.with_ticks(at(band.now_s())));
    CHECK(rig.said().verdicts() == "+,+,+,+,+,+,not_released,+");
  }
}

TEST_CASE("the last repetition ends the set when it is over, and is marked at its top") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 4);
  band.stay(4).rep(95).to(95, 0.6).stay(3).to(0, 0.6).stay(1);
  Rig rig(kTable, values(1, 2).set("hold_s", 1), 1);
  // The first repetition holds too short a time; so one is missing after the second.
  rig.play(stream.with_ticks(at(band.now_s())));
  CHECK(rig.said().verdicts() == "left_target,+");
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_END).empty());

  Stream again;
  again.action(PATELLA_ACTION_START, 0);
  Band second(again, 4);
  second.stay(4).rep(95, 1.3).to(95, 0.6).stay(3);
  const double held_s = second.now_s();
  second.to(0, 0.6).stay(1);
  Rig whole(kTable, values(1, 2).set("hold_s", 1), 1);
  patella_view top{};
  bool ended_at_top = true;
  whole.play(again.with_ticks(at(second.now_s())), [&](const Record& record) {
    if (record.t_us > at(held_s - 0.2) || record.kind != Record::kTick) return;
    top = whole.view();
    ended_at_top = !whole.said().of_kind(PATELLA_EVENT_SET_END).empty();
  });
  CHECK(top.rep_index == 2);
  CHECK(top.rep_marks[1] == PATELLA_MARK_COUNTED);
  CHECK(std::string(top.prompt) == "Release slowly");
  CHECK_FALSE(ended_at_top);
  const auto ends = whole.said().of_kind(PATELLA_EVENT_SET_END);
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].n == 2);
  CHECK(ends[0].t_us == whole.said().of_kind(PATELLA_EVENT_REP).back().t_us);
  int spoken = 0;
  for (const auto& [cue, text] : whole.said().cues) spoken += cue == PATELLA_CUE_REP ? 1 : 0;
  CHECK(spoken == 2);
}

TEST_CASE("a sensor lost in the middle of a repetition: it does not count, and the tare is sought again") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 6);
  band.stay(4).rep(95).to(60, 0.6).stay(0.5);
  const double lost_s = band.now_s();
  stream.gap(BandReps::kForce, true, at(lost_s));
  stream.gap(BandReps::kForce, false, at(lost_s + 3));
  Stream rest;
  Rig rig(kTable, values(1, 5), 1);
  patella_view lost{};
  rig.play(stream.with_ticks(at(lost_s + 3)), [&](const Record& record) {
    if (record.t_us == at(lost_s)) lost = rig.view();
  });
  CHECK(std::isnan(lost.readouts[0].value));
  CHECK(rig.said().verdicts() == "+,sensor_lost");
  Band back(rest, 7);
  back.offset(4).stay(lost_s + 3).stay(1.5).rep(95).stay(0.5);
  auto records = rest.with_ticks(at(back.now_s()));
  std::erase_if(records, [&](const Record& record) { return record.t_us <= at(lost_s + 3); });
  std::string asked;
  rig.play(records, [&](const Record& record) {
    if (record.t_us <= at(lost_s + 3.3)) asked = rig.view().prompt;
  });
  CHECK(asked == "Let the band go slack");
  CHECK(rig.said().verdicts() == "+,sensor_lost,+");
  CHECK(field_of(rig.said().of_kind(PATELLA_EVENT_REP).back(), "peak_n") == Approx(95).margin(1.2));
}

TEST_CASE("what was ticked at the top is not taken back by what cuts it short") {
  for (const char* cut : {"lost", "pause", "end", "pain"}) {
    CAPTURE(cut);
    Stream stream;
    stream.action(PATELLA_ACTION_START, 0);
    Band band(stream, 6);
    band.stay(4).rep(95).to(95, 0.6).stay(0.5);
    const double cut_s = band.now_s();
    if (*cut == 'l') stream.gap(BandReps::kForce, true, at(cut_s));
    if (*cut != 'l')
      stream.action(std::string(cut) == "pause" ? PATELLA_ACTION_PAUSE
                    : *cut == 'e'               ? PATELLA_ACTION_END
                                                : PATELLA_ACTION_PAIN,
                    at(cut_s));
    Rig rig(kTable, values(1, 5), 1);
    patella_view top{};
    rig.play(stream.with_ticks(at(cut_s + 1)), [&](const Record& record) {
      if (record.t_us < at(cut_s)) top = rig.view();
    });
    CHECK(top.rep_marks[1] == PATELLA_MARK_COUNTED);
    CHECK(rig.said().verdicts() == "+,+");
  }
}

TEST_CASE("a sensor that comes back is not trusted to have the zero it had") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 6);
  band.stay(5);
  stream.gap(BandReps::kForce, true, at(5));
  stream.gap(BandReps::kForce, false, at(5.5));
  Rig rig(kTable, values(1, 5), 1);
  rig.play(stream.with_ticks(at(5.5)));
  for (int i = 0; i < 8; ++i) rig.sample(BandReps::kForce, at(5.6) + i * 12'500, -7);
  CHECK(std::string(rig.view().prompt) == "Let the band go slack");
  for (int i = 0; i < 60; ++i) rig.sample(BandReps::kForce, at(5.7) + i * 12'500, -7);
  CHECK(std::string(rig.view().prompt) == "Pull to the target");
  CHECK(rig.view().trace_offset == -7);
}

TEST_CASE("end and pain close the open set and the open repetition, once") {
  for (const uint32_t action : {PATELLA_ACTION_END, PATELLA_ACTION_PAIN}) {
    for (const bool reached : {false, true}) {
      Stream stream;
      stream.action(PATELLA_ACTION_START, 0);
      Band band(stream, 8);
      band.stay(4).rep(95).to(reached ? 95 : 60, 0.6).stay(0.5);
      Rig rig(kTable, values(3, 5), 1);
      rig.play(stream.with_ticks(at(band.now_s())));
      rig.action(action, at(band.now_s()));
      rig.action(PATELLA_ACTION_END, at(band.now_s()) + 1);
      const bool pain = action == PATELLA_ACTION_PAIN;
      CHECK(rig.said().verdicts() == (reached ? "+,+" : pain ? "+,pain" : "+,ended_early"));
      const auto ends = rig.said().of_kind(PATELLA_EVENT_SET_END);
      REQUIRE(ends.size() == 1);
      CHECK(std::string(ends[0].reason) == (pain ? "pain" : "ended"));
      CHECK(ends[0].n == (reached ? 2 : 1));
      CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
      CHECK(rig.said().events.back().kind == PATELLA_EVENT_DONE);
    }
  }
}

TEST_CASE("a pause keeps the set, and work goes on after a countdown") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 9);
  band.stay(4).rep(95);
  stream.action(PATELLA_ACTION_PAUSE, at(band.now_s()));
  band.stay(1).rep(95).stay(1);  // not counted: paused
  stream.action(PATELLA_ACTION_RESUME, at(band.now_s()));
  band.stay(4).rep(95);
  Rig rig(kTable, values(1, 2), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  CHECK(rig.said().verdicts() == "+,+");
  CHECK(rig.said().of_kind(PATELLA_EVENT_SET_START).size() == 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
}

TEST_CASE("pulses near the end of the movement") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 10);
  band.stay(4).to(70, 0.6);
  for (int i = 0; i < 10; ++i) band.to(95, 0.3).to(40, 0.3);
  band.to(0, 0.5).stay(1);
  Rig rig(kTable, values(1, 30).set("profile", 1).set("min_rise_s", 0.05).set("min_rep_s", 0.2), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  CHECK(rig.said().counted(PATELLA_EVENT_REP) == 10);
}

TEST_CASE("numbers that contradict each other are told, and what a 0 means is used instead") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 2);
  band.stay(4).rep(95).stay(0.5);
  Rig rig(kTable, values(1, 5).set("start_force_n", 30).set("release_force_n", 30).set("force_high_n", 60), 1);
  CHECK(rig.said().logs.size() == 2);
  rig.play(stream.with_ticks(at(band.now_s())));
  const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
  REQUIRE(notes.size() == 2);
  CHECK(std::string(notes[0].label) == "force_high_n is below force_low_n: left open");
  CHECK(std::string(notes[1].label) == "release_force_n is not below start: not used");
  CHECK(rig.said().verdicts() == "+");
}

TEST_CASE("the hold timer counts down at the top and marks show what was not counted") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 12);
  band.stay(4).rep(60).to(95, 0.6).stay(1);
  Rig rig(kTable, values(1, 4).set("hold_s", 2), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  const patella_view view = rig.view();
  CHECK(std::string(view.timer_label) == "Hold");
  CHECK(view.timer_s == Approx(0.9).margin(0.1));
  CHECK(view.timer_rate == -1);
  CHECK(std::string(view.feedback) == "On target");
  REQUIRE(view.rep_mark_count == 5);
  CHECK(view.rep_marks[0] == PATELLA_MARK_NOT_COUNTED);
  CHECK(view.rep_marks[1] == PATELLA_MARK_CURRENT);
  CHECK(view.rep_marks[4] == PATELLA_MARK_PENDING);
  CHECK(view.rep_index == 0);
}

TEST_CASE("a repetition that did not count tells what happened and what to do") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  Band band(stream, 12);
  band.stay(4).rep(95, 1.2);
  Rig rig(kTable, values(1, 4).set("hold_s", 2), 1);
  rig.play(stream.with_ticks(at(band.now_s())));
  CHECK(rig.said().verdicts() == "left_target");
  const std::string prompt = rig.view().prompt;
  INFO(prompt);
  CHECK(prompt.starts_with("Force left the target after {1."));
  CHECK(prompt.ends_with(" s} of {2 s}: hold it longer"));
  CHECK(std::string(rig.view().feedback) == "Not counted");
}

TEST_CASE("the same band stream gives the same in any batches") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  rubber_band(stream, 5, 1);
  stream.gap(BandReps::kForce, true, at(8.5));
  CHECK(same_in_batches(kTable, values(1, 20).set("countdown_s", 0), 1, stream.with_ticks(at(10)), 20));
}
