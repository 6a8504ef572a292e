#include "runtime/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <type_traits>

#include "base/ids.hpp"
#include "params/json.hpp"

namespace patella::runtime {

namespace {
// A sample is in the next snapshot at once, unless one was made a moment ago: fast sensors share snapshots.
// The module's answer to it does not wait for that. How often it is drawn is the window's business.
constexpr int64_t kPublishEveryUs = 1'000;
// On home nothing but a tile's device state, and whether somebody moves its sensor, can change by itself.
constexpr int64_t kHomeEveryUs = 250'000;
// In the staff area numbers are read, not followed; without samples they grow old.
constexpr int64_t kStaffEveryUs = 100'000, kStaffAtLeastUs = 500'000;

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}
}  // namespace

class Engine::LaneModuleSink final : public plugin_link::ModuleSink {
 public:
  LaneModuleSink(Engine& engine, const Lane& lane) : engine_(engine), lane_(lane) {}
  void output(const plugin_link::ModuleOutput& output) override {
    session::Session* session = engine_.flow_.session(lane_.id);
    if (!session) return;
    const int64_t now_us = engine_.clock_.now_us();
    using Kind = plugin_link::ModuleOutput::Kind;
    if (output.kind == Kind::event) session->module_event(output.event, output.ordinal, output.after_seq, now_us);
    if (output.kind == Kind::metric) session->module_metric(output.key, output.unit, output.value);
    if (output.kind == Kind::cue && output.after_seq > lane_.replayed_cues_to)
      session->module_cue(output.cue, output.text, now_us);
    engine_.dirty_ = true;
  }
  void differs(const plugin_link::ModuleOutput& before, const plugin_link::ModuleOutput& now) override {
    if (session::Session* session = engine_.flow_.session(lane_.id))
      session->module_differs(fmt::format("output {} after record {} was not repeated (now after {})", before.ordinal,
                                          before.after_seq, now.after_seq),
                              engine_.clock_.now_us());
  }
  void state(plugin_link::LinkState state, const Messages& text) override {
    using plugin_link::LinkState;
    if (session::Session* session = engine_.flow_.session(lane_.id))
      session->module_state(state != LinkState::down && state != LinkState::quarantined, state == LinkState::quarantined, text,
                            engine_.clock_.now_us());
    engine_.dirty_ = true;
  }

 private:
  Engine& engine_;
  const Lane& lane_;
};

Engine::Engine(Assembly assembly, plugin_link::Links& links, StoreQueue& store, SnapshotSlot& slot, const Clock& clock, Log& log,
               EngineWatcher& watcher, EngineRunner& runner)
    : assembly_(std::move(assembly)),
      links_(links),
      store_(store),
      slot_(slot),
      clock_(clock),
      log_(log),
      watcher_(watcher),
      language_(shown_language(assembly_.config.kiosk)),
      runner_(runner),
      flow_(assembly_.kiosk_setup, clock.now_us()),
      client_files_(std::make_shared<ConfigClientFiles>(assembly_.config.clients)) {
  store_.listen(this);
  if (!store_.notice().empty()) add_banner(store_.notice());
}

// The order of shutdown: the session thread first (it makes no more effects), then the children, then this
// listens to the store no more; whoever owns the store thread ends it after that, and it commits what is
// queued.
Engine::~Engine() {
  runner_.stop();
  store_.listen(nullptr);
  dose_words_.reset();
  notify_program_.reset();
}

void Engine::add_banner(const Messages& text) {
  if (!text.empty()) banners_.push_back(text);
}

void Engine::read_calibrations() {
  auto rows = store_.ask<Result<std::vector<store::DeviceCalibration>>>([](store::Store& s) { return s.calibrations(); }).get();
  auto checks = store_.ask<Result<std::vector<store::BandCheck>>>([](store::Store& s) { return s.band_checks(); }).get();
  if (!rows || !checks) {
    log_.error("store: {}", rows ? checks.error().text() : rows.error().text());
    return add_banner(session::for_staff(Message("The calibrations cannot be read: forces are as the sensors give them")));
  }
  book_ = CalibrationBook(std::move(*rows));
  band_checks_ = std::move(*checks);
}

void Engine::renew_reminders() {
  const int64_t now_utc_us = wall_clock_.utc_us(), day = now_utc_us / 86'400'000'000;
  if (day == std::exchange(reminders_day_, day)) return;
  dirty_ = true;
  const config::Kiosk& site = assembly_.config.kiosk;
  reminders_.clear();
  std::vector<std::string> sockets;
  for (const DriverInstance& use : assembly_.driver_instances) sockets.push_back(use.binding.port);
  const Message due = book_.reminder(now_utc_us, site.calibration_remind_days, sockets);
  if (!due.empty()) reminders_.push_back(session::for_staff(due));
  for (const Message& line : band_notices(band_checks_, site.band_change_percent)) reminders_.push_back(session::for_staff(line));
}

void Engine::start(const ResumePolicy& policy) {
  read_calibrations();
  read_notices();
  take_up_left_open(policy);
  make_area();
  start_notify_program();
  const RouteSinks ends{flow_, *area_, book_, clock_, log_, dirty_, samples_dirty_};
  for (const DriverInstance& use : assembly_.driver_instances) {
    routes_.push_back(std::make_unique<StationDriverSink>(ends, routes_.size(), use, assembly_.drivers[use.plugin]));
    drivers_.push_back(links_.driver(assembly_.drivers[use.plugin], use.binding, *routes_.back()));
    runner_.watch(drivers_.back()->wait_fd());
  }
  execute_effects();
  publish();
  runner_.run(*this);
}

// ---- posted from other threads

void Engine::post(const session::Tap& tap) {
  {
    std::lock_guard lock(mutex_);
    taps_.push_back(tap);
  }
  posted();
}

void Engine::posted() {
  posted_ = true;
  runner_.wake();
}

void Engine::stored(const StoreAck& ack) {
  {
    std::lock_guard lock(mutex_);
    acks_.push_back(ack);
  }
  posted();
}

void Engine::store_trouble(const Messages& text) {
  {
    std::lock_guard lock(mutex_);
    troubles_.push_back(text);
  }
  posted();
}

void Engine::store_notice(const Messages& text) {
  {
    std::lock_guard lock(mutex_);
    notices_.push_back(text);
  }
  posted();
}

void Engine::answer_later(std::function<void()> answer, bool when_home) {
  {
    std::lock_guard lock(mutex_);
    (when_home ? answers_ : answers_now_).push_back(std::move(answer));
  }
  posted();
}

/// The staff area is reached from home alone, and has every tap while it is open. Its sign-in also stands between a client's
/// answers and an exercise that needs staff to start.
void Engine::tap(const session::Tap& tap) {
  const bool at_gate = flow_.session() && flow_.session()->screen() == session::Screen::start_gate;
  if (staff_paths_ && at_gate && session::tap_if<session::taps::StaffStart>(tap)) area_->sign_in_to_let_start(clock_.now_us());
  if (area_->open() && flow_.session()) flow_.touched(clock_.now_us());
  const bool enters = staff_paths_ && session::tap_if<session::StaffOpen>(tap) && flow_.at_home() && !flow_.any_session();
  if (area_->open() || enters)
    area_->tap(tap, clock_.now_us());
  else
    flow_.tap(tap, clock_.now_us());
}

session::LaneId Engine::open_lane(std::size_t station, const session::ClientEntry& client) {
  dirty_ = true;
  return flow_.open_lane(station, client, clock_.now_us());
}

void Engine::tap(session::LaneId lane, const session::Tap& tap) {
  flow_.tap(lane, tap, clock_.now_us());
  dirty_ = true;
}

/// While a client is at a station they wait: a calibration or a driver that changes would change what is measured.
void Engine::take_answers() {
  std::vector<std::function<void()>> at_once;
  {
    std::lock_guard lock(mutex_);
    at_once.swap(answers_now_);
    kept_answers_.insert(kept_answers_.end(), std::make_move_iterator(answers_.begin()), std::make_move_iterator(answers_.end()));
    answers_.clear();
  }
  for (const auto& answer : at_once) answer();
  dirty_ |= !at_once.empty();
  if (flow_.any_session()) return;
  for (const auto& answer : std::exchange(kept_answers_, {})) {
    answer();
    dirty_ = true;
  }
}

void Engine::take_posted() {
  if (!posted_.exchange(false) && (kept_answers_.empty() || flow_.any_session())) return;
  std::vector<session::Tap> taps;
  std::vector<StoreAck> acks;
  std::vector<Messages> troubles, notices;
  std::vector<std::pair<std::string, std::string>> acknowledged;
  {
    std::lock_guard lock(mutex_);
    taps.swap(taps_);
    acks.swap(acks_);
    troubles.swap(troubles_);
    notices.swap(notices_);
    acknowledged.swap(acknowledged_);
  }
  for (const auto& posted : taps) tap(posted);
  take_answers();
  for (const auto& ack : acks) tell_stored(ack);
  for (const auto& [id, by] : acknowledged) acknowledge_now(id, by);
  for (const auto& text : troubles) store_trouble_ = text;
  store_works_ = store_trouble_.empty();
  for (const auto& text : notices) add_banner(session::for_staff(text));
  dirty_ |= !taps.empty() || !acks.empty() || !troubles.empty() || !notices.empty();
}

void Engine::tell_stored(const StoreAck& ack) {
  Lane* lane = lane_of_session(ack.session_id);
  if (!lane) return;
  if (ack.ended || ack.refused) flow_.end_stored(lane->id);
  if (ack.refused) {
    lane->end_settled = true;
    return;
  }
  if (session::Session* session = flow_.session(lane->id)) {
    if (ack.event_number) session->stored(ack.event_number);
    if (ack.ended) session->end_stored();
  }
  while (!lane->unstored.empty() && lane->unstored.begin()->first <= ack.event_number) {
    watcher_.stored(lane->head.id, lane->unstored.begin()->second);
    lane->unstored.erase(lane->unstored.begin());
  }
  if (!ack.ended) return;
  lane->end_settled = true;
  session::LogEvent end;
  end.kind = "ended";
  watcher_.stored(lane->head.id, end);
}

// ---- the loop

void Engine::turn(std::span<const int> ready) {
  take_posted();
  service_links(ready);
  dirty_ |= flow_.advance(clock_.now_us());
  if (!flow_.any_session()) close_too_old();
  if (const bool was_open = area_->open(); was_open) {
    area_->advance(clock_.now_us());
    dirty_ |= !area_->open();  // it closes by itself
  }
  poll_views();
  execute_requests();
  // What was measured is in the store's queue first. Then it is shown, and then handed to the module, whose view comes in a later
  // round: to wake its child takes longer than all the rest of a turn.
  execute_effects();
  if (worth_publishing()) publish();
  feed_modules();
  forget_closed_lanes();
}

void Engine::end_links() {
  for (auto& [id, lane] : lanes_)
    if (lane->module) lane->module->begin_stop();
  for (auto& driver : drivers_) driver->begin_stop();
  for (auto& [id, lane] : lanes_) lane->module.reset();
  drivers_.clear();
}

/// Those that have something to say or whose time has come: a look at a quiet one costs ten microseconds.
void Engine::service_links(std::span<const int> ready) {
  const int64_t now_us = clock_.now_us();
  const auto is_due = [&](const auto& link) {
    return link.deadline_us() <= now_us || std::find(ready.begin(), ready.end(), link.wait_fd()) != ready.end();
  };
  for (auto& driver : drivers_)
    if (is_due(*driver)) driver->service();
  for (auto& [id, lane] : lanes_)
    if (lane->module && is_due(*lane->module)) lane->module->service();
}

int64_t Engine::deadline_us() {
  int64_t next_us = std::min({flow_.deadline_us(), area_->deadline_us(), publish_again_us(), wall_clock_.next_minute_us()});
  for (const auto& driver : drivers_) next_us = std::min(next_us, driver->deadline_us());
  for (const auto& [id, lane] : lanes_)
    if (lane->module) next_us = std::min(next_us, lane->module->deadline_us());
  return next_us;
}

void Engine::poll_views() {
  for (auto& [id, lane] : lanes_) {
    if (!lane->module || lane->module->view().size == 0 || lane->module->view_seq() <= lane->seen_view_seq) continue;
    lane->seen_view_seq = lane->module->view_seq();
    if (lane->seen_view_seq <= lane->replayed_cues_to) continue;  // a view of the past, on the way through a replay
    if (session::Session* session = flow_.session(id)) session->module_view(lane->module->view(), clock_.now_us());
    views_dirty_ = true;
  }
}

/// When worth_publishing() is to be asked: sooner would be a loop without a rest.
int64_t Engine::publish_again_us() const {
  if (area_->shows_numbers())
    return published_us_ + (dirty_ ? kPublishEveryUs : samples_dirty_ ? kStaffEveryUs : kStaffAtLeastUs);
  if (flow_.any_session() && views_dirty_) return std::min(published_us_, view_published_us_) + kPublishEveryUs;
  if (dirty_ || (samples_dirty_ && flow_.any_session())) return published_us_ + kPublishEveryUs;
  return samples_dirty_ ? published_us_ + kHomeEveryUs : std::numeric_limits<int64_t>::max();
}

bool Engine::worth_publishing() {
  const int64_t since_us = clock_.now_us() - published_us_;
  if (flow_.any_session()) {
    if (views_dirty_ && clock_.now_us() - view_published_us_ >= kPublishEveryUs) return true;
    return (dirty_ || samples_dirty_) && since_us >= kPublishEveryUs;
  }
  if (dirty_ || wall_clock_.text() != shown_clock_) return true;
  if (area_->shows_numbers()) return since_us >= (samples_dirty_ ? kStaffEveryUs : kStaffAtLeastUs);
  return samples_dirty_ && since_us >= kHomeEveryUs && home_changed();
}

/// Home: samples alone change nothing that is drawn, except that a device came alive or went away.
bool Engine::home_changed() {
  samples_dirty_ = false;
  const int64_t now_us = clock_.now_us();
  if (flow_.at_home() && !flow_.tiles_shown(now_us).same(shown_tiles_)) return true;
  published_us_ = now_us;
  return false;
}

session::KioskInfo Engine::kiosk_info() const {
  session::KioskInfo info;
  info.site_name = assembly_.config.kiosk.site_name;
  // A screen has room for a few: what keeps things from being saved first, what can wait last.
  if (!store_trouble_.empty()) info.banners.push_back(session::for_staff(store_trouble_));
  for (const auto* list : {&banners_, &reminders_}) info.banners.insert(info.banners.end(), list->begin(), list->end());
  for (const auto& route : routes_)
    if (!route->open_port().empty())
      info.devices_in_use.push_back({assembly_.drivers[route->use().plugin].folder, route->open_port()});
  return info;
}

void Engine::publish() {
  auto snapshot = std::make_shared<session::Snapshot>();
  snapshot->version = ++version_;
  snapshot->made_us = clock_.now_us();
  snapshot->wall_clock = shown_clock_ = wall_clock_.text();
  renew_reminders();
  if (dirty_) kiosk_info_ = kiosk_info();
  snapshot->kiosk = kiosk_info_;
  snapshot->notices = open_notices_;
  flow_.fill(*snapshot, snapshot->made_us);
  shown_tiles_ = snapshot->stations;
  // While staff type their PIN at the start gate the question would cover the keys; every touch of theirs is a sign of presence.
  if (area_->open()) snapshot->asked_until_us = 0;
  area_->fill(*snapshot, snapshot->made_us);
  slot_.put(std::move(snapshot));
  published_us_ = clock_.now_us();
  if (views_dirty_) view_published_us_ = published_us_;
  dirty_ = samples_dirty_ = views_dirty_ = false;
  watcher_.published();
}

// ---- effects

Engine::Lane& Engine::lane_of(session::LaneId id) {
  std::unique_ptr<Lane>& lane = lanes_[id];
  if (!lane) lane = std::make_unique<Lane>();
  lane->id = id;
  return *lane;
}

Engine::Lane* Engine::lane_of_session(const std::string& session_id) {
  for (auto& [id, lane] : lanes_)
    if (lane->head.id == session_id) return lane.get();
  return nullptr;
}

/// Of a session that has ended what the store says last is still waited for; one that never began says nothing.
void Engine::forget_closed_lanes() {
  std::erase_if(lanes_, [&](const auto& each) {
    const Lane& lane = *each.second;
    return !flow_.session(lane.id) && (lane.end_settled || lane.head.id.empty());
  });
}

// They come lane by lane, so that each lane's records and events go to the log in one piece.
/// What is done may make more to do (a module that does not start is logged, and staff are told): all of it, before anything is shown.
void Engine::execute_effects() {
  for (auto effects = flow_.take_lane_effects(); !effects.empty(); effects = flow_.take_lane_effects()) execute_all(effects);
}

void Engine::execute_all(std::vector<session::LaneEffect>& effects) {
  Batch batch;
  Lane* lane = nullptr;
  for (session::LaneEffect& each : effects) {
    if (lane && lane->id != each.lane) flush(*lane, batch);
    lane = &lane_of(each.lane);
    lane->station = each.station;
    std::visit(
        [&]<class T>(T& one) {
          if constexpr (std::is_same_v<T, Record>) {
            batch.records.push_back(one);
          } else if constexpr (std::is_same_v<T, session::LogEvent>) {
            batch.events.push_back(std::move(one));
          } else {
            flush(*lane, batch);
            feed(*lane);
            dirty_ = true;
            execute(*lane, one);
          }
        },
        each.effect);
  }
  if (lane) flush(*lane, batch);
}

void Engine::execute(Lane& lane, const session::StartModule&) { start_module(lane); }
void Engine::execute(Lane& lane, const session::StopModule&) { lane.module.reset(); }
void Engine::execute(Lane&, const session::Cue& cue) { watcher_.cue(cue.text); }
void Engine::execute(Lane& lane, const notices::Raised& raised) {
  raise(raised, &lane.head);
}  // also of one that has ended with this very tap
void Engine::execute(Lane&, const session::ResumeSession& left_open) { resume(left_open.id); }
void Engine::execute(Lane&, const session::CloseInterrupted& left_open) { close_interrupted(left_open.id); }

// The log first, then the module: what a module has seen can always be shown to it again.
void Engine::flush(Lane& lane, Batch& batch) {
  if (batch.records.empty() && batch.events.empty()) return;
  for (const auto& event : batch.events) lane.unstored.emplace(event.number, event);
  const bool urgent = !batch.events.empty();
  if (lane.module) lane.unfed.insert(lane.unfed.end(), batch.records.begin(), batch.records.end());
  store_.append(lane.head.id, batch.records, std::move(batch.events), urgent);
  batch.records.clear();
  batch.events.clear();
}

void Engine::feed(Lane& lane) {
  if (lane.unfed.empty()) return;
  if (lane.module) lane.module->feed(lane.unfed);
  lane.unfed.clear();
}

void Engine::feed_modules() {
  for (auto& [id, lane] : lanes_) feed(*lane);
}

store::SessionHead Engine::head_for(std::size_t station) const {
  const config::Station& config = assembly_.config.stations[station];
  const plugin_link::PluginInfo& module = assembly_.modules[assembly_.station_module[station]];
  const WallTime wall = clock_.wall();
  store::SessionHead head;
  head.id = make_uuid7(wall.utc_us);
  head.station_id = config.id;
  head.station_title = config.title;
  head.started_utc_us = wall.utc_us;
  head.zone_offset_min = wall.zone_offset_min;
  head.started_mono_us = clock_.now_us();
  head.boot_id = boot_id();
  head.module_id = module.id;
  head.module_version = module.version;
  head.plugin = module.folder;
  head.params_json = params::to_log_json(config.exercise.params);
  head.station_json = config.json;
  head.seed = random_seed();
  const auto& channels = assembly_.kiosk_setup.stations[station].channels;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    store::StoredChannel stored{static_cast<int>(c), channels[c].key, channels[c].unit, "", ""};
    if (channels[c].bound) head.present |= 1u << c;
    for (const auto& route : routes_)
      for (const auto& r : route->use().routes)
        if (r.station == station && r.module_channel == c) {
          stored.driver = assembly_.drivers[route->use().plugin].id;
          stored.serial = route->serial();
        }
    head.channels.push_back(std::move(stored));
  }
  return head;
}

void Engine::execute(Lane& lane, const session::BeginSession& begin) {
  lane.head = head_for(lane.station);
  lane.head.client_ref = begin.client_ref;
  if (!begin.dose.empty()) set_dose(lane.head, lane.station, begin.dose);
  log_.info("session {} begins at {}", lane.head.id, lane.head.station_id);
  for (std::size_t i = 0; i < drivers_.size(); ++i)
    for (const auto& route : routes_[i]->use().routes)
      if (route.station == lane.station && drivers_[i]->state() == plugin_link::LinkState::quarantined)
        drivers_[i]->retry();  // a new client is a new chance: it may have been replugged meanwhile
  store_.begin(lane.head);
}

void Engine::execute(Lane& lane, const session::SessionEnd& end) {
  log_.info("session {} ends: {}", lane.head.id, end.outcome);
  store_.end(lane.head.id, end);
}

void Engine::start_module(Lane& lane) {
  plugin_link::ModuleLink::Start start;
  auto values = params::from_log_json(lane.head.params_json);
  if (!values)
    log_.error("session {}: {}", lane.head.id, values.error().text());
  else
    start.params = std::move(*values);
  start.seed = lane.head.seed;
  start.present = lane.head.present;
  const auto module = std::find_if(assembly_.modules.begin(), assembly_.modules.end(),
                                   [&](const auto& m) { return m.folder == lane.head.plugin; });
  if (module == assembly_.modules.end() || !values) {
    if (session::Session* session = flow_.session(lane.id))
      session->module_state(false, true,
                            values ? Messages(Message("The exercise module {0} is not installed", Name{lane.head.plugin}))
                                   : values.error().messages(),
                            clock_.now_us());
    return;
  }
  lane.module_route = std::make_unique<LaneModuleSink>(*this, lane);
  lane.module = links_.module(*module, std::move(start), *lane.module_route);
  runner_.watch(lane.module->wait_fd());
  lane.seen_view_seq = 0;
  lane.module->feed(std::exchange(lane.resumed_records, {}));
}

}  // namespace patella::runtime
