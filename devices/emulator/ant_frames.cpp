#include "emulator/ant_frames.hpp"

#include <algorithm>
#include <numeric>

namespace patella::emulator {

namespace {

constexpr uint8_t kSync = 0xA4;
constexpr std::size_t kMaxPayload = 64;

uint8_t xor_of(std::span<const uint8_t> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), uint8_t{0},
                         [](uint8_t sum, uint8_t byte) { return static_cast<uint8_t>(sum ^ byte); });
}

}  // namespace

Bytes build_ant(uint8_t id, const Bytes& payload) {
  Bytes frame(3 + payload.size());
  frame[0] = kSync;
  frame[1] = static_cast<uint8_t>(payload.size());
  frame[2] = id;
  std::copy(payload.begin(), payload.end(), frame.begin() + 3);
  frame.push_back(xor_of(frame));
  return frame;
}

std::optional<AntFrame> take_ant(Bytes& stream) {
  while (stream.size() >= 2) {
    const std::size_t payload = stream[1], whole = payload + 4;
    const bool possible = stream[0] == kSync && payload <= kMaxPayload;
    if (possible && stream.size() < whole) return std::nullopt;
    if (possible && xor_of(std::span(stream).first(whole)) == 0) {
      const auto end = stream.begin() + static_cast<std::ptrdiff_t>(whole);
      AntFrame frame{stream[2], Bytes(stream.begin() + 3, end - 1)};
      stream.erase(stream.begin(), end);
      return frame;
    }
    stream.erase(stream.begin());
  }
  return std::nullopt;
}

}  // namespace patella::emulator
