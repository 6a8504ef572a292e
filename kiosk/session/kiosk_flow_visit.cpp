// Signing in, and what the visit at the screen asks of the kiosk.
#include <algorithm>
#include <utility>

#include "session/kiosk_flow.hpp"

namespace patella::session {

// ---- signing in

void KioskFlow::on(const taps::SignIn&, int64_t) {
  if (screen_ != Screen::home || (!setup_.sign_in.codes && !setup_.sign_in.names)) return;
  sign_in_.open();
  screen_ = Screen::sign_in;
}

void KioskFlow::on(const taps::GoOnAsGuest&, int64_t now_us) {
  if (screen_ != Screen::home && screen_ != Screen::sign_in) return;
  ClientFile guest;
  guest.entry = {kGuest, ""};
  begin_visit(std::move(guest), now_us);
}

void KioskFlow::on(const taps::ShowMeans& chosen, int64_t) {
  if (screen_ == Screen::sign_in) sign_in_.show(chosen.means);
}

void KioskFlow::on(const taps::TypeCode& typed, int64_t now_us) {
  if (screen_ == Screen::sign_in) sign_in_.type(typed.key, now_us);
}

void KioskFlow::on(const taps::TryCode&, int64_t now_us) {
  if (screen_ == Screen::sign_in) sign_in_.try_code(now_us);
}

void KioskFlow::choose_to_sign_in(const std::string& ref) {
  const bool known = std::any_of(setup_.clients.begin(), setup_.clients.end(), [&](const auto& one) { return one.ref == ref; });
  if (sign_in_.names_allowed() && known && !sign_in_.is_waiting()) sign_in_.load(ref);
}

void KioskFlow::code_checked(uint64_t request, const std::optional<ClientEntry>& client, int64_t now_us) {
  if (sign_in_.code_checked(request, client.has_value(), now_us) && client) sign_in_.load(client->ref);
}

void KioskFlow::client_loaded(uint64_t request, ClientFile file, int64_t now_us) {
  if (sign_in_.is_awaited(request)) begin_visit(std::move(file), now_us);
}

void KioskFlow::sign_in_failed(uint64_t request, Messages why) {
  if (sign_in_.is_awaited(request)) sign_in_.failed(std::move(why));
}

void KioskFlow::on(const taps::SetLanguage& chosen, int64_t) { effects_.emplace_back(ChangeLanguage{chosen.language}); }
void KioskFlow::on(const taps::SetVolume& chosen, int64_t) {
  if (chosen.level >= 0 && chosen.level <= 7) effects_.emplace_back(ChangeVolume{chosen.level});
}

// ---- the visit

InUse KioskFlow::in_use() const {
  InUse in_use(setup_.stations.size());
  for (std::size_t i = 0; i < in_use.size(); ++i) in_use[i] = lane_at(i) != nullptr;
  return in_use;
}

void KioskFlow::begin_visit(ClientFile file, int64_t now_us) {
  sign_in_.close();
  visit_.emplace(++last_visit_, std::move(file), setup_.stations, setup_.pain_places, now_us);
  presence_.sign(now_us);
  screen_ = visit_->screen();
}

/// Nothing of it stays.
void KioskFlow::end_visit() {
  for (Effect& effect : visit_->take_effects()) effects_.emplace_back(std::move(effect));
  effects_.emplace_back(EndVisit{visit_->id()});
  visit_.reset();
  go_home();
}

void KioskFlow::tap_visit(const taps::Visit& tap, int64_t now_us) {
  std::visit(
      [&]<class One>(const One& one) {
        if constexpr (requires { this->on(one, now_us); })
          on(one, now_us);
        else if (visit_ && screen_ != Screen::resume_offer)
          visit_->tap(taps::Visit(one), in_use(), now_us);
      },
      tap);
  if (visit_ && screen_ != Screen::resume_offer) after_visit_step(now_us);
}

void KioskFlow::after_visit_step(int64_t now_us) {
  screen_ = visit_->screen();
  switch (visit_->take_wish()) {
    case Visit::Wish::none:
      return;
    case Visit::Wish::open:
      return open_of_visit(now_us);
    case Visit::Wish::sign_out:
      return end_visit();
  }
}

/// What the kiosk was cut off in at this station comes first.
void KioskFlow::open_of_visit(int64_t now_us) {
  const std::size_t station = visit_->opening().station;
  if (lane_at(station)) return;
  const auto own = std::find_if(left_open_.begin(), left_open_.end(), [&](const LeftOpen& open) {
    return !visit_->is_guest() && open.client.ref == visit_->client().ref && open.station == station;
  });
  if (own == left_open_.end()) return open_lane_of_visit(now_us);
  offered_ = static_cast<std::size_t>(own - left_open_.begin());
  screen_ = Screen::resume_offer;
}

void KioskFlow::open_lane_of_visit(int64_t now_us) {
  const Visit::Opening& opening = visit_->opening();
  SessionSetup setup = setup_for(opening.station, visit_->client());
  setup.station = visit_->station_for(opening);
  setup.dose = visit_->dose_of(opening.item);
  setup.in_visit = true;
  Lane& lane = add_lane(std::make_unique<Session>(std::move(setup), now_us), opening.station, now_us);
  lane.of_visit = true;
  lane.item = opening.item;
  lane.screening_skipped = !visit_->asks_before(opening.station);
  if (lane.screening_skipped) lane.session->skip_screening(visit_->pain_last(), now_us);
  shown_ = lane.id;
  screen_ = visit_->screen();
}

/// Closed lanes go; the visit hears what came of its own.
void KioskFlow::sessions_over(int64_t now_us) {
  std::vector<std::pair<LaneId, SessionResult>> over;
  for (const auto& lane : lanes_) {
    if (!lane->session->finished() || !lane->of_visit) continue;
    SessionResult result{lane->station,
                         lane->item,
                         lane->session->begun(),
                         lane->session->screen() > Screen::start_gate,
                         !lane->screening_skipped,
                         {},
                         lane->session->result()};
    for (const Question& question : lane->session->questions())
      if (question.answer == 1) result.yes.push_back(question.id);
    over.emplace_back(lane->id, std::move(result));
  }
  std::erase_if(lanes_, [](const auto& lane) { return lane->session->finished(); });
  const bool shown_is_over = shown_ != kNoLane && !find(shown_);
  if (shown_is_over) shown_ = kNoLane;
  for (const auto& [lane, result] : over) {
    if (!visit_) break;
    visit_->session_over(result, lane, now_us);
    presence_.sign(now_us);
    after_visit_step(now_us);
  }
  if (shown_is_over) go_home();
}

void KioskFlow::dose_described(uint64_t visit, const std::string& item, Messages lines) {
  if (visit_ && visit_->id() == visit) visit_->dose_described(item, std::move(lines));
}

void KioskFlow::end_stored(LaneId lane) {
  if (visit_) visit_->end_stored(lane);
}

void KioskFlow::staff_know(uint64_t visit) {
  if (visit_ && visit_->id() == visit) visit_->staff_know();
}

}  // namespace patella::session
