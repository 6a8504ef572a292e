#include "device_script/script_player.hpp"

#include <algorithm>

namespace patella::device_script {

void ScriptPlayer::begin(bool from_start, int64_t t_us) {
  for (std::size_t i = 0; i < due_.size(); ++i) {
    const Saying& saying = script_->sayings()[i];
    if (saying.from_start != from_start || due_[i].begun) continue;
    due_[i] = {t_us + saying.interval_us, 0, true};
  }
}

void ScriptPlayer::disconnected() { std::fill(due_.begin(), due_.end(), Due{}); }

int64_t ScriptPlayer::next_us() const {
  int64_t next_us = kNeverUs;
  for (const Due& due : due_) next_us = std::min(next_us, due.at_us);
  return next_us;
}

Bytes ScriptPlayer::take() {
  const auto due = std::min_element(due_.begin(), due_.end(), [](const Due& a, const Due& b) { return a.at_us < b.at_us; });
  const Saying& saying = script_->sayings()[static_cast<std::size_t>(due - due_.begin())];
  Bytes bytes = saying.at(due->said++);
  due->at_us = saying.times != 0 && due->said >= saying.times ? kNeverUs : due->at_us + saying.interval_us;
  return bytes;
}

}  // namespace patella::device_script
