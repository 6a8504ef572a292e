// What staff should know: raised by sessions, kept in the log, shown until somebody acknowledges it.
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "notices/words.hpp"
#include "runtime/engine.hpp"
#include "runtime/notice_report.hpp"

namespace patella::runtime {

void Engine::read_notices() {
  auto open = store_.ask<Result<std::vector<notices::Notice>>>([](store::Store& s) { return s.notices_to_staff({true}); }).get();
  if (!open) {
    log_.error("store: {}", open.error().text());
    return add_banner(session::for_staff(Message("Earlier notices to staff cannot be read")));
  }
  notices_book_ = notices::Book(std::move(*open));
  show_notices();
}

Message Engine::question_text(const std::string& id) const {
  for (const auto& question : assembly_.kiosk_setup.questions)
    if (question.id == id) return question.text;
  return {};
}

void Engine::raise(const notices::Raised& raised, const store::SessionHead* of) {
  const WallTime wall = clock_.wall();
  notices::Notice fresh{
      make_uuid7(wall.utc_us), wall.utc_us, wall.zone_offset_min, raised.kind, "", "", "", raised.detail, 0, ""};
  if (of) {
    fresh.station = of->station_id;
    fresh.session = of->id;
    fresh.client = of->client_ref;
  }
  const std::string id = fresh.id;
  if (const notices::Notice* notice = notices_book_.raise(std::move(fresh), raised.completes))
    notice_changed(*notice, notice->id == id ? "raised" : "changed");
}

void Engine::acknowledge(const std::string& notice_id, const std::string& by) {
  {
    std::lock_guard lock(mutex_);
    acknowledged_.emplace_back(notice_id, by);
  }
  posted();
}

void Engine::acknowledge_now(const std::string& notice_id, const std::string& by) {
  const int64_t utc_us = clock_.wall().utc_us;
  const notices::Notice* notice = notices_book_.acknowledge(notice_id, by, utc_us);
  if (!notice) return;
  const std::string subject = notice->session.empty() ? notice->id : notice->session;
  store_.tell<Status>(
      [utc_us, by, subject, detail = std::string(notices::id_of(notice->kind)) + " " + notice->id](store::Store& s) {
        return s.audit({utc_us, by, "acknowledge", subject, detail});
      },
      [](const Status&) {});
  notice_changed(*notice, "acknowledged");
  if (const std::string visit = notices::text_in(notice->detail, "visit"); !visit.empty() && visit == visit_.id)
    flow_.staff_know(visit_.number);
  const Lane* lane = notice->session.empty() ? nullptr : lane_of_session(notice->session);
  session::Session* session = lane ? flow_.session(lane->id) : nullptr;
  if (session && notices_book_.of_session(lane->head.id) == notices::CallState::acknowledged)
    session->staff_know(clock_.now_us());
}

void Engine::ask(const staff::Acknowledge& wish) { acknowledge_now(wish.notice, wish.member); }

/// Whoever lets it start has seen what the client answered.
void Engine::ask(const staff::LetStart& wish) {
  session::Session* session = flow_.session();
  if (!session || session->screen() != session::Screen::start_gate) return;
  const std::string subject = lane_of(flow_.shown_lane()).head.id;
  store_.tell<Status>(
      [utc_us = clock_.wall().utc_us, wish, subject](store::Store& s) {
        return s.audit({utc_us, wish.member, "start_released", subject, ""});
      },
      [](const Status&) {});
  for (const notices::Notice& notice : notices_book_.open())
    if (notice.session == subject) acknowledge_now(notice.id, wish.member);
  session->release_start(wish.member, clock_.now_us());
}

/// On its way to the disk at once, and shown.
void Engine::notice_changed(const notices::Notice& notice, const char* event) {
  // What was answered is in the session log, not in a text file.
  log_.warning("notice {} to staff {}: {} at {}", notice.id, event, notices::id_of(notice.kind), notice.station);
  store_.put_notice(notice);
  show_notices();
  watcher_.notice(notice);
  hand_to_program(notice, event);
  dirty_ = true;
}

// ---- the site's own program

void Engine::start_notify_program() {
  const config::Kiosk& site = assembly_.config.kiosk;
  if (site.notify_command.empty()) return;
  notify_program_ = std::make_unique<NotifyProgram>(
      NotifyCommand{site.notify_command, static_cast<int64_t>(site.notify_timeout_s * 1e6)},
      [this](const Message& why) {
        answer_later(
            [this, why] {
              raise({notices::Kind::notify_failed,
                     {{"program", assembly_.config.kiosk.notify_command.front()}, {"text", written(why)}}},
                    nullptr);
            },
            false);
      },
      log_);
  // Whoever was to get them may not have: the kiosk was cut off meanwhile.
  for (const notices::Notice& notice : notices_book_.open()) hand_to_program(notice, "still_open");
}

/// Of its own failure it is not told: the screen is.
void Engine::hand_to_program(const notices::Notice& notice, const char* event) {
  if (!notify_program_ || notice.kind == notices::Kind::notify_failed) return;
  nlohmann::json json =
      notice_json(notice, title_of(notice.station),
                  notices::lines_of(notice, [this](const std::string& id) { return question_text(id); }), language_);
  json["event"] = event;
  notify_program_->run(notice.id, event, notices::id_of(notice.kind), json_text(json) + "\n");
}

Message Engine::title_of(const std::string& station_id) const {
  for (const auto& station : assembly_.kiosk_setup.stations)
    if (station.id == station_id) return station.title;
  return verbatim(station_id);
}

void Engine::show_notices() {
  auto shown = std::make_shared<std::vector<session::OpenNotice>>();
  for (notices::Notice& notice : notices_book_.open()) {
    session::OpenNotice one;
    one.station_title = title_of(notice.station);
    one.lines = notices::lines_of(notice, [this](const std::string& id) { return question_text(id); });
    one.notice = std::move(notice);
    shown->push_back(std::move(one));
  }
  if (area_) area_->notices(shown->size());
  open_notices_ = shown->empty() ? nullptr : std::move(shown);
}

}  // namespace patella::runtime
