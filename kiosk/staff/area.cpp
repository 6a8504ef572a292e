#include "staff/area.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace patella::staff {

using session::Screen;
using session::Tap;
using session::TapKind;

namespace {
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int64_t kPollUs = 100'000;  ///< while a still reading is waited for
// Without a touch. Points that were taken are worth more time: weights are carried.
constexpr int64_t kLeaveUs = 120'000'000, kLeaveWithPointsUs = 300'000'000;
constexpr int64_t kMaxWorkUs = 900'000'000;  ///< a moving reading stands for touches, but not for ever
constexpr int64_t kWarnUs = 30'000'000;

Messages with_detail(Message first, const Messages& detail) {
  Messages all = std::move(first);
  all.insert(all.end(), detail.begin(), detail.end());
  return all;
}
}  // namespace

Area::Area(AreaSetup plan, int64_t now_us)
    : members_(std::move(plan.members)),
      no_sign_in_(std::move(plan.no_sign_in)),
      board_(std::move(plan.sensors)),
      touched_us_(now_us) {
  for (const Member& member : members_) guards_.emplace(member.id, pin::Guard(member.failures, now_us));
  for (const auto& entry : board_.entries()) identifying_.resize(entry.sensor + 1, false);
}

// ---- taps

void Area::tap(const Tap& tap, int64_t now_us) {
  touched_us_ = used_us_ = now_us;
  if (!open()) {
    if (tap.kind == TapKind::staff_open) enter();
    return;
  }
  if (tap.kind == TapKind::staff_leave) return leave();
  switch (screen_) {
    case Place::closed:
      return;
    case Place::sign_in:
      return tap_sign_in(tap, now_us);
    case Place::notices:
      return tap_notices(tap);
    case Place::sensors:
      return tap_sensors(tap);
    case Place::calibrate:
      return tap_calibrate(tap, now_us);
    case Place::pair:
      return tap_pair(tap);
  }
}

void Area::enter() {
  screen_ = Place::sign_in;
  chosen_ = members_.size() == 1 ? members_.front().id : "";
  pin_.clear();
  message_ = {};
}

void Area::sign_in_to_let_start(int64_t now_us) {
  if (open()) return;
  touched_us_ = used_us_ = now_us;
  enter();
  lets_start_ = true;
}

void Area::leave() {
  lets_start_ = false;
  screen_ = Place::closed;
  member_ = nullptr;
  awaited_ = false;
  pin_.clear();
  chosen_.clear();
  message_ = {};
  ticket_ = 0;
  wizard_.reset();
  pairing_.reset();
}

void Area::tap_sign_in(const Tap& tap, int64_t now_us) {
  if (tap.kind == TapKind::back) return leave();
  if (checking_) return;
  if (tap.kind == TapKind::staff_member) {
    chosen_ = tap.text;
    pin_.clear();
    message_ = {};
  }
  if (tap.kind == TapKind::staff_key) {
    message_ = {};
    if (tap.text.empty()) pin_.remove_last();
    const bool digit = tap.text.size() == 1 && tap.text[0] >= '0' && tap.text[0] <= '9';
    if (digit && pin_.size() < pin::kMaxDigits) pin_.add(tap.text[0]);
  }
  if (tap.kind == TapKind::staff_accept) accept_pin(now_us);
}

void Area::accept_pin(int64_t now_us) {
  const auto guard = guards_.find(chosen_);
  if (guard == guards_.end() || pin_.size() < pin::kMinDigits || now_us < guard->second.may_try_at_us()) return;
  checking_ = awaited_ = true;
  requests_.push_back(CheckPin{chosen_, std::move(pin_)});
}

void Area::pin_answer(const PinAnswer& answer, int64_t now_us) {
  checking_ = false;
  const auto guard = guards_.find(answer.member);
  if (guard != guards_.end() && answer.ok) guard->second.succeeded();
  if (guard != guards_.end() && !answer.ok && answer.failures > guard->second.failures())
    guard->second.failed(answer.failures, now_us);
  if (!std::exchange(awaited_, false)) return;
  if (!answer.ok) {
    message_ = {answer.why_not, true};
    return;
  }
  if (lets_start_) {
    requests_.push_back(LetStart{answer.member});
    return leave();
  }
  for (const Member& member : members_)
    if (member.id == answer.member) member_ = &member;
  if (member_) screen_ = open_notices_ > 0 ? Place::notices : Place::sensors;
  message_ = {};
}

void Area::tap_notices(const Tap& tap) {
  if (tap.kind == TapKind::back) screen_ = Place::sensors;
  if (tap.kind == TapKind::staff_acknowledge) requests_.push_back(Acknowledge{tap.text, member_->id});
}

void Area::tap_sensors(const Tap& tap) {
  if (tap.kind == TapKind::back) return leave();
  if (tap.kind == TapKind::staff_notices) {
    message_ = {};
    screen_ = Place::notices;
    return;
  }
  const auto index = static_cast<std::size_t>(tap.value);
  if (!member_ || !member_->physio || tap.value < 0 || index >= board_.entries().size()) return;
  message_ = {};
  const SensorBoard::Entry entry = board_.entries()[index];
  const SensorSetup& plan = board_.plan(entry.sensor);
  if (tap.kind == TapKind::staff_calibrate && entry.channel >= 0) {
    entry_ = entry;
    wizard_.emplace(plan.channels[static_cast<std::size_t>(entry.channel)].ages);
    screen_ = Place::calibrate;
  }
  if (tap.kind == TapKind::staff_pair && !plan.pairings.empty()) {
    entry_ = entry;
    pairing_.emplace(plan);
    if (identifying_[entry.sensor]) pairing_->began();
    screen_ = Place::pair;
  }
  if (tap.kind == TapKind::staff_retry) requests_.push_back(Retry{entry.sensor, member_->id});
}

void Area::back_to_sensors() {
  wizard_.reset();
  pairing_.reset();
  ticket_ = 0;
  screen_ = Place::sensors;
}

void Area::tap_calibrate(const Tap& tap, int64_t now_us) {
  if (tap.kind == TapKind::back) return back_to_sensors();
  if (tap.kind == TapKind::staff_key) wizard_->key(tap.text);
  if (tap.kind == TapKind::weight_unit) wizard_->unit(tap.text);
  if (tap.kind == TapKind::take_point) wizard_->take(now_us);
  if (tap.kind == TapKind::undo_point) wizard_->undo();
  if (tap.kind == TapKind::store_calibration) store();
}

void Area::store() {
  const auto fit = wizard_->fit();
  if (!wizard_->can_store() || !fit) return;
  wizard_->storing(true);
  ticket_ = ++tickets_;
  pending_.push_back(
      {ticket_, entry_.sensor, Message("{0}: calibrated, in force from now on", board_.state(entry_, 0).label), "", 0});
  requests_.push_back(StoreCalibration{ticket_, entry_.sensor, static_cast<std::size_t>(entry_.channel), member_->id,
                                       member_->name, board_.serial(entry_.sensor), board_.port(entry_.sensor), wizard_->points(),
                                       *fit, wizard_->rate_hz()});
}

void Area::tap_pair(const Tap& tap) {
  if (tap.kind == TapKind::back) return back_to_sensors();
  if (tap.kind == TapKind::listen && board_.open(entry_.sensor) && pairing_->can_listen()) {
    pairing_->began();
    identifying_[entry_.sensor] = true;
    requests_.push_back(SendCommand{entry_.sensor, "identify"});
  }
  if (tap.kind == TapKind::choose_sensor) pairing_->choose(tap.text);
  if (tap.kind == TapKind::use_sensor && pairing_->can_use()) use_sensor();
}

void Area::use_sensor() {
  const PairingWizard::Choice choice = pairing_->choice();
  pairing_->saving(true);
  ticket_ = ++tickets_;
  Messages done =
      Message("{0} {1} belongs to {2} from now on", choice.name, choice.number, in_a_row(board_.plan(entry_.sensor).stations));
  if (choice.was_off) done.push_back(Message("It counts where the station binds a channel of it"));
  pending_.push_back({ticket_, entry_.sensor, std::move(done), choice.param, choice.number});
  requests_.push_back(SetSensorNumber{ticket_, entry_.sensor, member_->id, member_->name, choice.param, choice.number});
}

// ---- sensors

void Area::device(std::size_t sensor, const SensorReport& report) {
  const bool was_open = board_.open(sensor);
  board_.device(sensor, report);
  if (!was_open || report.open) return;
  identifying_.at(sensor) = false;
  if (calibrates(sensor)) wizard_->gone();
  if (pairs(sensor)) pairing_->interrupted();
}

void Area::identity(std::size_t sensor, const std::string& serial, const std::string& port) {
  board_.identity(sensor, serial, port);
  if (calibrates(sensor)) wizard_->opened();
}

void Area::sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading, double value) {
  board_.sample(sensor, channel, t_us, value);
  if (calibrates(sensor) && channel == static_cast<std::size_t>(entry_.channel)) wizard_->sample(t_us, reading);
  if (pairs(sensor)) pairing_->sample(channel, t_us, reading);
}

void Area::calibrated(std::size_t sensor, std::size_t channel, std::optional<Moment> when) {
  board_.calibrated(sensor, channel, when);
}

void Area::number_set(std::size_t sensor, const std::string& param, int number) {
  board_.number_set(sensor, param, number);
  if (pairs(sensor)) pairing_->number_set(param, number);
}

// ---- answers

void Area::command_done(std::size_t sensor, const std::string& command, bool ok, const Messages& text) {
  if (command != "identify") return;
  identifying_.at(sensor) = false;
  if (pairs(sensor)) pairing_->heard_all(ok, text);
}

void Area::stored(uint64_t ticket, const Outcome& outcome) {
  const auto asked = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) { return p.ticket == ticket; });
  if (asked == pending_.end()) return;
  const Pending was = std::move(*asked);
  pending_.erase(asked);
  const bool refused = outcome.kind == Outcome::Kind::refused;
  session::StaffMessage message{was.done, false};
  if (refused) message = {with_detail(Message("Not stored: what was in force stays"), outcome.text), true};
  if (outcome.kind == Outcome::Kind::later) message = {with_detail(Message("Stored"), outcome.text), true};
  if (!refused && !was.param.empty()) number_set(was.sensor, was.param, was.number);
  if (!open()) return;
  if (std::exchange(ticket_, ticket_ == ticket ? 0 : ticket_) != ticket) {
    message_ = message;  // its desk has gone: the list says it
    return;
  }
  if (pairing_) {
    pairing_->saving(false);
    return pairing_->say(message.text, message.trouble);
  }
  if (refused) {
    wizard_->storing(false);
    return wizard_->say(message.text, true);
  }
  back_to_sensors();
  message_ = message;
}

// ---- time

int64_t Area::leave_at_us() const {
  const bool points = wizard_ && !wizard_->points().empty();
  return std::min(std::max(touched_us_, used_us_) + (points ? kLeaveWithPointsUs : kLeaveUs), touched_us_ + kMaxWorkUs);
}

void Area::advance(int64_t now_us) {
  advanced_us_ = now_us;
  if (!open()) return;
  if (wizard_) {
    wizard_->advance(now_us);
    if (wizard_->in_use(now_us)) used_us_ = now_us;
  }
  if (now_us >= leave_at_us()) leave();
}

int64_t Area::deadline_us() const {
  if (!open()) return kNever;
  const int64_t leave_us = leave_at_us();
  if (wizard_ && wizard_->taking()) return std::min(leave_us, advanced_us_ + kPollUs);
  return leave_us;
}

std::vector<Request> Area::take_requests() { return std::exchange(requests_, {}); }

// ---- what is shown

void Area::fill_sign_in(session::StaffSignIn& view) const {
  for (const Member& member : members_) view.members.push_back({member.id, member.name});
  view.chosen = chosen_;
  view.digits = static_cast<int>(pin_.size());
  view.checking = checking_;
  view.lets_start = lets_start_;
  if (const auto guard = guards_.find(chosen_); guard != guards_.end()) view.locked_until_us = guard->second.may_try_at_us();
  view.can_accept = !checking_ && !chosen_.empty() && pin_.size() >= pin::kMinDigits;
  view.message = message_;
  if (!no_sign_in_.empty()) view.message = {no_sign_in_, true};
}

void Area::fill(session::Snapshot& snapshot, int64_t now_us) const {
  if (screen_ == Place::closed) return;
  if (screen_ == Place::sign_in) {
    snapshot.screen = Screen::staff_sign_in;
    return fill_sign_in(snapshot.staff.edit().sign_in);
  }
  fill_signed_in(snapshot, now_us);
}

void Area::fill_signed_in(session::Snapshot& snapshot, int64_t now_us) const {
  session::StaffView& view = snapshot.staff.edit();
  view.member = member_->name;
  view.physio = member_->physio;
  if (leave_at_us() - now_us <= kWarnUs) view.leaves_us = leave_at_us();
  if (screen_ == Place::notices) snapshot.screen = Screen::staff_notices;
  if (screen_ == Place::sensors) {
    snapshot.screen = Screen::staff_sensors;
    view.sensors = board_.rows(view.physio, now_us);
    view.message = message_;
  }
  if (screen_ == Place::calibrate) {
    snapshot.screen = Screen::staff_calibrate;
    view.calibration.device = board_.state(entry_, now_us);
    view.calibration.which = board_.which(entry_.sensor);
    wizard_->fill(view.calibration, now_us);
  }
  if (screen_ == Place::pair) {
    snapshot.screen = Screen::staff_pair;
    view.pairing.device = board_.state(entry_, now_us);
    pairing_->fill(view.pairing, board_.open(entry_.sensor), now_us);
  }
}

}  // namespace patella::staff
