// Sessions that the kiosk was cut off in: offered to their own client for the physio's number of hours, then closed.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "params/json.hpp"
#include "runtime/engine.hpp"
#include "runtime/left_open_text.hpp"
#include "session/logged.hpp"

namespace patella::runtime {

namespace logged = session::logged;

namespace {

/// How a session that was cut off and is not gone on with ends in the log.
session::SessionEnd interrupted_end(const store::StoredSession& stored) {
  session::SessionEnd end{"interrupted", 0, -1, -1, -1};
  for (const auto& record : stored.records) end.t_us = std::max(end.t_us, record.t_us);
  for (const auto& event : stored.events) {
    end.t_us = std::max(end.t_us, event.t_us);
    const auto pain = logged::as<logged::PainAnswered>(event);
    if (pain && pain->when == logged::PainAnswered::When::before) end.pain_before = pain->value;
    if (pain && pain->when == logged::PainAnswered::When::after) end.pain_after = pain->value;
  }
  return end;
}

/// Id in the library; "" = the station's revision does not say it.
std::string exercise_of(const store::SessionHead& head) {
  const auto station = nlohmann::json::parse(head.station_json, nullptr, false);
  if (!station.is_object() || !station.contains("exercise") || !station["exercise"].is_object()) return "";
  const auto& exercise = station["exercise"];
  return exercise.contains("id") && exercise["id"].is_string() ? exercise["id"].get<std::string>() : "";
}

int set_of(const store::StoredSession& stored) {
  int set = 0;
  for (const auto& event : stored.events)
    if (const auto started = logged::as<logged::SetStarted>(event)) set = std::max(set, started->set);
  return set;
}

}  // namespace

session::ClientEntry Engine::client_of(const std::string& ref) const {
  for (const auto& entry : assembly_.kiosk_setup.clients)
    if (entry.ref == ref) return entry;
  return {ref, ref == session::kGuest ? "" : ref};
}

void Engine::take_up_left_open(const ResumePolicy& policy) {
  auto open = store_.ask<Result<std::vector<store::SessionListRow>>>([](store::Store& s) { return s.open_sessions(); }).get();
  if (!open) log_.error("store: {}", open.error().text());
  const auto& stations = assembly_.kiosk_setup.stations;
  for (const auto& row : open ? *open : std::vector<store::SessionListRow>{}) {
    const auto at = std::find_if(stations.begin(), stations.end(), [&, exercise = exercise_of(row.head)](const auto& s) {
      return s.id == row.head.station_id && s.exercise == exercise && s.why_not.empty();
    });
    const bool at_once = policy.kind == ResumePolicy::Kind::at_once && left_open_.empty() &&
                         (policy.station.empty() || policy.station == row.head.station_id);
    const bool wanted = policy.kind == ResumePolicy::Kind::offer || at_once;
    auto loaded = store_.ask<Result<store::StoredSession>>([id = row.head.id](store::Store& s) { return s.load(id); }).get();
    if (loaded)
      for (const std::string& notice : loaded->notices) log_.error("store: session {}: {}", row.head.id, notice);
    else
      log_.error("store: session {}: {}", row.head.id, loaded.error().text());
    const bool young = !is_too_old(row.head.started_utc_us, clock_.wall(), assembly_.config.kiosk.resume_hours);
    if (!wanted || !young || !loaded || !loaded->notices.empty() || at == stations.end()) {
      store_.end(row.head.id, loaded ? interrupted_end(*loaded) : session::SessionEnd{"interrupted", 0, -1, -1, -1});
      continue;
    }
    LeftOpenSession left;
    left.id = row.head.id;
    left.station = static_cast<std::size_t>(at - stations.begin());
    left.client = client_of(row.head.client_ref);
    left.text = left_open_text(row.head.station_title, set_of(*loaded), {row.head.started_utc_us, row.head.zone_offset_min},
                               clock_.wall());
    left.started_utc_us = row.head.started_utc_us;
    left_open_.push_back(std::move(left));
  }
  if (policy.kind == ResumePolicy::Kind::at_once && !left_open_.empty()) return resume(std::string(left_open_.front().id));
  flow_.offer_resume({left_open_.begin(), left_open_.end()});
}

/// By what is in the log: a notice that cannot be read is not one that somebody has seen.
bool Engine::was_acknowledged(const std::string& session) const {
  using Notices = Result<std::vector<notices::Notice>>;
  const Notices all = store_.ask<Notices>([](store::Store& s) { return s.notices_to_staff({}); }).get();
  return all && std::any_of(all->begin(), all->end(), [&](const auto& one) { return one.session == session && !one.open(); });
}

void Engine::resume(const std::string& id) {
  const auto at = std::find_if(left_open_.begin(), left_open_.end(), [&](const auto& open) { return open.id == id; });
  if (at == left_open_.end()) return;
  const LeftOpenSession open = std::move(*at);
  left_open_.erase(at);
  // The commit opens the file again after an error of the disk.
  using Loaded = Result<store::StoredSession>;
  auto loaded = store_
                    .ask<Loaded>([id](store::Store& s) -> Loaded {
                      if (Status done = s.commit(); !done) return done.error();
                      return s.load(id);
                    })
                    .get();
  if (!loaded) {
    // It stays open in the log, and whole: the next start offers it again, or closes it when it is damaged.
    log_.error("store: session {}: {}", id, loaded.error().text());
    return add_banner(session::for_staff(
        Message("An interrupted session cannot be read now. It is offered again when the kiosk is started again")));
  }
  const int64_t now_us = clock_.now_us();
  session::SessionSetup setup = flow_.setup_for(open.station, open.client);
  // A client's own dose is not what the station says of its own.
  if (loaded->row.head.params_json != params::to_log_json(assembly_.config.stations[open.station].exercise.params))
    setup.station.plan_lines.clear();
  Lane& lane = lane_of(flow_.adopt(
      std::make_unique<session::Session>(std::move(setup), session::Restored{loaded->records, loaded->events}, now_us),
      open.station, now_us));
  lane.head = loaded->row.head;
  log_.info("session {} goes on: {} records, {} events", lane.head.id, loaded->records.size(), loaded->events.size());
  lane.replayed_cues_to = loaded->records.empty() ? 0 : loaded->records.back().seq;
  lane.resumed_records = std::move(loaded->records);
  if (notices_book_.of_session(lane.head.id) == notices::CallState::open)
    flow_.session()->staff_are_called();
  else if (was_acknowledged(lane.head.id))
    flow_.session()->staff_know(now_us);
  resumed_ = true;
  execute_effects();
}

void Engine::close_interrupted(const std::string& id) {
  std::erase_if(left_open_, [&](const auto& open) { return open.id == id; });
  auto loaded = store_.ask<Result<store::StoredSession>>([id](store::Store& s) { return s.load(id); }).get();
  store_.end(id, loaded ? interrupted_end(*loaded) : session::SessionEnd{"interrupted", 0, -1, -1, -1});
}

void Engine::close_too_old() {
  const auto too_old = [&](const auto& open) {
    return is_too_old(open.started_utc_us, clock_.wall(), assembly_.config.kiosk.resume_hours);
  };
  for (auto at = left_open_.begin(); (at = std::find_if(left_open_.begin(), left_open_.end(), too_old)) != left_open_.end();) {
    const std::string id = at->id;
    flow_.withdraw(id, clock_.now_us());
    close_interrupted(id);
    dirty_ = true;
  }
}

}  // namespace patella::runtime
