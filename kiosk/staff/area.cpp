#include "staff/area.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace patella::staff {

using session::Screen;
using session::Tap;
using session::TapKind;

namespace {
constexpr std::size_t kFewestDigits = 6, kMostDigits = 12;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int64_t kPoll_us = 100'000;           ///< while a still reading is waited for
constexpr int64_t kLongestWork_us = 900'000'000;  ///< weights are carried: the reading stands for touches, but not for ever
}  // namespace

Area::Area(AreaPlan plan, int64_t now_us)
    : plan_(std::move(plan)), board_(plan_.sensors), guard_(plan_.failures, now_us), touched_us_(now_us) {}

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
  chosen_ = plan_.members.size() == 1 ? plan_.members.front().id : "";
  pin_.clear();
  message_ = {};
}

void Area::leave() {
  screen_ = Place::closed;
  member_ = nullptr;
  awaited_ = false;
  pin_.clear();
  chosen_.clear();
  desk_.reset();
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
    if (tap.text.empty() && !pin_.empty()) pin_.pop_back();
    const bool digit = tap.text.size() == 1 && tap.text[0] >= '0' && tap.text[0] <= '9';
    if (digit && pin_.size() < kMostDigits) pin_ += tap.text;
  }
  if (tap.kind == TapKind::staff_accept) accept_pin(now_us);
}

void Area::accept_pin(int64_t now_us) {
  const bool known = std::any_of(plan_.members.begin(), plan_.members.end(), [&](const auto& m) { return m.id == chosen_; });
  if (!known || pin_.size() < kFewestDigits || now_us < guard_.may_try_at_us()) return;
  checking_ = awaited_ = true;
  requests_.push_back(CheckPin{chosen_, std::exchange(pin_, {})});
}

void Area::pin_answer(const PinAnswer& answer, int64_t now_us) {
  checking_ = false;
  if (answer.ok)
    guard_.succeeded();
  else if (answer.failures > guard_.failures())
    guard_.failed(answer.failures, now_us);
  if (!std::exchange(awaited_, false)) return;
  if (!answer.ok) {
    message_ = {answer.why_not, true};
    return;
  }
  for (const Member& member : plan_.members)
    if (member.id == answer.member) member_ = &member;
  if (member_) screen_ = Place::sensors;
  message_ = {};
}

void Area::tap_sensors(const Tap& tap) {
  if (tap.kind == TapKind::back) return leave();
  const auto sensor = static_cast<std::size_t>(tap.value);
  if (!member_ || !member_->physio || tap.value < 0 || sensor >= plan_.sensors.size()) return;
  const int force = force_channel(plan_.sensors[sensor]);
  if (tap.kind == TapKind::staff_calibrate && force >= 0) {
    sensor_ = sensor;
    channel_ = static_cast<std::size_t>(force);
    desk_.emplace(board_.live(sensor), plan_.sensors[sensor].channels[channel_].stale_after_s);
    screen_ = Place::calibrate;
  }
  if (tap.kind == TapKind::staff_pair && !plan_.sensors[sensor].pairings.empty()) {
    sensor_ = sensor;
    pairing_.emplace(board_.plans()[sensor]);
    screen_ = Place::pair;
  }
  if (tap.kind == TapKind::staff_retry) requests_.push_back(Retry{sensor, member_->id});
}

void Area::back_to_sensors() {
  desk_.reset();
  pairing_.reset();
  screen_ = Place::sensors;
}

void Area::tap_calibrate(const Tap& tap, int64_t now_us) {
  if (tap.kind == TapKind::back) return back_to_sensors();
  if (tap.kind == TapKind::staff_key) desk_->key(tap.text);
  if (tap.kind == TapKind::weight_unit) desk_->change_unit();
  if (tap.kind == TapKind::take_point) desk_->take(now_us);
  if (tap.kind == TapKind::undo_point) desk_->undo();
  if (tap.kind == TapKind::tare) {
    if (const std::string why = desk_->tare_refusal(now_us); !why.empty()) return desk_->say(why, true);
    desk_->tare_begun();
    requests_.push_back(SendCommand{sensor_, "tare"});
  }
  if (tap.kind == TapKind::store_calibration) store();
}

void Area::store() {
  session::CalibrationView now;
  desk_->fill(now, advanced_us_);
  const auto fit = desk_->fit();
  if (!now.can_store || !fit) return;
  desk_->storing(true);
  requests_.push_back(StoreCalibration{sensor_, channel_, member_->id, member_->name, board_.serial(sensor_),
                                       board_.port(sensor_), desk_->points(), *fit, desk_->rate_hz()});
}

void Area::tap_pair(const Tap& tap) {
  if (tap.kind == TapKind::back) return back_to_sensors();
  session::PairingView now;
  pairing_->fill(now, board_.live(sensor_), 0);
  if (tap.kind == TapKind::listen && now.can_listen) {
    pairing_->began();
    requests_.push_back(SendCommand{sensor_, "identify"});
  }
  if (tap.kind == TapKind::choose_sensor && tap.value >= 0) pairing_->choose(static_cast<std::size_t>(tap.value));
  if (tap.kind == TapKind::use_sensor && now.can_use) {
    const PairingDesk::Choice choice = pairing_->choice();
    pairing_->saving(true);
    requests_.push_back(SetSensorNumber{sensor_, member_->id, choice.param, choice.number});
  }
}

// ---- sensors

void Area::device(std::size_t sensor, session::Liveness liveness, const std::string& text) {
  board_.device(sensor, liveness, text);
  if (calibrates(sensor)) desk_->live(liveness == session::Liveness::live);
}

void Area::identity(std::size_t sensor, const std::string& serial, const std::string& port) {
  board_.identity(sensor, serial, port);
  if (calibrates(sensor)) desk_->opened();
}

void Area::sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading, double value) {
  board_.sample(sensor, channel, t_us, value);
  if (calibrates(sensor) && channel == channel_) desk_->sample(t_us, reading);
  if (pairs(sensor)) pairing_->sample(channel, t_us, reading);
}

void Area::calibrated(std::size_t sensor, std::size_t channel, const std::string& day) {
  board_.calibrated(sensor, channel, day);
}

// ---- answers

void Area::command_done(std::size_t sensor, const std::string& command, bool ok, const std::string& text) {
  if (command == "tare" && calibrates(sensor)) desk_->tare_done(ok, text);
  if (command == "identify" && pairs(sensor)) pairing_->heard_all(ok, text);
}

void Area::calibration_stored(std::size_t sensor, const std::string& trouble) {
  if (!calibrates(sensor)) return;
  if (trouble.empty()) {
    back_to_sensors();
    return;
  }
  desk_->storing(false);
  desk_->say("Not stored: " + trouble, true);
}

void Area::number_set(std::size_t sensor, const std::string& param, int number, const std::string& trouble) {
  if (trouble.empty()) board_.number_set(sensor, param, number);
  if (!pairs(sensor)) return;
  pairing_->saving(false);
  if (!trouble.empty()) return pairing_->say("Not stored: " + trouble, true);
  pairing_->number_set(param, number);
  pairing_->say(fmt::format("{} belongs to {} from now on", number, plan_.sensors[sensor].stations), false);
}

// ---- time

int64_t Area::leave_at_us() const {
  return std::min(std::max(touched_us_, used_us_) + plan_.idle_leave_us, touched_us_ + kLongestWork_us);
}

void Area::advance(int64_t now_us) {
  advanced_us_ = now_us;
  if (!open()) return;
  if (desk_) {
    desk_->advance(now_us);
    if (desk_->in_use(now_us)) used_us_ = now_us;
  }
  if (now_us >= leave_at_us()) leave();
}

int64_t Area::deadline_us() const {
  if (!open()) return kNever;
  const int64_t leave_us = leave_at_us();
  if (desk_ && desk_->taking()) return std::min(leave_us, advanced_us_ + kPoll_us);
  return leave_us;
}

std::vector<Request> Area::take_requests() { return std::exchange(requests_, {}); }

// ---- what is shown

void Area::fill_sign_in(session::StaffSignIn& view) const {
  for (const Member& member : plan_.members) view.members.push_back({member.id, member.name});
  view.chosen = chosen_;
  view.digits = static_cast<int>(pin_.size());
  view.checking = checking_;
  view.locked_until_us = guard_.may_try_at_us();
  view.can_accept = !checking_ && !chosen_.empty() && pin_.size() >= kFewestDigits;
  view.message = message_;
  if (!plan_.no_sign_in.empty()) view.message = {plan_.no_sign_in, true};
}

void Area::fill(session::Snapshot& snapshot, int64_t now_us) const {
  session::StaffView& view = snapshot.staff;
  if (member_) {
    view.member = member_->name;
    view.physio = member_->physio;
  }
  switch (screen_) {
    case Place::closed:
      return;
    case Place::sign_in:
      snapshot.screen = Screen::staff_sign_in;
      return fill_sign_in(view.sign_in);
    case Place::sensors:
      snapshot.screen = Screen::staff_sensors;
      view.sensors = board_.rows(view.physio, now_us);
      return;
    case Place::calibrate:
      snapshot.screen = Screen::staff_calibrate;
      view.calibration.device = board_.state(sensor_, now_us);
      view.calibration.which = board_.which(sensor_);
      return desk_->fill(view.calibration, now_us);
    case Place::pair:
      snapshot.screen = Screen::staff_pair;
      view.pairing.device = board_.state(sensor_, now_us);
      return pairing_->fill(view.pairing, board_.live(sensor_), now_us);
  }
}

}  // namespace patella::staff
