// The exercise modules against recordings of real devices. The recordings belong to others and are not part of the
// project: PATELLA_CAPTURES names a folder with
//   chronojump_rubber_band_clean.csv  "µs;N" with a decimal comma, band pulls at 88 Hz
//   indoor_trainer.csv                "s,rpm,W,bpm,…", one row a second, an empty cell = invalid
//   antgo_123.cap, antgo_456.cap      raw messages of an ANT stick
// Without it each test says that it was skipped.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "band_reps/band_reps.hpp"
#include "cycling/cycling.hpp"
#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using namespace patella::test;
using band_reps::BandReps;
using cycling::Cycling;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
constexpr double kNothing = -1;
const patella_exercise& kBand = sdk::ExerciseGlue<BandReps>::kTable;
const patella_exercise& kBike = sdk::ExerciseGlue<Cycling>::kTable;

// The path of a recording, or "" after saying that the test is skipped.
std::string recording(const char* name) {
  const char* folder = std::getenv("PATELLA_CAPTURES");
  if (folder) return std::string(folder) + "/" + name;
  std::cout << "skipped: PATELLA_CAPTURES names no folder with " << name << "\n";
  return "";
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(lines.size() > 1);
  lines.erase(lines.begin());
  return lines;
}

std::vector<std::string> cells_of(const std::string& line, char separator) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, separator);) cells.push_back(cell);
  return cells;
}

struct Reading {
  int64_t t_us;
  double rpm;  // kNothing: the sensor says it has none
};

Values ride() {
  Values values{std::span(cycling::kParams)};
  return values.clear_rows("phases")
      .set("countdown_s", 0)
      .cell("phases.name", 0, 0, "Ride")
      .cell("phases.duration_s", 0, 7200)
      .cell("phases.cadence_low_rpm", 0, 60)
      .cell("phases.cadence_high_rpm", 0, 90);
}

Stream stream_of(const std::vector<Reading>& readings) {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  bool lost = false;
  for (const Reading& reading : readings) {
    if (lost != (reading.rpm == kNothing)) stream.gap(Cycling::kCadence, lost = !lost, reading.t_us);
    if (!lost) stream.sample(Cycling::kCadence, reading.t_us, reading.rpm);
  }
  return stream;
}

// What the readings within `reach_us` of t say: least and most; false when there are none.
bool around(const std::vector<Reading>& readings, int64_t t_us, int64_t reach_us, double& least, double& most) {
  bool any = false;
  for (const Reading& reading : readings) {
    if (reading.rpm == kNothing || std::llabs(reading.t_us - t_us) > reach_us) continue;
    least = any ? std::min(least, reading.rpm) : reading.rpm;
    most = any ? std::max(most, reading.rpm) : reading.rpm;
    any = true;
  }
  return any;
}

// All readings of the last 4 s are zero, and there are some as old as that.
bool stopped(const std::vector<Reading>& readings, int64_t t_us) {
  bool old = false;
  for (const Reading& reading : readings) {
    if (reading.t_us > t_us || reading.t_us < t_us - 4 * kSecondUs) continue;
    if (reading.rpm != 0) return false;
    if (reading.t_us <= t_us - 3 * kSecondUs) old = true;
  }
  return old;
}

struct Shown {
  int views = 0;
  int with_value = 0;
  int false_values = 0;
  double least = 1e9, most = 0;
};

// Looks at the view after each record: is the cadence it shows one that the readings around it support?
Shown judge_shown(const std::vector<Reading>& readings, Rig& rig) {
  Shown shown;
  rig.play(stream_of(readings).with_ticks(readings.back().t_us), [&](const Record& record) {
    ++shown.views;
    const double rpm = rig.view().readouts[0].value;
    if (std::isnan(rpm)) return;
    ++shown.with_value;
    shown.least = std::min(shown.least, rpm);
    shown.most = std::max(shown.most, rpm);
    double least = 0, most = 0;
    const bool known = around(readings, record.t_us, 2 * kSecondUs, least, most);
    const bool right = known && rpm <= most + 1 && rpm >= least - 1 && !(rpm > 0 && stopped(readings, record.t_us));
    if (!right) ++shown.false_values;
  });
  return shown;
}

void report(const char* name, const Shown& shown, const Said& said) {
  std::cout << name << ": " << shown.views << " views, " << shown.with_value << " with a cadence (" << shown.least << " to "
            << shown.most << " rpm), " << shown.false_values << " false; pedalling " << said.metrics.at("pedalling_s") << " s, "
            << said.metrics.at("revolutions") << " revolutions, paused " << said.of_kind(PATELLA_EVENT_PAUSED).size()
            << " times\n";
}

// Cadence pages (device type 0x79) of a file of raw messages. They come at about 4 Hz; a repeated event says
// nothing new, and after 3 s of repeats the cranks stand. rpm = 60 · 1024 · revolutions / ticks, both modulo 65536.
std::vector<Reading> ant_cadence(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> raw{std::istreambuf_iterator<char>(file), {}};
  auto byte = [&](std::size_t i) { return static_cast<uint8_t>(raw[i]); };
  std::vector<Reading> readings;
  uint32_t last_ticks = 0, last_turns = 0;
  bool has_last = false;
  int64_t t_us = 0, event_us = 0;
  for (std::size_t at = 0; at + 4 <= raw.size();) {
    const std::size_t length = byte(at + 1);
    REQUIRE(byte(at) == 0xA4);
    REQUIRE(at + length + 4 <= raw.size());
    const std::size_t page = at + 4;
    if (byte(at + 2) == 0x4E && length >= 14 && byte(page + 11) == 0x79) {
      t_us += 250'000;
      const uint32_t ticks = byte(page) | static_cast<uint32_t>(byte(page + 1)) << 8;
      const uint32_t turns = byte(page + 2) | static_cast<uint32_t>(byte(page + 3)) << 8;
      const uint32_t step = (ticks - last_ticks) & 0xFFFF;
      if (has_last && step > 0) {
        readings.push_back({t_us, 61440.0 * ((turns - last_turns) & 0xFFFF) / step});
        event_us = t_us;
      } else if (has_last && t_us - event_us >= 3 * kSecondUs) {
        readings.push_back({t_us, 0});
      }
      has_last = true;
      last_ticks = ticks;
      last_turns = turns;
    }
    at += length + 4;
  }
  return readings;
}
}  // namespace

// The file holds four pulls to 92–94 N, after a start at 52 N that drops only to 46 N before the first of them.
TEST_CASE("recorded band pulls are counted") {
  const std::string path = recording("chronojump_rubber_band_clean.csv");
  if (path.empty()) return;
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  int64_t end_us = 0;
  for (std::string line : lines_of(path)) {
    std::replace(line.begin(), line.end(), ',', '.');
    const auto cells = cells_of(line, ';');
    if (cells.size() != 2) continue;
    end_us = std::stoll(cells[0]);
    stream.sample(BandReps::kForce, end_us, std::stod(cells[1]));
  }
  Values values(band_reps::kParams);
  values.set("sets", 1)
      .set("reps", 20)
      .set("sides", 0)
      .set("countdown_s", 0)
      .set("force_low_n", 80)
      .set("hold_s", 0)
      .set("min_rise_s", 0.05)
      .set("min_rep_s", 0.2);
  const auto records = stream.with_ticks(end_us + kSecondUs);
  Rig usual(kBand, values, 1);
  usual.play(records);
  CHECK(usual.said().verdicts() == "not_released,+,+,+");
  CHECK(usual.view().trace_offset == Approx(-4).margin(0.6));

  values.set("start_force_n", 75).set("release_force_n", 62);
  Rig above(kBand, values, 1);
  above.play(records);
  CHECK(above.said().verdicts() == "+,+,+,+");
  for (const auto& rep : above.said().of_kind(PATELLA_EVENT_REP))
    std::cout << "pull at " << field_of(rep, "start_s") << " s: peak " << field_of(rep, "peak_n") << " N over a tare of "
              << field_of(rep, "tare_n") << " N\n";
  CHECK(same_in_batches(kBand, values, 1, records, 5));
}

TEST_CASE("a recorded trainer ride with drop-outs shows no false cadence") {
  const std::string path = recording("indoor_trainer.csv");
  if (path.empty()) return;
  std::vector<Reading> readings;
  for (const std::string& line : lines_of(path)) {
    const auto cells = cells_of(line, ',');
    if (cells.size() < 2) continue;
    readings.push_back({std::stoll(cells[0]) * kSecondUs, cells[1].empty() ? kNothing : std::stod(cells[1])});
  }
  Rig rig(kBike, ride(), 1);
  const Shown shown = judge_shown(readings, rig);
  report("indoor_trainer.csv", shown, rig.said());
  CHECK(shown.false_values == 0);
  CHECK(shown.with_value > shown.views * 9 / 10);
  CHECK(same_in_batches(kBike, ride(), 1, stream_of(readings).with_ticks(readings.back().t_us), 3));
}

TEST_CASE("recorded ANT messages show no false cadence") {
  for (const char* name : {"antgo_123.cap", "antgo_456.cap"}) {
    const std::string path = recording(name);
    if (path.empty()) return;
    const std::vector<Reading> readings = ant_cadence(path);
    REQUIRE(readings.size() > 20);
    // Within reach of the truth lie the cadences of the recording itself; its first step has time without a turn.
    std::vector<Reading> truth = readings;
    if (truth.front().rpm == 0) truth.erase(truth.begin());
    Rig rig(kBike, ride(), 1);
    Shown shown = judge_shown(readings, rig);
    report(name, shown, rig.said());
    CHECK(shown.false_values == 0);
    CHECK(shown.with_value > shown.views / 2);
    double least = 0, most = 0;
    REQUIRE(around(truth, 0, readings.back().t_us, least, most));
    CHECK(shown.least >= 0);
    CHECK(shown.most <= most);
  }
}
