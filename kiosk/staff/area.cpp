#include "staff/area.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "staff/sign_in_screen.hpp"

namespace patella::staff {

namespace {
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// Without a touch. Work that was done is worth more time.
constexpr int64_t kLeaveUs = 120'000'000, kLeaveWithWorkUs = 300'000'000;
constexpr int64_t kMaxWorkUs = 900'000'000;  ///< a moving reading stands for touches, but not for ever
constexpr int64_t kWarnUs = 30'000'000;

Messages with_detail(Message first, const Messages& detail) {
  Messages all = std::move(first);
  all.insert(all.end(), detail.begin(), detail.end());
  return all;
}
}  // namespace

Area::Area(AreaSetup plan, int64_t now_us)
    : desk_(std::move(plan.members), std::move(plan.no_sign_in), std::move(plan.sensors), now_us), touched_us_(now_us) {}

// ---- taps

void Area::tap(const session::Tap& tap, int64_t now_us) {
  touched_us_ = used_us_ = now_us;
  const auto* own = std::get_if<session::StaffTap>(&tap);
  if (!own) return;
  std::visit(session::Overloaded{[&](const session::StaffOpen&) {
                                   if (!open()) open_sign_in(false);
                                 },
                                 [&](const session::StaffLeave&) { desk_.leave(); },
                                 [&](const session::StaffScreens::Go& go) { std::visit([&](const auto& to) { on(to); }, go); },
                                 [&](const session::StaffScreens::Tap& on_screen) {
                                   if (open()) screen_->tap(on_screen, now_us);
                                 }},
             *own);
  follow();
}

template <class View>
void Area::on(const session::StaffGoTo<View>&) {
  if constexpr (View::kOnBar)
    if (open() && screen_->on_bar()) desk_.show(make_screen(desk_, std::type_identity<View>()));
}

void Area::open_sign_in(bool lets_start) { screen_ = make_sign_in(desk_, lets_start); }

void Area::sign_in_to_let_start(int64_t now_us) {
  if (open()) return;
  touched_us_ = used_us_ = now_us;
  open_sign_in(true);
}

void Area::follow() {
  if (!std::exchange(desk_.changes_, false)) return;
  if (screen_) screen_->leaving();
  screen_ = std::move(desk_.next_);
  if (screen_) return;
  desk_.member = nullptr;
  desk_.message = {};
}

// ---- sensors

void Area::device(std::size_t sensor, const SensorReport& report) {
  const bool was_open = desk_.board.open(sensor);
  desk_.board.device(sensor, report);
  if (!was_open || report.open) return;
  desk_.identifying.at(sensor) = false;
  if (open()) screen_->gone(sensor);
}

void Area::identity(std::size_t sensor, const std::string& serial, const std::string& port) {
  desk_.board.identity(sensor, serial, port);
  if (open()) screen_->opened(sensor);
}

void Area::sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading, double value) {
  desk_.board.sample(sensor, channel, t_us, value);
  if (open()) screen_->sample(sensor, channel, t_us, reading);
}

void Area::calibrated(std::size_t sensor, std::size_t channel, std::optional<Moment> when) {
  desk_.board.calibrated(sensor, channel, when);
}

void Area::number_set(std::size_t sensor, const std::string& param, int number) {
  desk_.board.number_set(sensor, param, number);
  if (open()) screen_->number_set(sensor, param, number);
}

// ---- answers

void Area::pin_answer(const PinAnswer& answer, int64_t now_us) {
  desk_.checking = false;
  const auto guard = desk_.guards.find(answer.member);
  if (guard != desk_.guards.end() && answer.ok) guard->second.succeeded();
  if (guard != desk_.guards.end() && !answer.ok && answer.failures > guard->second.failures())
    guard->second.failed(answer.failures, now_us);
  if (open()) screen_->pin_answer(answer);
  follow();
}

void Area::command_done(std::size_t sensor, const std::string& command, bool ok, const Messages& text) {
  if (command != "identify") return;
  desk_.identifying.at(sensor) = false;
  if (open()) screen_->identified(sensor, ok, text);
}

void Area::stored(uint64_t ticket, const Outcome& outcome) {
  auto& pending = desk_.pending_;
  const auto asked = std::find_if(pending.begin(), pending.end(), [&](const auto& p) { return p.ticket == ticket; });
  if (asked == pending.end()) return;
  const Desk::Pending was = std::move(*asked);
  pending.erase(asked);
  const bool refused = outcome.kind == Outcome::Kind::refused;
  session::StaffMessage message{was.done, false};
  if (refused) message = {with_detail(Message("Not stored: what was in force stays"), outcome.text), true};
  if (outcome.kind == Outcome::Kind::later) message = {with_detail(Message("Stored"), outcome.text), true};
  if (!refused && !was.param.empty()) number_set(was.sensor, was.param, was.number);
  if (!open()) return;
  if (!screen_->stored(ticket, outcome.kind, message)) desk_.message = message;  // its screen has gone: the list says it
  follow();
}

// ---- time

int64_t Area::leave_at_us() const {
  const int64_t leave_us = screen_->holds_work() ? kLeaveWithWorkUs : kLeaveUs;
  return std::min(std::max(touched_us_, used_us_) + leave_us, touched_us_ + kMaxWorkUs);
}

void Area::advance(int64_t now_us) {
  advanced_us_ = now_us;
  if (!open()) return;
  screen_->advance(now_us);
  if (screen_->in_use(now_us)) used_us_ = now_us;
  if (now_us >= leave_at_us()) desk_.leave();
  follow();
}

int64_t Area::deadline_us() const { return open() ? std::min(leave_at_us(), screen_->deadline_us(advanced_us_)) : kNever; }

std::vector<Request> Area::take_requests() { return std::exchange(desk_.requests_, {}); }

// ---- what is shown

void Area::fill(session::Snapshot& snapshot, int64_t now_us) const {
  if (!open()) return;
  snapshot.screen = session::Screen::staff;
  session::StaffView& view = snapshot.staff.edit();
  view.screen = screen_->view(now_us);
  if (!desk_.member) return;
  view.member = desk_.member->name;
  view.physio = desk_.member->physio;
  if (leave_at_us() - now_us <= kWarnUs) view.leaves_us = leave_at_us();
}

}  // namespace patella::staff
