#include "virtual_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "band_reps/band_reps.hpp"
#include "params/json.hpp"
#include "session/logged.hpp"

namespace patella::test {

using session::Liveness;
using session::Screen;
namespace taps = session::taps;

namespace {
constexpr session::AgeLimits kAges{500'000, 1'000'000};
constexpr int64_t kNotTwiceAtOnceUs = 200;

params::Values exercise_params() {
  Values values(band_reps::kParams);
  values.set("sets", 1).set("reps", 99).set("rest_s", 5).set("sides", 0).set("countdown_s", 0).set("hold_s", 0);
  params::Values list;
  for (const patella_value& value : values.all())
    list.push_back({value.key, value.row, value.number, value.text ? std::optional<std::string>(value.text) : std::nullopt});
  return list;
}

session::StationSetup setup_of(const std::string& id) {
  session::StationSetup setup;
  setup.id = id;
  setup.title = verbatim("Station " + id);
  setup.channels.push_back({"force", "N", "Force sensor", true, true, kAges});
  return setup;
}
}  // namespace

runtime::Assembly assembly_of(std::size_t stations) {
  runtime::Assembly assembly;
  plugin_link::PluginInfo module, driver;
  module.folder = "band_reps";
  module.id = "org.patella.band_reps";
  module.name = "Band repetitions";
  module.channels.push_back({"force", "Force", "N", 0, 0, 0, 1, true});
  driver.folder = "force";
  driver.id = "org.patella.force";
  driver.name = "Force sensor";
  driver.channels.push_back({"force", "Force", "N", -10, 5'000, 50, 0.5, false});
  assembly.modules.push_back(module);
  assembly.drivers.push_back(driver);
  for (std::size_t i = 0; i < stations; ++i) {
    const std::string id = "s" + std::to_string(i);
    config::Station& station = assembly.config.stations.emplace_back();
    station.id = id;
    station.title = "Station " + id;
    station.exercise.module = "band_reps";
    station.exercise.params = exercise_params();
    config::Binding binding{"force", "force", "force", "S" + std::to_string(i), "", {{"zero_n", -1, 0, std::nullopt}}};
    station.json = R"({"bindings":[{"channel":"force","params":{"zero_n":0}}],"params":{"reps":99}})";
    assembly.kiosk_setup.stations.push_back(setup_of(id));
    assembly.station_module.push_back(0);
    runtime::DriverInstance use;
    use.routes.push_back({i, 0, 0});
    use.binding.params = binding.driver_params;
    station.bindings.push_back(std::move(binding));
    assembly.driver_instances.push_back(use);
  }
  return assembly;
}

double pulls_n(std::size_t index, int64_t t_us) {
  const double in_s = std::fmod(static_cast<double>(t_us) / 1e6 + 0.3 * static_cast<double>(index), 2);
  if (in_s < 0.4) return 150 * in_s;
  if (in_s < 0.9) return 60;
  return in_s < 1.3 ? 150 * (1.3 - in_s) : 0;
}

VirtualEngine::VirtualEngine(std::size_t stations, Disk& disk, uint32_t dice, Force force)
    : stations_(stations), disk_(disk), force_(std::move(force)), dice_(dice) {
  start();
}

VirtualEngine::~VirtualEngine() { engine_.reset(); }

void VirtualEngine::start() {
  links_ = std::make_unique<FakeLinks>(clock_, force_);
  store_ = std::make_unique<VirtualStore>(disk_, clock_, log_, [this] { return 1'000 + static_cast<int64_t>(dice_() % 20'000); });
  slot_ = std::make_unique<runtime::SnapshotSlot>();
  told_number_.clear();
  engine_ = std::make_unique<runtime::Engine>(assembly_of(stations_), *links_, *store_, *slot_, clock_, log_, *this, *this);
  engine_->start({});
}

void VirtualEngine::stop() {
  if (running_) running_->end_links();
  running_ = nullptr;
}

void VirtualEngine::cut_and_start_again() {
  engine_.reset();
  store_.reset();
  clock_.us += 3'000'000;
  start();
}

void VirtualEngine::judge(bool fine, const std::string& what) {
  if (!fine && wrong_.empty()) wrong_ = fmt::format("at {:.3f} s: {}", static_cast<double>(clock_.us) / 1e6, what);
}

void VirtualEngine::published() {
  shown_ = slot_->get();
  check_shown();
  check_queued_first();
}

/// No frozen number is shown as live, neither when it is made nor as long as it is the newest.
void VirtualEngine::check_shown() {
  if (shown_->screen != Screen::live) return;
  const session::ChannelState& force = shown_->channels[0];
  if (force.liveness != Liveness::live) return;
  const auto station = static_cast<std::size_t>(shown_->station->id.back() - '0');
  const int64_t newest_us = links_->sensors.at(station)->newest_us();
  constexpr int64_t kTickUs = 60'000;
  judge(newest_us >= 0 || shown_->made_us == clock_.us || clock_.us - shown_->made_us < kTickUs,
        "a value is live and its sensor is gone");
  if (newest_us >= 0) judge(clock_.us - newest_us <= kAges.stale_after_us + kTickUs, "a value is live and older than its limit");
}

/// A sample that is on the screen is on its way to the disk.
void VirtualEngine::check_queued_first() {
  if (shown_->screen != Screen::live || shown_->channels[0].liveness != Liveness::live) return;
  const int64_t newest_us = shown_->made_us - shown_->channels[0].age_us;
  const uint64_t queued = store_->queued_count();
  const bool new_sample = std::exchange(shown_sample_us_, newest_us) != newest_us;
  judge(!new_sample || queued != queued_when_shown_, "a sample is shown that the store was not given");
  queued_when_shown_ = queued;
}

void VirtualEngine::stored(const std::string& session_id, const session::LogEvent& event) {
  if (event.number == 0) return;  // the end
  if (event.kind == "rep" && session::logged::as<session::logged::Rep>(event)->counted) ++counted_[session_id];
  uint64_t& told_number = told_number_[session_id];
  judge(event.number > told_number, "an event is told twice or out of order");
  told_number = event.number;
  const std::vector<session::LogEvent>& stored = disk_.sessions[session_id].events;
  judge(stored.size() >= event.number && stored[event.number - 1] == event, "an event is told as stored that is not on the disk");
}

int VirtualEngine::counted() const {
  int reps = 0;
  for (const auto& [id, counted] : counted_) reps += counted;
  return reps;
}

int VirtualEngine::counted_at(std::size_t station) const {
  int reps = 0;
  for (const auto& [id, counted] : counted_)
    if (disk_.sessions[id].head.station_id == "s" + std::to_string(station)) reps += counted;
  return reps;
}

session::Snapshot VirtualEngine::shown_of(session::LaneId lane) const {
  session::Snapshot snapshot;
  engine_->flow().fill(lane, snapshot, clock_.us);
  return snapshot;
}

session::LaneId VirtualEngine::open_lane(std::size_t station) {
  const session::LaneId lane = engine_->open_lane(station, {"guest", "Guest"});
  if (lane == session::kNoLane) return lane;
  tap(lane, taps::SetPain{2});
  tap(lane, taps::Next());
  if (!run_until([&] { return shown_of(lane).screen == Screen::set_up && shown_of(lane).can_continue; }, 5))
    return session::kNoLane;
  tap(lane, taps::Start());
  return run_until([&] { return shown_of(lane).screen == Screen::live && shown_of(lane).view.size != 0; }, 5) ? lane
                                                                                                              : session::kNoLane;
}

void VirtualEngine::tap(const session::Tap& tap) { engine_->post(tap); }

void VirtualEngine::step(int64_t until_us) {
  int64_t next_us = std::min({engine_->deadline_us(), store_->next_us(), until_us});
  if (woken_) next_us = clock_.us;
  // Whoever's time has come and who does nothing is not asked again in the same microsecond.
  clock_.us = std::max(next_us, clock_.us + (woken_ ? 0 : kNotTwiceAtOnceUs));
  woken_ = false;
  if (store_->next_us() <= clock_.us) store_->work_now();
  engine_->turn({});
  check_shown();
}

void VirtualEngine::run(double seconds) {
  run_until([] { return false; }, seconds);
}

bool VirtualEngine::run_until(const std::function<bool()>& reached, double at_most_s) {
  const int64_t until_us = clock_.us + static_cast<int64_t>(at_most_s * 1e6);
  while (!reached()) {
    if (clock_.us >= until_us) return false;
    step(until_us);
  }
  return true;
}

bool VirtualEngine::to_live(std::size_t station) {
  const auto at = [this](Screen screen) { return [this, screen] { return shown_->screen == screen; }; };
  if (!run_until(
          [&] {
            return shown_->stations->size() == stations_ && !shown_->stations->at(station).devices.empty() &&
                   shown_->stations->at(station).devices[0].liveness == Liveness::live;
          },
          5))
    return false;
  tap(taps::OpenStation{"s" + std::to_string(station)});
  if (!run_until(at(Screen::who), 1)) return false;
  tap(taps::ChooseGuest());
  if (!run_until(at(Screen::screening), 1)) return false;
  tap(taps::SetPain{2});
  tap(taps::Next());
  if (!run_until([&] { return shown_->screen == Screen::set_up && shown_->can_continue; }, 5)) return false;
  tap(taps::Start());
  return run_until([&] { return shown_->screen == Screen::live && shown_->view.size != 0; }, 5);
}

// ---- judging a log

std::string replay_differs(const Disk::Session& session) {
  plugin_link::ModuleLink::Start start;
  start.params = *params::from_log_json(session.head.params_json);
  start.seed = session.head.seed;
  start.present = session.head.present;
  ModuleLife life(start);
  std::vector<const session::LogEvent*> said;
  for (const session::LogEvent& event : session.events)
    if (event.origin == session::Origin::module && event.kind != "metric") said.push_back(&event);
  std::size_t at = 0;
  for (const patella::Record& record : session.records)
    for (const auto& output : life.feed(record)) {
      if (output.kind != plugin_link::ModuleOutput::Kind::event) continue;
      if (at == said.size()) return "";  // said after the last thing that reached the log
      if (said[at]->ordinal != output.ordinal || said[at]->after_seq != output.after_seq)
        return fmt::format("output {} after record {} is {} after {} in the log", output.ordinal, output.after_seq,
                           said[at]->ordinal, said[at]->after_seq);
      ++at;
    }
  return at == said.size() ? "" : fmt::format("{} events of the module in the log, {} in its replay", said.size(), at);
}

std::string log_wrong(const Disk::Session& session) {
  int64_t tick_us = -1;
  for (const patella::Record& record : session.records) {
    if (record.kind != RecordKind::tick) continue;
    if (tick_us >= 0 && record.t_us != tick_us + PATELLA_TICK_US)
      return fmt::format("a tick at {} after one at {}", record.t_us, tick_us);
    tick_us = record.t_us;
  }
  uint64_t after_seq = 0;
  int rep = 0;
  for (const session::LogEvent& event : session.events) {
    if (event.origin == session::Origin::module && event.after_seq < after_seq && event.kind != "metric")
      return fmt::format("event {} goes back to record {}", event.number, event.after_seq);
    if (event.origin == session::Origin::module && event.kind != "metric") after_seq = event.after_seq;
    if (event.kind != "rep") continue;
    const auto judged = session::logged::as<session::logged::Rep>(event);
    if (!judged) return "a rep that cannot be read";
    if (judged->counted && judged->n != ++rep) return fmt::format("rep {} where {} was due", judged->n, rep);
  }
  return "";
}

}  // namespace patella::test
