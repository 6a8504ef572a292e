#include "csafe.hpp"

#include <algorithm>
#include <cstddef>

namespace patella::concept2_pm5 {
namespace {

constexpr uint8_t kExtendedStart = 0xF0, kStart = 0xF1, kEnd = 0xF2, kStuff = 0xF3;
constexpr uint8_t kOutputReport = 0x02;

void put_stuffed(std::vector<uint8_t>& out, uint8_t byte) {
  if (byte < kExtendedStart || byte > kStuff) return out.push_back(byte);
  out.push_back(kStuff);
  out.push_back(static_cast<uint8_t>(byte - kExtendedStart));
}

uint8_t checksum(std::span<const uint8_t> bytes) {
  uint8_t sum = 0;
  for (uint8_t byte : bytes) sum = static_cast<uint8_t>(sum ^ byte);
  return sum;
}

bool unstuff(std::span<const uint8_t> bytes, std::vector<uint8_t>& out) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != kStuff) {
      out.push_back(bytes[i]);
      continue;
    }
    if (++i == bytes.size() || bytes[i] > 3) return false;
    out.push_back(static_cast<uint8_t>(kExtendedStart + bytes[i]));
  }
  return true;
}

}  // namespace

std::vector<uint8_t> encode_frame(std::span<const uint8_t> contents) {
  std::vector<uint8_t> frame = {kStart};
  for (uint8_t byte : contents) put_stuffed(frame, byte);
  put_stuffed(frame, checksum(contents));
  frame.push_back(kEnd);
  return frame;
}

std::vector<uint8_t> encode_report(std::span<const uint8_t> contents) {
  const std::vector<uint8_t> frame = encode_frame(contents);
  if (frame.size() > kMaxFrame) return {};
  std::vector<uint8_t> report(kReportBytes, 0);
  report[0] = kOutputReport;
  std::copy(frame.begin(), frame.end(), report.begin() + 1);
  return report;
}

Frame decode_frame(std::span<const uint8_t> bytes) {
  const auto is_start = [](uint8_t byte) { return byte == kStart || byte == kExtendedStart; };
  auto start = std::find_if(bytes.begin(), bytes.end(), is_start);
  const auto end = std::find(start, bytes.end(), kEnd);
  if (start == bytes.end() || end == bytes.end()) return {FrameFault::no_frame, {}};
  for (auto again = start; again != end; again = std::find_if(again + 1, end, is_start)) start = again;

  Frame frame;
  const std::span<const uint8_t> inside(&*start + 1, static_cast<std::size_t>(end - start - 1));
  if (!unstuff(inside, frame.contents)) return {FrameFault::bad_stuffing, {}};
  const std::size_t addresses = *start == kExtendedStart ? 2 : 0;
  if (frame.contents.size() < addresses + 2) return {FrameFault::empty, {}};
  frame.contents.erase(frame.contents.begin(), frame.contents.begin() + static_cast<std::ptrdiff_t>(addresses));
  const uint8_t sent_sum = frame.contents.back();
  frame.contents.pop_back();
  if (checksum(frame.contents) != sent_sum) return {FrameFault::bad_checksum, {}};
  frame.fault = FrameFault::none;
  return frame;
}

Frame decode_report(std::span<const uint8_t> report) {
  if (report.empty() || (report[0] != 1 && report[0] != 2 && report[0] != 4)) return {FrameFault::wrong_report, {}};
  return decode_frame(report.subspan(1));
}

}  // namespace patella::concept2_pm5
