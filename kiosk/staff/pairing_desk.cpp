#include "staff/pairing_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patella::staff {

namespace {
constexpr int64_t kMoves_us = 2'000'000;  ///< after a movement: long enough to look up at the screen
constexpr std::size_t kMostFound = 12;
constexpr double kPerKind = 65536;
}  // namespace

void PairingDesk::began() {
  listening_ = true;
  touched_ = false;
  found_.clear();
  chosen_ = kNone;
  say("Listening to everything around. Pedal, or put the strap on", false);
}

PairingDesk::Found* PairingDesk::found(double code) {
  if (!(code >= 0 && code < 256 * kPerKind)) return nullptr;
  const auto whole = static_cast<int64_t>(code);
  const int kind = static_cast<int>(whole / 65536), number = static_cast<int>(whole % 65536);
  const auto pairing =
      std::find_if(plan_.pairings.begin(), plan_.pairings.end(), [&](const auto& p) { return p.kind == kind; });
  if (pairing == plan_.pairings.end() || number == 0) return nullptr;
  const auto index = static_cast<std::size_t>(pairing - plan_.pairings.begin());
  for (Found& one : found_)
    if (one.pairing == index && one.number == number) return &one;
  if (found_.size() >= kMostFound) return nullptr;
  found_.push_back({index, number, -1});
  return &found_.back();
}

void PairingDesk::sample(std::size_t channel, int64_t t_us, double value) {
  if (!listening_ || channel >= plan_.channels.size()) return;
  const std::string& key = plan_.channels[channel].key;
  if (key != "sensor_heard" && key != "sensor_moving") return;
  Found* one = found(value);
  if (!one || key != "sensor_moving") return;
  one->moved_us = t_us;
  // The first that moves is the likely one; a tap says otherwise.
  if (chosen_ == kNone && !touched_) chosen_ = static_cast<std::size_t>(one - found_.data());
}

void PairingDesk::heard_all(bool ok, const std::string& text) {
  listening_ = false;
  if (!ok) return say(text, true);
  std::size_t moved = 0;
  bool of_one_kind = false;  // two bikes were pedalled; a crank and a strap may well be one client's
  for (const Found& one : found_) {
    if (one.moved_us < 0) continue;
    ++moved;
    of_one_kind |= std::any_of(found_.begin(), found_.end(), [&](const Found& other) {
      return &other != &one && other.pairing == one.pairing && other.moved_us >= 0;
    });
  }
  if (found_.empty()) return say("No sensor was heard. Wake it: turn the cranks, put the strap on. Then listen again", true);
  if (moved == 0) return say("Nothing moved. Listen again and pedal meanwhile", true);
  if (of_one_kind && !touched_) {
    chosen_ = kNone;
    return say("Several moved: tap yours, or listen again while only yours moves", false);
  }
  say(moved == 1 ? "The one that moved is chosen" : "These moved. Use one of each kind, one after the other", false);
}

void PairingDesk::choose(std::size_t candidate) {
  if (candidate >= found_.size() || saving_) return;
  chosen_ = candidate;
  touched_ = true;
}

void PairingDesk::number_set(const std::string& param, int number) {
  for (auto& pairing : plan_.pairings)
    if (pairing.param == param) pairing.number = number;
}

PairingDesk::Choice PairingDesk::choice() const {
  if (chosen_ >= found_.size()) return {};
  const auto& pairing = plan_.pairings[found_[chosen_].pairing];
  return {pairing.param, pairing.label, found_[chosen_].number};
}

void PairingDesk::fill(session::PairingView& view, bool live, int64_t now_us) const {
  view.stations = plan_.stations;
  view.listening = listening_;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const Found& one = found_[i];
    const auto& pairing = plan_.pairings[one.pairing];
    const bool moves = listening_ && one.moved_us >= 0 && now_us - one.moved_us <= kMoves_us;
    view.candidates.push_back({pairing.label, one.number, moves, one.moved_us >= 0, i == chosen_,
                               pairing.number == one.number});
  }
  view.message = message_;
  view.can_listen = live && !listening_ && !saving_;
  view.can_use = !listening_ && !saving_ && chosen_ < found_.size();
}

}  // namespace patella::staff
