#include "staff/pairing_wizard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace patella::staff {

namespace {
constexpr int64_t kMovesUs = 2'000'000;  ///< after a movement: long enough to look up at the screen
constexpr std::size_t kMaxFound = 32;
constexpr double kPerKind = 65536;
}  // namespace

void PairingWizard::began() {
  listening_ = true;
  found_.clear();
  chosen_.clear();
  say(Message("Listening to everything around. Pedal, or put the strap on"), false);
}

void PairingWizard::interrupted() {
  if (!listening_) return;  // what was heard before stays; a driver is started again with the number it was given
  listening_ = false;
  found_.clear();
  chosen_.clear();
  message_ = {};
}

std::string PairingWizard::id_of(const Found& one) const {
  return fmt::format("{}_{}", setup_.pairings[one.pairing].param, one.number);
}

const PairingWizard::Found* PairingWizard::chosen() const {
  const auto one = std::find_if(found_.begin(), found_.end(), [&](const Found& f) { return id_of(f) == chosen_; });
  return one == found_.end() ? nullptr : &*one;
}

/// The sensor of that code, new if need be; null: none that a parameter takes, or no room.
PairingWizard::Found* PairingWizard::found(double code) {
  if (!(code >= 0 && code < 256 * kPerKind)) return nullptr;
  const auto whole = static_cast<int64_t>(code);
  const int kind = static_cast<int>(whole / 65536), number = static_cast<int>(whole % 65536);
  const auto pairing =
      std::find_if(setup_.pairings.begin(), setup_.pairings.end(), [&](const auto& p) { return p.kind == kind; });
  if (pairing == setup_.pairings.end() || number == 0) return nullptr;
  Found fresh{static_cast<std::size_t>(pairing - setup_.pairings.begin()), number, -1};
  const auto order = [this](const Found& one) { return std::tuple(!in_use(one), one.pairing, one.number); };
  const auto place =
      std::lower_bound(found_.begin(), found_.end(), fresh, [&](const Found& a, const Found& b) { return order(a) < order(b); });
  if (place != found_.end() && order(*place) == order(fresh)) return &*place;
  if (found_.size() >= kMaxFound) return nullptr;
  return &*found_.insert(place, fresh);
}

void PairingWizard::sample(std::size_t channel, int64_t t_us, double value) {
  if (!listening_ || channel >= setup_.channels.size()) return;
  const std::string& key = setup_.channels[channel].key;
  if (key != "sensor_heard" && key != "sensor_moving") return;
  Found* one = found(value);
  if (one && key == "sensor_moving") one->moved_us = t_us;
}

void PairingWizard::heard_all(bool ok, const Messages& text) {
  if (!listening_) return;
  listening_ = false;
  if (!ok) return say(text, true);
  if (found_.empty())
    return say(Message("No sensor was heard. Wake it: turn the cranks, put the strap on. Then listen again"), true);
  choose_what_moved();
}

/// One that moved is chosen when there is no other that it could be; a tap before has decided already.
void PairingWizard::choose_what_moved() {
  std::vector<const Found*> moved, moved_in_use;
  for (const Found& one : found_) {
    if (one.moved_us < 0) continue;
    moved.push_back(&one);
    if (in_use(one)) moved_in_use.push_back(&one);
  }
  if (moved.empty()) return say(Message("Nothing moved. Listen again and pedal meanwhile"), true);
  if (!chosen_.empty()) return say(Message("Use the one that is chosen, or tap another one"), false);
  const Found* only = moved.size() == 1 ? moved[0] : moved_in_use.size() == 1 ? moved_in_use[0] : nullptr;
  if (!only) return say(Message("Several moved: tap yours, or listen again while only yours moves"), false);
  chosen_ = id_of(*only);
  say(moved.size() == 1 ? Message("The one that moved is chosen") : Message("The one of the kind that is in use is chosen"),
      false);
}

void PairingWizard::choose(const std::string& id) {
  if (!saving_) chosen_ = id;
}

void PairingWizard::number_set(const std::string& param, int number) {
  for (auto& pairing : setup_.pairings)
    if (pairing.param == param) pairing.number = number;
}

PairingWizard::Choice PairingWizard::choice() const {
  const Found* one = chosen();
  if (!one) return {};
  const auto& pairing = setup_.pairings[one->pairing];
  return {pairing.param, pairing.label, one->number, pairing.number < 0};
}

void PairingWizard::fill(session::PairingView& view, bool open, int64_t now_us) const {
  view.stations = setup_.stations;
  view.listening = listening_;
  for (const Found& one : found_) {
    const auto& pairing = setup_.pairings[one.pairing];
    const bool moves = listening_ && one.moved_us >= 0 && now_us - one.moved_us <= kMovesUs;
    view.candidates.push_back(
        {id_of(one), pairing.label, one.number, moves, one.moved_us >= 0, id_of(one) == chosen_, pairing.number == one.number});
  }
  view.message = message_;
  view.can_listen = open && can_listen();
  view.can_use = can_use();
}

}  // namespace patella::staff
