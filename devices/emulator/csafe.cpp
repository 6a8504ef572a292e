#include "emulator/csafe.hpp"

#include <algorithm>

namespace patella::emulator {

namespace {

constexpr uint8_t kExtendedStart = 0xF0, kStart = 0xF1, kStop = 0xF2, kStuff = 0xF3;

void put_stuffed(Bytes& out, uint8_t byte) {
  if (byte >= kExtendedStart && byte <= kStuff) {
    out.push_back(kStuff);
    byte = static_cast<uint8_t>(byte - kExtendedStart);
  }
  out.push_back(byte);
}

std::optional<Bytes> unstuff(std::span<const uint8_t> body) {
  Bytes plain;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != kStuff) {
      plain.push_back(body[i]);
      continue;
    }
    if (++i == body.size() || body[i] > 3) return std::nullopt;
    plain.push_back(static_cast<uint8_t>(kExtendedStart + body[i]));
  }
  return plain;
}

uint8_t checksum(std::span<const uint8_t> contents) {
  uint8_t sum = 0;
  for (const uint8_t byte : contents) sum = static_cast<uint8_t>(sum ^ byte);
  return sum;
}

}  // namespace

std::optional<CsafeFrame> parse_csafe(std::span<const uint8_t> bytes) {
  const auto start = std::find_if(bytes.begin(), bytes.end(), [](uint8_t b) { return b == kStart || b == kExtendedStart; });
  const auto stop = std::find(start, bytes.end(), kStop);
  if (stop == bytes.end() || stop - start + 1 > static_cast<std::ptrdiff_t>(kCsafeLongestFrame)) return {};
  const auto plain = unstuff({start + 1, stop});
  CsafeFrame frame;
  frame.extended = *start == kExtendedStart;
  const std::size_t head = frame.extended ? 2 : 0;
  if (!plain || plain->size() < head + 1) return {};
  if (frame.extended) {
    frame.destination = (*plain)[0];
    frame.source = (*plain)[1];
  }
  frame.contents.assign(plain->begin() + static_cast<std::ptrdiff_t>(head), plain->end() - 1);
  if (checksum(frame.contents) != plain->back()) return {};
  return frame;
}

Bytes build_csafe(const CsafeFrame& frame) {
  Bytes out = {frame.extended ? kExtendedStart : kStart};
  if (frame.extended) {
    put_stuffed(out, frame.destination);
    put_stuffed(out, frame.source);
  }
  for (const uint8_t byte : frame.contents) put_stuffed(out, byte);
  put_stuffed(out, checksum(frame.contents));
  out.push_back(kStop);
  return out;
}

CsafeCommands split_csafe(std::span<const uint8_t> contents) {
  CsafeCommands commands;
  for (std::size_t at = 0; at < contents.size();) {
    CsafeCommand command{contents[at++], {}};
    if (command.id < 0x80) {
      if (at == contents.size() || contents.size() - at - 1 < contents[at]) {
        commands.ok = false;
        return commands;
      }
      const std::size_t length = contents[at++];
      const auto data = contents.subspan(at, length);
      command.data.assign(data.begin(), data.end());
      at += length;
    }
    commands.list.push_back(std::move(command));
  }
  return commands;
}

}  // namespace patella::emulator
