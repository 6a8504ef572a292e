#include "session/kiosk_flow.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace patella::session {

KioskFlow::KioskFlow(KioskSetup plan, int64_t now_us)
    : setup_(std::move(plan)), presence_(now_us), sign_in_(setup_.sign_in), clients_(setup_.clients) {
  for (const StationSetup& station : setup_.stations) {
    seen_.emplace_back();
    for (const ChannelSetup& channel : station.channels) seen_.back().push_back({{}, Movement(channel.unit), -1});
  }
}

// ---- sessions that were left open

void KioskFlow::offer_resume(std::vector<LeftOpen> sessions) {
  left_open_ = std::move(sessions);
  if (left_open_.empty()) return;
  offered_ = 0;
  screen_ = Screen::resume_offer;
}

void KioskFlow::withdraw(const std::string& id, int64_t now_us) {
  const auto at = std::find_if(left_open_.begin(), left_open_.end(), [&](const LeftOpen& open) { return open.id == id; });
  if (at == left_open_.end()) return;
  const auto index = static_cast<std::size_t>(at - left_open_.begin());
  const bool shown = shown_ == kNoLane && screen_ == Screen::resume_offer && index == offered_;
  left_open_.erase(at);
  if (shown) {
    presence_.sign(now_us);
    go_home();
  } else if (index < offered_) {
    --offered_;
  }
}

LeftOpen KioskFlow::take_offered() {
  LeftOpen offered = std::move(left_open_.at(offered_));
  left_open_.erase(left_open_.begin() + static_cast<std::ptrdiff_t>(offered_));
  return offered;
}

/// Its client was not there: a named one is offered it at the next sign-in, a guest cannot be told from another guest.
void KioskFlow::not_taken_up() {
  if (left_open_.at(offered_).client.ref == kGuest) effects_.emplace_back(CloseInterrupted{take_offered().id});
  go_home();
}

void KioskFlow::on(const taps::GoOn&, int64_t) {
  if (screen_ != Screen::resume_offer) return;
  effects_.emplace_back(ResumeSession{take_offered().id});
  resumes_in_visit_ = visit_.has_value();
  go_home();
}

void KioskFlow::on(const taps::CloseInterrupted&, int64_t now_us) {
  if (screen_ != Screen::resume_offer) return;
  const bool signed_in = !client_.ref.empty();
  const LeftOpen offered = take_offered();
  effects_.emplace_back(CloseInterrupted{offered.id});
  if (visit_) return open_lane_of_visit(now_us);
  if (signed_in) return open(offered.client, now_us);
  go_home();
}

void KioskFlow::on(const taps::BackHome&, int64_t) {
  if (screen_ == Screen::resume_offer) return not_taken_up();
  go_home();  // which a visit is not left by
}

// ---- home, and who is it

void KioskFlow::on(const taps::OpenStation& chosen, int64_t) {
  if (screen_ != Screen::home) return;
  const auto at = std::find_if(setup_.stations.begin(), setup_.stations.end(), [&](const StationSetup& one) {
    return one.id == chosen.id && (chosen.exercise.empty() || one.exercise == chosen.exercise) && one.why_not.empty();
  });
  const auto index = static_cast<std::size_t>(at - setup_.stations.begin());
  if (at == setup_.stations.end() || lane_at(index)) return;
  station_ = index;
  screen_ = Screen::who;
  client_ = {};
}

void KioskFlow::on(const taps::ChooseGuest&, int64_t now_us) {
  if (screen_ == Screen::who) open({kGuest, ""}, now_us);
}

void KioskFlow::on(const taps::ChooseClient& chosen, int64_t now_us) {
  if (screen_ == Screen::sign_in) return choose_to_sign_in(chosen.ref);
  if (screen_ != Screen::who) return;
  const auto entry =
      std::find_if(setup_.clients.begin(), setup_.clients.end(), [&](const ClientEntry& c) { return c.ref == chosen.ref; });
  if (entry == setup_.clients.end()) return;
  const auto own = std::find_if(left_open_.begin(), left_open_.end(),
                                [&](const LeftOpen& o) { return o.client.ref == entry->ref && o.station == station_; });
  if (own == left_open_.end()) return open(*entry, now_us);
  offered_ = static_cast<std::size_t>(own - left_open_.begin());
  client_ = *entry;
  screen_ = Screen::resume_offer;
}

SessionSetup KioskFlow::setup_for(std::size_t station, const ClientEntry& client) const {
  SessionSetup plan{setup_.stations.at(station), client, setup_.questions, setup_.pain_places};
  for (const auto& [id, on_yes] : plan.station.on_yes)
    for (Question& question : plan.questions)
      if (question.id == id) question.on_yes = on_yes;
  return plan;
}

// ---- lanes

const KioskFlow::Lane* KioskFlow::find(LaneId id) const {
  for (const auto& lane : lanes_)
    if (lane->id == id) return lane.get();
  return nullptr;
}

/// One client at a time is at a place, whatever they do there.
const KioskFlow::Lane* KioskFlow::lane_at(std::size_t station) const {
  for (const auto& lane : lanes_)
    if (setup_.stations[lane->station].id == setup_.stations[station].id) return lane.get();
  return nullptr;
}

KioskFlow::Lane* KioskFlow::lane_of(std::size_t station) {
  for (const auto& lane : lanes_)
    if (lane->station == station) return lane.get();
  return nullptr;
}

Session* KioskFlow::session(LaneId id) {
  Lane* lane = find(id);
  return lane ? lane->session.get() : nullptr;
}

std::vector<LaneId> KioskFlow::lanes() const {
  std::vector<LaneId> ids;
  for (const auto& lane : lanes_) ids.push_back(lane->id);
  return ids;
}

KioskFlow::Lane& KioskFlow::add_lane(std::unique_ptr<Session> session, std::size_t station, int64_t now_us) {
  Lane& lane = *lanes_.emplace_back(std::make_unique<Lane>(Lane{++last_lane_, station, std::move(session), Presence(now_us)}));
  for (std::size_t c = 0; c < seen_[station].size(); ++c) {
    lane.session->source(static_cast<uint16_t>(c), seen_[station][c].source, now_us);
    lane.session->device(static_cast<uint16_t>(c), seen_[station][c].report, now_us);
  }
  return lane;
}

LaneId KioskFlow::adopt(std::unique_ptr<Session> session, std::size_t station, int64_t now_us) {
  Lane& lane = add_lane(std::move(session), station, now_us);
  lane.of_visit = std::exchange(resumes_in_visit_, false) && visit_;
  shown_ = lane.id;
  return shown_;
}

LaneId KioskFlow::open_lane(std::size_t station, const ClientEntry& client, int64_t now_us) {
  if (station >= setup_.stations.size() || !setup_.stations[station].why_not.empty() || lane_at(station)) return kNoLane;
  return add_lane(std::make_unique<Session>(setup_for(station, client), now_us), station, now_us).id;
}

void KioskFlow::open(const ClientEntry& client, int64_t now_us) {
  client_ = client;
  adopt(std::make_unique<Session>(setup_for(station_, client), now_us), station_, now_us);
}

/// Or to the visit at the screen, which alone ends itself.
void KioskFlow::go_home() {
  screen_ = visit_ ? visit_->screen() : Screen::home;
  client_ = {};
  sign_in_.close();
}

// ---- touches and signs of a person

void KioskFlow::sign_of_presence(Lane& lane, int64_t now_us) {
  const bool was_asked = lane.presence.state() == Presence::State::asked;
  if (lane.presence.state() == Presence::State::gone) return;  // it is being closed
  lane.presence.sign(now_us);
  if (was_asked) lane.session->still_there(now_us);
}

void KioskFlow::touched(int64_t now_us) {
  last_now_us_ = now_us;
  if (Lane* lane = find(shown_)) return sign_of_presence(*lane, now_us);
  presence_.sign(now_us);
  if (visit_) visit_->touched(now_us);
}

void KioskFlow::tap(const Tap& tap, int64_t now_us) {
  last_now_us_ = now_us;
  if (shown_ != kNoLane) return this->tap(shown_, tap, now_us);
  tap_front(tap, now_us);
}

void KioskFlow::tap(LaneId id, const Tap& tap, int64_t now_us) {
  Lane* lane = find(id);
  if (!lane) return;
  if (tap_if<taps::LeaveNow>(tap) && lane->presence.state() == Presence::State::asked) {
    lane->presence.leave();
    return lane->session->leave(now_us);
  }
  // Pain stop counts also while the session is being closed: whoever presses it is asked how strong it is and where.
  if (tap_if<taps::PainStop>(tap) && lane->session->exercise_running()) lane->presence.sign(now_us);
  sign_of_presence(*lane, now_us);
  if (const auto* own = std::get_if<taps::InSession>(&tap)) lane->session->tap(*own, now_us);
}

void KioskFlow::tap_front(const Tap& tap, int64_t now_us) {
  if (tap_if<taps::LeaveNow>(tap) && presence_.state() == Presence::State::asked) return leave_front();
  presence_.sign(now_us);
  if (visit_) visit_->touched(now_us);
  if (const auto* own = std::get_if<taps::Front>(&tap)) std::visit([&](const auto& one) { on(one, now_us); }, *own);
  if (const auto* own = std::get_if<taps::Visit>(&tap)) tap_visit(*own, now_us);
  const auto* in_session = std::get_if<taps::InSession>(&tap);
  if (!in_session || !visit_ || screen_ == Screen::resume_offer) return;
  visit_->tap(*in_session, now_us);
  after_visit_step(now_us);
}

// ---- what the sensors say

void KioskFlow::device(std::size_t station, uint16_t channel, const DeviceReport& report, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].report = report;
  tiles_.made = false;
  if (report.liveness != Liveness::live) seen_[station][channel].newest_us = -1;  // its old values say nothing of it any more
  if (Lane* lane = lane_of(station)) lane->session->device(channel, report, now_us);
}

void KioskFlow::source(std::size_t station, uint16_t channel, const ChannelSource& source, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].source = source;
  if (Lane* lane = lane_of(station)) lane->session->source(channel, source, now_us);
}

void KioskFlow::sample(std::size_t station, uint16_t channel, int64_t t_us, double value, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].newest_us = t_us;
  const bool moves = seen_[station][channel].movement.sample(t_us, value);
  Lane* lane = lane_of(station);
  if (!lane) return;
  if (moves) sign_of_presence(*lane, now_us);
  lane->session->sample(channel, t_us, value, now_us);
}

void KioskFlow::samples_lost(std::size_t station, uint16_t channel, uint64_t count, int64_t now_us) {
  if (Lane* lane = lane_of(station)) lane->session->samples_lost(channel, count, now_us);
}

// ---- time

bool KioskFlow::advance(Lane& lane, int64_t now_us) {
  Session& session = *lane.session;
  session.advance(now_us);
  if (session.finished()) return false;
  // The end of an exercise, of a rest, of a hold: what comes after it is waited for in full.
  const Screen screen = session.screen();
  const bool next_screen = std::exchange(lane.presence_screen, screen) != screen;
  if (next_screen || session.runs_by_itself(now_us)) sign_of_presence(lane, now_us);
  lane.presence.be_patient(session.exercise_running()     ? setup_.stations[lane.station].rules.patience
                           : screen == Screen::start_gate ? setup_.gate_patience
                                                          : setup_.patience);
  const Presence::State before = lane.presence.state();
  if (lane.presence.advance(now_us) == before) return false;
  if (lane.presence.state() != Presence::State::gone) {
    session.ask_whether_there(now_us);
    return true;
  }
  lane.presence.leave();
  session.leave(now_us);
  return true;
}

bool KioskFlow::advance_front(int64_t now_us) {
  if (!front_waits()) return false;
  presence_.be_patient(setup_.patience);
  const Presence::State before = presence_.state();
  if (presence_.advance(now_us) == before) return false;
  if (presence_.state() == Presence::State::gone) leave_front();
  return true;
}

bool KioskFlow::advance(int64_t now_us) {
  last_now_us_ = now_us;
  bool changed = advance_front(now_us);
  changed |= sign_in_.advance(now_us);
  if (visit_ && shown_ == kNoLane && visit_->advance(now_us)) {
    changed = true;
    after_visit_step(now_us);
  }
  for (const auto& lane : lanes_) changed |= advance(*lane, now_us);
  return changed;
}

void KioskFlow::leave_front() {
  presence_.leave();
  if (visit_) return end_visit();
  if (screen_ == Screen::resume_offer) return not_taken_up();
  go_home();
}

int64_t KioskFlow::deadline_us() const {
  int64_t next_us = front_waits() ? presence_.deadline_us() : std::numeric_limits<int64_t>::max();
  next_us = std::min(next_us, sign_in_.deadline_us());
  if (visit_ && shown_ == kNoLane) next_us = std::min(next_us, visit_->deadline_us());
  for (const auto& lane : lanes_) next_us = std::min({next_us, lane->session->deadline_us(), lane->presence.deadline_us()});
  return next_us;
}

std::vector<LaneEffect> KioskFlow::take_lane_effects() {
  std::vector<LaneEffect> effects;
  for (Effect& effect : sign_in_.take_effects()) effects_.emplace_back(std::move(effect));
  if (visit_)
    for (Effect& effect : visit_->take_effects()) effects_.emplace_back(std::move(effect));
  for (Effect& effect : std::exchange(effects_, {})) effects.emplace_back(kNoLane, std::size_t{0}, std::move(effect));
  for (const auto& lane : lanes_)
    for (Effect& effect : lane->session->take_effects()) effects.emplace_back(lane->id, lane->station, std::move(effect));
  sessions_over(last_now_us_);
  return effects;
}

std::vector<Effect> KioskFlow::take_effects() {
  std::vector<Effect> effects;
  for (LaneEffect& one : take_lane_effects()) effects.emplace_back(std::move(one.effect));
  return effects;
}

// ---- what is shown

Liveness KioskFlow::liveness(std::size_t station, std::size_t channel, int64_t now_us) const {
  const ChannelSetup& setup = setup_.stations[station].channels[channel];
  const Seen& seen = seen_[station][channel];
  if (!setup.bound) return Liveness::unused;
  return liveness_of(seen.report.liveness, seen.newest_us, setup.ages, now_us);
}

void KioskFlow::fill(Snapshot& snapshot, int64_t now_us) const {
  if (visit_) snapshot.visit_label = label_of(visit_->client());
  if (shown_ != kNoLane) return fill(shown_, snapshot, now_us);
  fill_front(snapshot, now_us);
}

void KioskFlow::fill(LaneId id, Snapshot& snapshot, int64_t now_us) const {
  const Lane* lane = find(id);
  if (lane->presence.state() != Presence::State::present) snapshot.asked_until_us = lane->presence.gone_at_us();
  lane->session->fill(snapshot, now_us);
}

void KioskFlow::fill_front(Snapshot& snapshot, int64_t now_us) const {
  if (front_waits() && presence_.state() != Presence::State::present) snapshot.asked_until_us = presence_.gone_at_us();
  snapshot.screen = screen_;
  if (screen_ == Screen::resume_offer) {
    const LeftOpen& offered = left_open_.at(offered_);
    const StationSetup& station = setup_.stations[offered.station];
    snapshot.station = StationTile{station.id, station.title, {}, station.icon, {}, true, {}};
    snapshot.session.edit().client_label = label_of(offered.client);
    snapshot.resume_text = offered.text;
    return;
  }
  if (visit_) return visit_->fill(snapshot, in_use());
  if (screen_ == Screen::sign_in) {
    snapshot.sign_in = sign_in_.view(now_us);
    if (sign_in_.names_allowed()) snapshot.clients = clients_;
    return;
  }
  if (screen_ == Screen::who) {
    const StationSetup& station = setup_.stations[station_];
    snapshot.clients = clients_;
    snapshot.station = StationTile{station.id, station.title, {}, station.icon, {}, true, {}};
    return;
  }
  snapshot.stations = tiles_shown(now_us);
  HomeControls controls;
  controls.can_sign_in = setup_.sign_in.codes || setup_.sign_in.names;
  controls.can_be_guest = true;
  snapshot.home = std::move(controls);
}

KioskFlow::ShownChannel KioskFlow::channel_shown(std::size_t station, std::size_t channel, int64_t now_us) const {
  const Liveness stands = liveness(station, channel, now_us);
  return {stands, stands == Liveness::live && seen_[station][channel].movement.moves(now_us)};
}

const Shared<std::vector<StationTile>>& KioskFlow::tiles_shown(int64_t now_us) const {
  std::vector<ShownChannel> channels;
  for (std::size_t i = 0; i < setup_.stations.size(); ++i)
    for (std::size_t c = 0; c < setup_.stations[i].channels.size(); ++c) channels.push_back(channel_shown(i, c, now_us));
  InUse here = in_use();
  if (tiles_.made && channels == tiles_.channels && here == tiles_.in_use) return tiles_.tiles;
  std::vector<StationTile> tiles;
  auto shown = channels.begin();
  for (std::size_t i = 0; i < setup_.stations.size(); ++i) {
    const StationSetup& station = setup_.stations[i];
    if (i == 0 || setup_.stations[i - 1].id != station.id)
      tiles.push_back({station.id, station.title, station.subtitle, station.icon, {}, false, station.why_not, station.fault});
    StationTile& tile = tiles.back();
    tile.can_open |= station.why_not.empty();
    tile.in_use |= here.at(i);
    if (!tile.figure) tile.figure = station.figure;
    ++tile.exercises;
    for (std::size_t c = 0; c < station.channels.size(); ++c, ++shown) {
      if (!station.channels[c].bound) continue;
      tile.moves |= shown->moves;
      add_device(tile.devices, {station.channels[c].key, station.channels[c].device_label, shown->stands, seen_[i][c].report.text,
                                station.channels[c].required, sensor_name(station.channels[c])});
    }
  }
  tiles_ = {true, std::move(tiles), std::move(channels), std::move(here)};
  return tiles_.tiles;
}

}  // namespace patella::session
