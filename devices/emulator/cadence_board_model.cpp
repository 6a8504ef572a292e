#include "emulator/cadence_board_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int64_t kStepUs = 20'000;
constexpr int64_t kBounceUs = 18'000;
constexpr uint32_t kBounceEvery = 5;

UsbIdentity identity_of(const CadenceBoardModel::Options& options) {
  if (options.ch340) return {0x1a86, 0x7523, "QinHeng Electronics", "USB Serial", ""};
  return {0x2341, 0x0043, "Arduino (www.arduino.cc)", "Arduino Uno", options.serial};
}

}  // namespace

CadenceBoardModel::CadenceBoardModel(const Options& options)
    : SerialModel(identity_of(options), options.seed, options.ch340 ? 115200 : 0), options_(options), rider_(options.seed) {
  if (!options.automatic) rider_.pedal(0);
}

bool CadenceBoardModel::act(const Act& act, int64_t now_us) {
  if (act.gesture == Gesture::miss) return miss_ = true;     // the line of one revolution is lost
  if (act.gesture == Gesture::spike) return bounce_ = true;  // one revolution is seen twice
  if (act.gesture == Gesture::heart) return false;
  return rider_.act(act, now_us);
}

void CadenceBoardModel::on_opened() {
  booted_ = false;
  command_.clear();
  boot_us_ = now_us() + options_.boot_us;
  if (next_step_us_ <= 0) rider_.start_script(now_us());
  next_step_us_ = now_us() + kStepUs;
}

int64_t CadenceBoardModel::next_event_us() const { return is_open() ? next_step_us_ : kNever; }

uint32_t CadenceBoardModel::stamp(int64_t t_us) const { return static_cast<uint32_t>(t_us - boot_us_) + options_.first_stamp_us; }

void CadenceBoardModel::on_tick() {
  if (!is_open()) return;
  // After a pause of the host the missed time is not made up for.
  if (next_step_us_ < now_us() - 2'000'000) next_step_us_ = now_us();
  for (; next_step_us_ <= now_us(); next_step_us_ += kStepUs) step(next_step_us_);
}

void CadenceBoardModel::step(int64_t t_us) {
  rider_.advance(t_us);
  const bool turned = rider_.revolutions() != seen_revolutions_;
  seen_revolutions_ = rider_.revolutions();
  if (!booted_ && t_us >= boot_us_) {
    booted_ = true;
    count_ = 0;
    next_beat_us_ = boot_us_ + kBeatUs;
    send("\xFEoot\r\n");
  }
  if (!booted_) return;
  if (turned && rider_.last_crossing_us() > boot_us_) closed_at(rider_.last_crossing_us());
  for (; next_beat_us_ <= t_us; next_beat_us_ += kBeatUs) send(fmt::format("{};=\n", stamp(next_beat_us_)));
}

void CadenceBoardModel::closed_at(int64_t t_us) {
  ++count_;
  if (!std::exchange(miss_, false)) send(fmt::format("{};{}\n", stamp(t_us), count_));
  const bool bounces = options_.bounces && count_ % kBounceEvery == 0;
  if (std::exchange(bounce_, false) || bounces) send(fmt::format("{};{}\n", stamp(t_us + kBounceUs), ++count_));
}

void CadenceBoardModel::on_received(std::span<const uint8_t> bytes) {
  if (!booted_) return;
  command_.append(bytes.begin(), bytes.end());
  if (command_.size() > 64) command_.erase(0, command_.size() - 64);
  for (std::size_t end; (end = command_.find(':')) != std::string::npos; command_.erase(0, end + 1))
    if (command_.substr(0, end).ends_with("version")) send("Cadence_Sensor-1.0\n");
}

}  // namespace patella::emulator
