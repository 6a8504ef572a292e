#include "emulator/lines_model.hpp"

#include <algorithm>
#include <utility>

namespace patella::emulator {

namespace {
constexpr std::size_t kMaxHeardBytes = 4096;
}

LinesModel::LinesModel(const UsbIdentity& identity, device_script::DeviceScript script, uint64_t seed, uint32_t line_baud)
    : SerialModel(identity, seed, line_baud), script_(std::move(script)), player_(script_) {}

void LinesModel::on_opened() {
  heard_.clear();
  replies_.clear();
  player_.connected(now_us());
}

void LinesModel::on_closed() {
  replies_.clear();
  player_.disconnected();
}

void LinesModel::on_received(std::span<const uint8_t> bytes) {
  heard_.insert(heard_.end(), bytes.begin(), bytes.end());
  const std::vector<Bytes> answers = script_.answer_to(heard_);
  if (answers.empty()) {
    if (heard_.size() > kMaxHeardBytes) heard_.erase(heard_.begin(), heard_.end() - kMaxHeardBytes);
    return;
  }
  heard_.clear();
  for (const Bytes& answer : answers)
    if (!answer.empty()) replies_.push_back({now_us() + kReplyUs, answer});
}

int64_t LinesModel::next_event_us() const {
  if (!is_open()) return kNever;
  return std::min(player_.next_us(), replies_.empty() ? kNever : replies_.front().due_us);
}

void LinesModel::on_tick() {
  const auto say = [this](const Bytes& bytes) { send(std::string(bytes.begin(), bytes.end())); };
  while (next_event_us() <= now_us()) {
    if (replies_.empty() || player_.next_us() < replies_.front().due_us) {
      say(player_.take());
      continue;
    }
    player_.answered(replies_.front().due_us);
    say(replies_.front().bytes);
    replies_.pop_front();
  }
}

}  // namespace patella::emulator
