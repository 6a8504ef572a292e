#include "frame.hpp"

#include <algorithm>

namespace patella::go_direct {
namespace {

constexpr uint8_t kCommandFrame = 0x58;
constexpr std::size_t kReportRoom = kReportBytes - 1;

/// The valid bytes of a report; empty when it is not one.
std::span<const uint8_t> contents(std::span<const uint8_t> report) {
  if (report.empty() || report[0] == 0 || report[0] > kReportRoom || report[0] >= report.size()) return {};
  return report.subspan(1, report[0]);
}

bool is_whole_and_right(std::span<const uint8_t> bytes) {
  return bytes.size() >= kHeaderBytes && bytes[1] == bytes.size() && checksum(bytes) == bytes[3];
}

void put_u32(Bytes& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

}  // namespace

uint8_t checksum(std::span<const uint8_t> frame) {
  unsigned sum = 0;
  for (const uint8_t byte : frame) sum += byte;
  if (frame.size() > 3) sum -= frame[3];
  return static_cast<uint8_t>(sum);
}

Bytes encode(Command command, std::span<const uint8_t> data, uint8_t counter) {
  Bytes frame = {kCommandFrame, static_cast<uint8_t>(kHeaderBytes + data.size()), counter, 0, static_cast<uint8_t>(command)};
  frame.insert(frame.end(), data.begin(), data.end());
  frame[3] = checksum(frame);
  return frame;
}

Bytes init_data() {
  Bytes data = {0xA5, 0x4A};
  for (uint8_t i = 0x06; i <= 0x0E; ++i) {
    data.push_back(i);
    data.push_back(static_cast<uint8_t>(0x4F - i));
  }
  return data;
}

Bytes period_data(uint32_t period_us) {
  Bytes data = {0xFF, 0x00};
  put_u32(data, period_us);
  data.resize(10, 0);
  return data;
}

Bytes start_data(uint32_t sensor_mask) {
  Bytes data = {0xFF, 0x01};
  put_u32(data, sensor_mask);
  data.resize(14, 0);
  return data;
}

Bytes stop_data() { return {0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF}; }

std::vector<Bytes> to_reports(std::span<const uint8_t> frame) {
  std::vector<Bytes> reports;
  while (!frame.empty()) {
    const std::size_t length = std::min(frame.size(), kReportRoom);
    Bytes report = {static_cast<uint8_t>(length)};
    report.insert(report.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
    report.resize(kReportBytes, 0);
    reports.push_back(std::move(report));
    frame = frame.subspan(length);
  }
  return reports;
}

std::optional<Frame> FrameJoiner::take(std::span<const uint8_t> report) {
  const auto bytes = contents(report);
  if (bytes.empty()) {
    ++garbage_;
    return std::nullopt;
  }
  // A report that is a whole frame by itself ends the wait for the rest of a broken one.
  if (!partial_.empty() && is_whole_and_right(bytes)) {
    ++garbage_;
    partial_.clear();
  }
  partial_.insert(partial_.end(), bytes.begin(), bytes.end());
  if (partial_.size() < 2) return std::nullopt;
  const std::size_t length = partial_[1];
  if (length < kHeaderBytes) {
    ++garbage_;
    partial_.clear();
    return std::nullopt;
  }
  if (partial_.size() < length) return std::nullopt;
  Frame frame;
  frame.bytes.assign(partial_.begin(), partial_.begin() + static_cast<std::ptrdiff_t>(length));
  frame.checksum_right = checksum(frame.bytes) == frame.bytes[3];
  partial_.clear();
  return frame;
}

}  // namespace patella::go_direct
