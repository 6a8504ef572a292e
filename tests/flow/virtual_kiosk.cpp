#include "virtual_kiosk.hpp"

#include <algorithm>
#include <cmath>

#include "band_reps/band_reps.hpp"
#include "cycling/cycling.hpp"
#include "hold/hold.hpp"
#include "support/catch.hpp"

namespace patella::test {

using namespace session;

namespace {
constexpr int64_t kStepUs = 20'000;

const patella_exercise& table_of(const std::string& module) {
  if (module == "band_reps") return sdk::ExerciseGlue<band_reps::BandReps>::kTable;
  if (module == "cycling") return sdk::ExerciseGlue<cycling::Cycling>::kTable;
  REQUIRE(module == "hold");
  return sdk::ExerciseGlue<hold::Hold>::kTable;
}

/// One pull of 8 s: up in 1 s, 60 N for 3 s, down in 1 s, slack for 3 s.
double pull_n(double t_s) {
  const double in_s = std::fmod(t_s, 8);
  if (in_s < 1) return 60 * in_s;
  if (in_s < 4) return 60;
  return in_s < 5 ? 60 * (5 - in_s) : 0;
}
}  // namespace

const runtime::Assembly& shipped() {
  static const runtime::Assembly assembly = [] {
    runtime::Paths paths;
    paths.config = std::filesystem::path(PATELLA_SOURCE_DIR) / "config";
    paths.plugins = {std::filesystem::path(PATELLA_BUILD_DIR) / "plugins"};
    paths.libexec = std::filesystem::path(PATELLA_BUILD_DIR) / "bin";
    return runtime::assemble(paths, runtime::host_options(paths));
  }();
  return assembly;
}

std::size_t VirtualKiosk::index_of(const std::string& station_id) {
  const auto& stations = shipped().kiosk_setup.stations;
  const auto at = std::find_if(stations.begin(), stations.end(), [&](const auto& s) { return s.id == station_id; });
  REQUIRE(at != stations.end());
  INFO(at->fault);
  REQUIRE(at->why_not.empty());
  return static_cast<std::size_t>(at - stations.begin());
}

VirtualKiosk::VirtualKiosk(const std::string& station_id)
    : station_(index_of(station_id)), flow_(shipped().kiosk_setup, now_us_) {}

Snapshot VirtualKiosk::shown() const {
  Snapshot snapshot;
  flow_.fill(snapshot, now_us_);
  return snapshot;
}

Screen VirtualKiosk::screen() const { return shown().screen; }

int VirtualKiosk::count(const std::string& kind) const {
  return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const LogEvent& e) { return e.kind == kind; }));
}

void VirtualKiosk::tap(const Tap& tap) {
  flow_.tap(tap, now_us_);
  execute();
}

void VirtualKiosk::run(double seconds) {
  run_until([] { return false; }, seconds);
}

bool VirtualKiosk::run_until(const std::function<bool()>& reached, double at_most_s) {
  const int64_t until_us = now_us_ + static_cast<int64_t>(at_most_s * 1e6);
  while (!reached()) {
    if (now_us_ >= until_us) return false;
    now_us_ += kStepUs;
    speak();
    flow_.advance(now_us_);
    execute();
    if (module_) view_ = module_->view();
    if (module_ && flow_.session()) flow_.session()->module_view(view_, now_us_);
    execute();
  }
  return true;
}

double VirtualKiosk::value_of(const std::string& channel) {
  const bool works = client_works && flow_.session() && flow_.session()->exercise_running() && phase() != PATELLA_PHASE_REST;
  if (channel == "force") return works ? pull_n(now_s()) : 0;
  if (channel == "cadence") return client_works ? 70 : 0;
  if (channel == "power") return client_works ? 90 : 0;
  return channel == "heart_rate" ? 100 : 5 * std::floor(now_s());
}

void VirtualKiosk::speak() {
  const auto& channels = setup().channels;
  for (uint16_t c = 0; c < channels.size(); ++c) {
    if (!channels[c].required) continue;  // the wall sit without its scale, the bike without a belt
    if (were_there_ != sensors_there)
      flow_.device(station_, c, {sensors_there ? Liveness::live : Liveness::absent, sensors_there ? "" : "unplugged"}, now_us_);
    if (sensors_there) flow_.sample(station_, c, now_us_, value_of(channels[c].key), now_us_);
  }
  were_there_ = sensors_there;
}

void VirtualKiosk::start_module() {
  Values values{std::span<const patella_param>{}};
  const config::Station& station = shipped().config.stations[station_];
  for (const auto& value : station.exercise.params)
    values.cell(value.key.c_str(), value.row, value.number, value.text ? value.text->c_str() : nullptr);
  uint32_t present = 0;
  const auto& channels = setup().channels;
  for (std::size_t c = 0; c < channels.size(); ++c)
    if (channels[c].bound) present |= 1u << c;
  module_ = std::make_unique<Rig>(table_of(station.exercise.module), values, present);
  REQUIRE(module_->created());
  view_ = module_->view();
  told_ = 0;
}

void VirtualKiosk::feed(const patella::Record& record) {
  if (!module_) return;
  switch (record.kind) {
    case RecordKind::sample:
      module_->sample(record.channel, record.t_us, record.value);
      break;
    case RecordKind::tick:
      module_->tick(record.t_us);
      break;
    case RecordKind::action:
      module_->action(record.code, record.t_us);
      break;
    case RecordKind::gap:
      module_->gap(record.channel, record.code != 0, record.t_us);
      break;
  }
  for (const auto& [key, value] : module_->said().metrics)
    if (flow_.session()) flow_.session()->module_metric(key, "", value);
  for (; told_ < module_->said().events.size() && flow_.session(); ++told_)
    flow_.session()->module_event(module_->said().events[told_], static_cast<uint32_t>(told_), record.seq, now_us_);
}

void VirtualKiosk::execute() {
  for (std::vector<Effect> effects = flow_.take_effects(); !effects.empty(); effects = flow_.take_effects())
    for (Effect& effect : effects) {
      if (std::get_if<BeginSession>(&effect)) ++begun;
      if (std::get_if<StartModule>(&effect)) start_module();
      if (std::get_if<StopModule>(&effect)) module_.reset();
      if (const auto* record = std::get_if<patella::Record>(&effect)) feed(*record);
      if (const auto* event = std::get_if<LogEvent>(&effect)) events.push_back(*event);
      const auto* ends = std::get_if<SessionEnd>(&effect);
      if (!ends) continue;
      ++ended;
      end = *ends;
      if (flow_.session()) flow_.session()->end_stored();
    }
}

// ---- what a client does

void VirtualKiosk::choose_client() {
  tap(taps::OpenStation{setup().id});
  REQUIRE(screen() == Screen::who);
}

void VirtualKiosk::to_screening() {
  run(1);
  choose_client();
  tap(taps::ChooseGuest());
  REQUIRE(screen() == Screen::screening);
}

void VirtualKiosk::answer_screening() {
  tap(taps::SetPain{2});
  const Shared<std::vector<Question>> questions = shown().questions;
  for (const Question& question : *questions) tap(taps::Answer{question.id, false});
}

void VirtualKiosk::to_set_up() {
  to_screening();
  answer_screening();
  tap(taps::Next());
  REQUIRE(screen() == Screen::set_up);
}

void VirtualKiosk::start() {
  to_set_up();
  REQUIRE(run_until([&] { return shown().can_continue; }, 20));
  tap(taps::Start());
  REQUIRE(screen() == Screen::live);
}

}  // namespace patella::test
