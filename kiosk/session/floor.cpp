#include "session/floor.hpp"

#include <algorithm>
#include <limits>

namespace patella::session {

namespace {
constexpr int64_t kPausedTimes = 5;  ///< a pause may last this many times the idle limit
}

Floor::Floor(FloorPlan plan, int64_t now_us) : plan_(std::move(plan)), last_touch_us_(now_us) {
  for (const StationSetup& station : plan_.stations) {
    seen_.emplace_back();
    for (const ChannelSetup& channel : station.channels) seen_.back().push_back({{}, Movement(channel.unit), -1});
  }
}

void Floor::offer_resume(const std::string& text) {
  resume_text_ = text;
  screen_ = Screen::resume_offer;
}

SessionPlan Floor::plan_for(std::size_t station, const ClientEntry& client) const {
  return {plan_.stations.at(station), client, plan_.questions, plan_.pain_places};
}

void Floor::adopt(std::unique_ptr<Session> session, std::size_t station, int64_t now_us) {
  session_ = std::move(session);
  station_ = station;
  for (std::size_t c = 0; c < seen_[station].size(); ++c) {
    session_->source(static_cast<uint16_t>(c), seen_[station][c].source, now_us);
    session_->device(static_cast<uint16_t>(c), seen_[station][c].report, now_us);
  }
}

void Floor::open(const ClientEntry& client, int64_t now_us) {
  client_ = client;
  last_touch_us_ = now_us;
  adopt(std::make_unique<Session>(plan_for(station_, client), now_us), station_, now_us);
}

void Floor::go_home() {
  session_.reset();
  screen_ = Screen::home;
  client_ = {};
}

void Floor::tap(const Tap& tap, int64_t now_us) {
  last_touch_us_ = now_us;
  if (session_) {
    session_->tap(tap, now_us);
    return;
  }
  if (screen_ == Screen::resume_offer) {
    if (tap.kind != TapKind::resume_session && tap.kind != TapKind::close_interrupted) return;
    Effect effect;
    effect.kind =
        tap.kind == TapKind::resume_session ? Effect::Kind::resume : Effect::Kind::close_interrupted;
    effects_.push_back(effect);
    screen_ = Screen::home;
    return;
  }
  if (screen_ == Screen::home && tap.kind == TapKind::open_station) {
    for (std::size_t i = 0; i < plan_.stations.size(); ++i)
      if (plan_.stations[i].id == tap.text && plan_.stations[i].why_not.empty()) {
        station_ = i;
        screen_ = Screen::who;
        client_ = {};
      }
    return;
  }
  if (screen_ != Screen::who) return;
  if (tap.kind == TapKind::back) go_home();
  if (tap.kind == TapKind::choose_guest) open({"guest", "Guest"}, now_us);
  if (tap.kind == TapKind::choose_client)
    for (const ClientEntry& entry : plan_.clients)
      if (entry.ref == tap.text) return open(entry, now_us);
}

void Floor::device(std::size_t station, uint16_t channel, const DeviceReport& report, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].report = report;
  if (session_ && station == station_) session_->device(channel, report, now_us);
}

void Floor::source(std::size_t station, uint16_t channel, const ChannelSource& source, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].source = source;
  if (session_ && station == station_) session_->source(channel, source, now_us);
}

void Floor::sample(std::size_t station, uint16_t channel, int64_t t_us, double value, int64_t now_us) {
  if (station >= seen_.size() || channel >= seen_[station].size()) return;
  seen_[station][channel].newest_us = t_us;
  if (!session_) seen_[station][channel].movement.sample(t_us, value);
  if (session_ && station == station_) session_->sample(channel, t_us, value, now_us);
}

void Floor::advance(int64_t now_us) {
  const bool idle = now_us - last_touch_us_ >= plan_.idle_home_us;
  if (!session_) {
    if (idle && screen_ == Screen::who) go_home();
    if (idle && screen_ == Screen::resume_offer) tap({TapKind::close_interrupted, "", 0}, now_us);
    return;
  }
  session_->advance(now_us);
  // A client who paused and walked away must not hold the station for ever.
  const bool left = now_us - last_touch_us_ >= kPausedTimes * plan_.idle_home_us && session_->paused_by_client();
  if ((idle && !session_->exercise_running()) || left) session_->leave(now_us);
}

int64_t Floor::deadline_us() const {
  if (!session_)
    return screen_ == Screen::who || screen_ == Screen::resume_offer ? last_touch_us_ + plan_.idle_home_us : std::numeric_limits<int64_t>::max();
  return std::min(session_->deadline_us(), session_->exercise_running()
                                               ? std::numeric_limits<int64_t>::max()
                                               : last_touch_us_ + plan_.idle_home_us);
}

std::vector<Effect> Floor::take_effects() {
  std::vector<Effect> effects = std::exchange(effects_, {});
  if (!session_) return effects;
  for (Effect& effect : session_->take_effects()) effects.push_back(std::move(effect));
  if (session_->finished()) go_home();
  return effects;
}

Liveness Floor::liveness(std::size_t station, std::size_t channel, int64_t now_us) const {
  const ChannelSetup& setup = plan_.stations[station].channels[channel];
  const Seen& seen = seen_[station][channel];
  if (!setup.bound) return Liveness::unused;
  if (seen.report.liveness != Liveness::live) return seen.report.liveness;
  if (seen.newest_us < 0) return Liveness::starting;
  return now_us - seen.newest_us <= setup.lost_after_us ? Liveness::live : Liveness::lost;
}

void Floor::fill(Snapshot& snapshot, int64_t now_us) const {
  if (session_) {
    session_->fill(snapshot, now_us);
    return;
  }
  snapshot.screen = screen_;
  snapshot.resume_text = resume_text_;
  if (screen_ == Screen::who) {
    snapshot.clients = plan_.clients;
    snapshot.station.id = plan_.stations[station_].id;
    snapshot.station.title = plan_.stations[station_].title;
    snapshot.station.icon = plan_.stations[station_].icon;
    return;
  }
  for (std::size_t i = 0; i < plan_.stations.size(); ++i) {
    const StationSetup& station = plan_.stations[i];
    StationTile tile{station.id, station.title,           station.subtitle, station.icon,
                     {},         station.why_not.empty(), station.why_not};
    for (std::size_t c = 0; c < station.channels.size(); ++c) {
      if (!station.channels[c].bound) continue;
      const Liveness stands = liveness(i, c, now_us);
      tile.moves |= stands == Liveness::live && seen_[i][c].movement.moves(now_us);
      add_device(tile.devices, {station.channels[c].key, station.channels[c].device_label, stands,
                                seen_[i][c].report.text, station.channels[c].required});
    }
    snapshot.stations.push_back(std::move(tile));
  }
}

}  // namespace patella::session
