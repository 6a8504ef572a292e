// A recorded band pull by pull (PATELLA_CAPTURES, see captures_test.cpp) the whole way: the emulated board sends the recording
// over a real tty, the driver as it is shipped reads it in its confined child, the module as it is shipped counts in its own. The
// reps must be those that the module finds in the recording itself.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "band_reps/band_reps.hpp"
#include "emulated_harness.hpp"
#include "emulator/chronojump_model.hpp"
#include "support/module_rig.hpp"

using namespace faults_test;

namespace {

using Tape = std::vector<emulator::ChronojumpModel::TapeSample>;

std::string recording(const std::string& name) {
  const char* folder = std::getenv("PATELLA_CAPTURES");
  if (folder) return std::string(folder) + "/" + name;
  std::cout << "skipped: PATELLA_CAPTURES names no folder with " << name << "\n";
  return "";
}

/// "µs;N" with a decimal comma, behind one line of headings.
Tape read_tape(const std::string& path) {
  std::ifstream file(path);
  Tape tape;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', '.');
    std::istringstream cells(line);
    uint32_t stamp_us = 0;
    char separator = 0;
    double force_n = 0;
    if (cells >> stamp_us >> separator >> force_n) tape.push_back({stamp_us, force_n});
  }
  REQUIRE(tape.size() > 500);
  return tape;
}

struct Collected final : DriverSink {
  std::vector<LinkSample> force;
  std::string trouble;
  void samples(std::span<const LinkSample> list) override { force.insert(force.end(), list.begin(), list.end()); }
  void state(LinkState state, const Messages& text) override {
    if (state == LinkState::down || state == LinkState::quarantined) trouble = english(text);
  }
  void notice(const Messages&) override {}
  void identity(const std::string&, const std::string&, const std::string&) override {}
  void command_done(const std::string&, bool, const Messages&) override {}
  void lost_samples(uint64_t n) override { trouble = std::to_string(n) + " samples lost"; }
};

std::vector<LinkSample> through_tty(const Tape& tape) {
  EmulatedSetup setup;
  auto model = std::make_unique<emulator::ChronojumpModel>(emulator::ChronojumpModel::Options{.automatic = false});
  model->play(tape);
  REQUIRE(the_bus().add("band", std::move(model)).ok());
  REQUIRE(the_bus().plug("band").ok());
  Collected sink;
  const auto link = DriverLink::make(setup.options, real("chronojump_force"), {}, setup.clock, setup.log, sink);
  const bool all = run_until([&] { return sink.force.size() >= tape.size(); }, *link);
  INFO(sink.force.size() << " of " << tape.size() << " samples; " << sink.trouble);
  REQUIRE(all);
  CHECK(sink.trouble == "");
  sink.force.resize(tape.size());
  return sink.force;
}

/// The session's stream: started at 0, each sample at its time, a tick every 20 ms, a second more at the end.
std::vector<Record> session_of(const std::vector<std::pair<int64_t, double>>& force) {
  std::vector<Record> records;
  const auto add = [&](int64_t t_us, RecordKind kind, double value, int32_t code) {
    records.push_back({records.size() + 1, t_us, value, kind, 0, band_reps::BandReps::kForce, code});
  };
  add(0, RecordKind::action, 0, PATELLA_ACTION_START);
  int64_t tick_us = PATELLA_TICK_US;
  for (const auto& [t_us, force_n] : force) {
    for (; tick_us <= t_us; tick_us += PATELLA_TICK_US) add(tick_us, RecordKind::tick, 0, 0);
    add(t_us, RecordKind::sample, force_n, 0);
  }
  for (const int64_t end_us = tick_us + 1'000'000; tick_us < end_us; tick_us += PATELLA_TICK_US)
    add(tick_us, RecordKind::tick, 0, 0);
  return records;
}

std::vector<patella_event> reps_of(const std::vector<std::pair<int64_t, double>>& force, bool above_the_slack) {
  test::Values values(band_reps::kParams);
  values.set("sets", 1)
      .set("reps", 20)
      .set("sides", 0)
      .set("countdown_s", 0)
      .set("force_low_n", 80)
      .set("hold_s", 0)
      .set("min_rise_s", 0.05)
      .set("min_rep_s", 0.2);
  if (above_the_slack) values.set("start_force_n", 75).set("release_force_n", 62);
  ModuleLink::Start start;
  for (const patella_value& value : values.all())
    start.params.push_back(
        {value.key, value.row, value.number, value.text ? std::optional<std::string>(value.text) : std::nullopt});
  start.present = 1u << band_reps::BandReps::kForce;
  const auto outputs = run_module(host_options(), real("band_reps"), start, session_of(force));
  if (!outputs) FAIL(outputs.error().text());
  std::vector<patella_event> reps;
  for (const ModuleOutput& output : *outputs)
    if (output.kind == ModuleOutput::Kind::event && output.event.kind == PATELLA_EVENT_REP) reps.push_back(output.event);
  return reps;
}

}  // namespace

TEST_CASE("recorded band pulls give the same reps through board, tty, driver and module as fed directly") {
  const std::string path = recording("chronojump_rubber_band_clean.csv");
  if (path.empty()) return;
  const Tape tape = read_tape(path);
  const std::vector<LinkSample> came = through_tty(tape);
  std::vector<std::pair<int64_t, double>> direct, through;
  int64_t worst_us = 0;
  for (std::size_t i = 0; i < tape.size(); ++i) {
    direct.emplace_back(tape[i].stamp_us, tape[i].force_n);
    through.emplace_back(came[i].t_us - came[0].t_us, came[i].value);
    REQUIRE(came[i].value == Approx(tape[i].force_n).margin(0.001));
    worst_us = std::max(worst_us, std::abs(through[i].first - direct[i].first));
  }
  std::cout << tape.size() << " samples through a tty: every force as recorded, times at most " << worst_us << " us off\n";
  CHECK(worst_us < 20'000);
  for (const bool above_the_slack : {false, true}) {
    const auto wanted = reps_of(direct, above_the_slack), reps = reps_of(through, above_the_slack);
    std::string verdicts;
    for (const auto& rep : reps) verdicts += rep.counted ? "+" : std::string("(") + rep.reason + ")";
    std::cout << "reps: " << verdicts << "\n";
    CHECK(verdicts == (above_the_slack ? "++++" : "(not_released)+++"));
    REQUIRE(reps.size() == wanted.size());
    for (std::size_t i = 0; i < reps.size(); ++i) {
      CHECK(std::string(reps[i].reason) == wanted[i].reason);
      CHECK(test::field_of(reps[i], "peak_n") == Approx(test::field_of(wanted[i], "peak_n")).margin(0.01));
      CHECK(test::field_of(reps[i], "start_s") == Approx(test::field_of(wanted[i], "start_s")).margin(0.05));
    }
  }
}
