#include "emulator/serial_model.hpp"

#include <algorithm>
#include <utility>

namespace patella::emulator {

SerialModel::SerialModel(UsbIdentity identity, uint64_t seed, uint32_t line_baud)
    : identity_(std::move(identity)), line_baud_(line_baud), random_(seed) {}

void SerialModel::opened(int64_t now_us) {
  tick(now_us);
  open_ = true;
  out_.clear();
  held_.clear();
  on_opened();
}

void SerialModel::closed(int64_t now_us) {
  tick(now_us);
  open_ = false;
  out_.clear();
  on_closed();
}

void SerialModel::received(std::span<const uint8_t> bytes, int64_t now_us) {
  tick(now_us);
  if (!is_speed_wrong()) return on_received(bytes);
  Bytes misread(bytes.begin(), bytes.end());
  garble(misread);
  on_received(misread);
}

void SerialModel::garble(std::span<uint8_t> bytes) {
  std::generate(bytes.begin(), bytes.end(), [this] { return random_.byte(); });
}

Bytes SerialModel::take_output(int64_t now_us) {
  tick(now_us);
  Bytes bytes;
  while (!out_.empty() && out_.front().due_us <= now_us_) {
    const Bytes& chunk = out_.front().bytes;
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
    out_.pop_front();
  }
  return bytes;
}

void SerialModel::tick(int64_t now_us) {
  now_us_ = std::max(now_us_, now_us);
  on_tick();
}

int64_t SerialModel::deadline_us() const {
  const int64_t due = out_.empty() ? kNever : out_.front().due_us;
  return std::min(due, next_event_us());
}

void SerialModel::send(std::string_view line) {
  Bytes bytes(line.begin(), line.end());
  if (!open_ || fault_.silent || bytes.empty()) return;
  if (fault_.cut_to >= 0 && bytes.size() > static_cast<std::size_t>(fault_.cut_to))
    bytes.resize(static_cast<std::size_t>(fault_.cut_to));
  if (fault_.garbage || is_speed_wrong()) garble(bytes);
  if (fault_.wrong_checksums > 0 && !bytes.empty()) {
    --fault_.wrong_checksums;
    // The high bit makes the byte one that no line of text holds.
    uint8_t& byte = bytes[random_.next() % bytes.size()];
    byte = static_cast<uint8_t>(byte | 0x80u);
  }
  if (fault_.burst > 0) {
    held_.push_back(std::move(bytes));
    if (--fault_.burst > 0) return;
    for (Bytes& one : std::exchange(held_, {})) queue(std::move(one));
    return;
  }
  queue(std::move(bytes));
}

void SerialModel::queue(Bytes line) {
  if (line.empty()) return;
  int64_t due_us = now_us_ + fault_.delay_us;
  if (fault_.bytes_per_s <= 0) {
    if (!out_.empty()) due_us = std::max(due_us, out_.back().due_us);
    out_.push_back({due_us, std::move(line)});
    return;
  }
  line_free_us_ = std::max(line_free_us_, due_us);
  for (const uint8_t byte : line) {
    line_free_us_ += 1'000'000 / fault_.bytes_per_s;
    out_.push_back({line_free_us_, {byte}});
  }
}

}  // namespace patella::emulator
