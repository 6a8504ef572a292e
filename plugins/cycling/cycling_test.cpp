#include "cycling/cycling.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using namespace patella::test;
using cycling::Cycling;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
constexpr uint32_t kAll = 0xF;
constexpr uint32_t kCadenceOnly = 1;
const patella_exercise& kTable = sdk::ExerciseGlue<Cycling>::kTable;

int64_t at(double s) { return static_cast<int64_t>(s * 1e6); }

Values one_phase(double duration_s, double low_rpm, double high_rpm) {
  Values values{std::span(cycling::kParams)};
  values.clear_rows("phases").set("countdown_s", 0);
  return values.cell("phases.name", 0, 0, "Ride")
      .cell("phases.duration_s", 0, duration_s)
      .cell("phases.cadence_low_rpm", 0, low_rpm)
      .cell("phases.cadence_high_rpm", 0, high_rpm);
}

// One value a second from `from_s` on.
void cadence(Stream& stream, double from_s, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    stream.sample(Cycling::kCadence, at(from_s) + static_cast<int64_t>(i) * kSecondUs, values[i]);
}

std::vector<double> steady(double rpm, int count) { return std::vector<double>(static_cast<std::size_t>(count), rpm); }

// A ride with all that goes wrong: false first value, spike, dip, stop, drop-out with zeros, lost, new start.
Stream rough_ride() {
  Stream stream;
  std::mt19937 random(7);
  stream.action(PATELLA_ACTION_START, at(0.3));
  std::vector<double> values = {230.77, 61, 63};
  for (int i = 0; i < 40; ++i) values.push_back(70 + noise(random, 4));
  values[20] = 1.84;
  values[30] = 190;
  for (const double value : {100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 41.0, 68.0, 75.0, 76.0}) values.push_back(value);
  for (int i = 0; i < 20; ++i) values.push_back(76 + noise(random, 3));
  cadence(stream, 0.5, values);
  stream.gap(Cycling::kCadence, true, at(78));
  stream.gap(Cycling::kCadence, false, at(90));
  cadence(stream, 90, steady(80, 60));
  for (int i = 0; i < 140; ++i) {
    stream.sample(Cycling::kPower, at(i + 0.4), 100 + noise(random, 30));
    stream.sample(Cycling::kHeartRate, at(i + 0.7), 90 + i * 0.2);
  }
  return stream;
}
}  // namespace

TEST_CASE("a steady ride adds up") {
  Rig rig(kTable, one_phase(60, 60, 80), kAll);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(72, 80));
  for (int i = 0; i < 80; ++i) {
    stream.sample(Cycling::kPower, at(i), 150);
    stream.sample(Cycling::kHeartRate, at(i), 110);
    stream.sample(Cycling::kDistance, at(i), 500 + i * 6.0);
  }
  rig.play(stream.with_ticks(at(80)));
  const auto done = rig.said().of_kind(PATELLA_EVENT_DONE);
  REQUIRE(done.size() == 1);
  CHECK(done[0].t_us == at(60));
  const auto& metrics = rig.said().metrics;
  CHECK(metrics.at("pedalling_s") == 60);
  CHECK(metrics.at("time_in_zone_s") == 60);
  CHECK(metrics.at("revolutions") == Approx(72));
  CHECK(metrics.at("mean_cadence_rpm") == Approx(72));
  CHECK(metrics.at("best_cadence_rpm") == 72);
  CHECK(metrics.at("work_kj") == Approx(9.0));
  CHECK(metrics.at("mean_power_w") == Approx(150));
  CHECK(metrics.at("mean_heart_rate_bpm") == Approx(110));
  CHECK(metrics.at("distance_m") == Approx(360).margin(6));
}

TEST_CASE("what the sensor gets wrong is neither shown nor counted") {
  Rig rig(kTable, one_phase(600, 60, 80), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  std::vector<double> values = steady(72, 61);
  values[0] = 230.77;
  values[20] = 1.84;
  values[21] = 72;
  values[40] = 230;
  cadence(stream, 0, values);
  bool seen = false;
  rig.play(stream.with_ticks(at(60)), [&](const Record&) {
    const double shown = rig.view().readouts[0].value;
    if (std::isnan(shown)) return;
    seen = true;
    REQUIRE(shown == 72);
  });
  CHECK(seen);
  CHECK(rig.said().metrics.at("best_cadence_rpm") == 72);
  CHECK(rig.said().metrics.at("mean_cadence_rpm") == Approx(72));
  CHECK(rig.said().metrics.at("pedalling_s") >= 58);
}

TEST_CASE("a stop shows zero within three seconds, pauses, and pedalling goes on") {
  Rig rig(kTable, one_phase(600, 60, 80), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(100, 21));
  cadence(stream, 21, steady(0, 19));
  cadence(stream, 40, steady(70, 20));
  double shown_at_24 = -1;
  uint32_t phase_at_26 = 0;
  rig.play(stream.with_ticks(at(59)), [&](const Record& record) {
    if (record.kind == Record::kTick && record.t_us == at(24)) shown_at_24 = rig.view().readouts[0].value;
    if (record.kind == Record::kTick && record.t_us == at(26)) phase_at_26 = rig.view().phase;
  });
  CHECK(shown_at_24 == 0);
  CHECK(phase_at_26 == PATELLA_PHASE_PAUSED);
  const auto paused = rig.said().of_kind(PATELLA_EVENT_PAUSED);
  const auto resumed = rig.said().of_kind(PATELLA_EVENT_RESUMED);
  REQUIRE(paused.size() == 1);
  CHECK(std::string(paused[0].reason) == "pedalling stopped");
  CHECK(paused[0].t_us == at(24));
  REQUIRE(resumed.size() == 1);
  CHECK(resumed[0].t_us == at(41));
  // 20 s before the stop, 41…59 after it; nothing in between.
  CHECK(rig.said().metrics.at("pedalling_s") == Approx(38).margin(0.01));
  CHECK(rig.said().metrics.at("revolutions") == Approx(20 * 100 / 60.0 + 18 * 70 / 60.0));
}

TEST_CASE("while cadence is lost nothing is shown and nothing counts") {
  Rig rig(kTable, one_phase(600, 60, 80), kAll);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(70, 11));
  stream.gap(Cycling::kCadence, true, at(12.5));
  for (int i = 0; i < 60; ++i) stream.sample(Cycling::kPower, at(i), 150);
  rig.play(stream.with_ticks(at(50)), [&](const Record& record) {
    if (record.t_us <= at(12.5)) return;
    const patella_view view = rig.view();
    REQUIRE(std::isnan(view.readouts[0].value));
    REQUIRE(view.timer_rate == 0);
    REQUIRE(view.timer_s == 590);
    REQUIRE(view.feedback[0] == 0);
  });
  CHECK(rig.said().metrics.at("pedalling_s") == 10);
  CHECK(rig.said().of_kind(PATELLA_EVENT_PAUSED).empty());
}

TEST_CASE("time that no cadence vouches for is not counted") {
  Rig silent(kTable, one_phase(600, 60, 80), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(70, 11));
  cadence(stream, 20, steady(70, 11));
  silent.play(stream.with_ticks(at(30)));
  CHECK(silent.said().metrics.at("pedalling_s") == 20);

  Rig lost(kTable, one_phase(600, 60, 80), kCadenceOnly);
  Stream short_gap;
  short_gap.action(PATELLA_ACTION_START, 0);
  cadence(short_gap, 0, steady(70, 11));
  short_gap.gap(Cycling::kCadence, true, at(10.5));
  short_gap.gap(Cycling::kCadence, false, at(11.5));
  cadence(short_gap, 12, steady(70, 9));
  lost.play(short_gap.with_ticks(at(20)));
  CHECK(lost.said().metrics.at("pedalling_s") == 18);
}

TEST_CASE("phases follow each other, with their bands") {
  Values values = one_phase(20, 40, 60);
  values.cell("phases.name", 1, 0, "Faster")
      .cell("phases.duration_s", 1, 10)
      .cell("phases.cadence_low_rpm", 1, 70)
      .cell("phases.cadence_high_rpm", 1, 90);
  Rig rig(kTable, values, kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(55, 50));
  patella_view second{};
  rig.play(stream.with_ticks(at(40)), [&](const Record& record) {
    if (record.t_us == at(25)) second = rig.view();
  });
  const auto phases = rig.said().of_kind(PATELLA_EVENT_PHASE);
  REQUIRE(phases.size() == 2);
  CHECK(std::string(phases[0].label) == "Ride");
  CHECK(std::string(phases[1].label) == "Faster");
  CHECK(phases[1].t_us == at(20));
  CHECK(second.segment_count == 2);
  CHECK(second.segment_index == 1);
  CHECK(second.segments[0].done_s == 20);
  CHECK(second.readouts[0].target_low == 70);
  CHECK(std::string(second.feedback) == "Pedal faster");
  CHECK(second.tone == PATELLA_TONE_LOW);
  CHECK(rig.said().metrics.at("time_in_zone_s") == 20);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).at(0).t_us == at(30));
}

TEST_CASE("a band upside down is told and left open above") {
  Rig rig(kTable, one_phase(20, 60, 40), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(90, 30));
  rig.play(stream.with_ticks(at(30)));
  CHECK(rig.said().logs.size() == 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_NOTE).size() == 1);
  CHECK(rig.said().metrics.at("time_in_zone_s") == 20);
}

TEST_CASE("above a ceiling the client is asked to ease off") {
  Values values = one_phase(600, 40, 90);
  values.cell("phases.heart_rate_ceiling_bpm", 0, 120);
  Rig rig(kTable, values, kAll);
  rig.action(PATELLA_ACTION_START, 0);
  for (int i = 0; i < 10; ++i) {
    rig.sample(Cycling::kHeartRate, at(i), i < 5 ? 110 : 125);
    rig.sample(Cycling::kCadence, at(i), 70);
    if (i == 4) CHECK(std::string(rig.view().feedback) == "On target");
  }
  CHECK(std::string(rig.view().feedback) == "Ease off");
  CHECK(rig.view().tone == PATELLA_TONE_HIGH);
}

TEST_CASE("a pause stops the ride; the pain action ends it once") {
  Rig rig(kTable, one_phase(600, 60, 80), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  stream.action(PATELLA_ACTION_PAUSE, at(10));
  stream.action(PATELLA_ACTION_RESUME, at(20));
  stream.action(PATELLA_ACTION_PAIN, at(30));
  stream.action(PATELLA_ACTION_END, at(31));
  cadence(stream, 0, steady(70, 40));
  rig.play(stream.with_ticks(at(40)));
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(rig.said().metrics.at("pedalling_s") == Approx(20).margin(2.01));
  CHECK(rig.said().metrics.at("pedalling_s") <= 20);
  CHECK(rig.view().phase == PATELLA_PHASE_DONE);
}

TEST_CASE("the timer never runs backwards while pedalling steadily") {
  Rig rig(kTable, one_phase(30, 60, 80), kCadenceOnly);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  cadence(stream, 0, steady(70, 40));
  double last_s = 29;
  rig.play(stream.with_ticks(at(29)), [&](const Record& record) {
    if (record.t_us < at(2) || record.t_us > at(29)) return;
    const double now_s = rig.view().timer_s;
    REQUIRE(now_s <= last_s);
    REQUIRE(now_s >= last_s - 1.1);
    last_s = now_s;
  });
}

TEST_CASE("a rough ride is the same in any batches") {
  const auto records = rough_ride().with_ticks(at(150));
  CHECK(same_in_batches(kTable, one_phase(300, 60, 80), kAll, records, 20));
  Rig rig(kTable, one_phase(300, 60, 80), kAll);
  rig.play(records);
  CHECK(rig.said().metrics.at("best_cadence_rpm") < 101);
  CHECK(rig.said().of_kind(PATELLA_EVENT_PAUSED).size() == 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_RESUMED).size() == 1);
}
