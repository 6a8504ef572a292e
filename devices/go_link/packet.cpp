#include "packet.hpp"

#include <algorithm>
#include <utility>

namespace patella::go_link {
namespace {

constexpr uint8_t kKindMask = 0xC0, kMeasurement = 0x00, kAnswer = 0x40, kInitAnswer = 0x80;
constexpr uint8_t kError = 0x20, kLast = 0x10, kFirst = 0x08, kLength = 0x07;
constexpr std::size_t kMaxAnswer = 255;

}  // namespace

std::array<uint8_t, kPacketBytes> encode(Command command, std::span<const uint8_t> parameters) {
  std::array<uint8_t, kPacketBytes> packet{};
  packet[0] = static_cast<uint8_t>(command);
  std::copy_n(parameters.begin(), std::min(parameters.size(), kPacketBytes - 1), packet.begin() + 1);
  return packet;
}

std::array<uint8_t, kPacketBytes> encode_period(uint32_t ticks) {
  std::array<uint8_t, 4> parameters{};
  for (std::size_t i = 0; i < 4; ++i) parameters[i] = static_cast<uint8_t>(ticks >> (8 * i));
  return encode(Command::period, parameters);
}

std::optional<Samples> read_samples(std::span<const uint8_t> packet) {
  if (packet.size() != kPacketBytes || (packet[0] & kKindMask) != kMeasurement) return std::nullopt;
  if (packet[0] < 1 || packet[0] > 3) return std::nullopt;
  Samples samples;
  samples.counter = packet[1];
  samples.count = packet[0];
  for (std::size_t i = 0; i < packet[0]; ++i)
    samples.raw[i] = static_cast<int16_t>(static_cast<uint16_t>(packet[2 + 2 * i] | packet[3 + 2 * i] << 8));
  return samples;
}

std::optional<Answer> AnswerJoiner::take(std::span<const uint8_t> packet) {
  if (packet.size() != kPacketBytes) return std::nullopt;
  const uint8_t header = packet[0], kind = header & kKindMask;
  if (kind != kAnswer && kind != kInitAnswer) return std::nullopt;
  const std::size_t length = header & kLength;
  std::span<const uint8_t> bytes = packet.subspan(1, length);
  if (header & kFirst) {
    if (bytes.empty()) return std::nullopt;
    open_ = Answer{bytes[0], kind == kInitAnswer, (header & kError) != 0, {}};
    bytes = bytes.subspan(1);
  }
  if (!open_) return std::nullopt;
  open_->failed = open_->failed || (header & kError) != 0;
  open_->payload.insert(open_->payload.end(), bytes.begin(), bytes.end());
  if (open_->payload.size() > kMaxAnswer) {
    open_.reset();
    return std::nullopt;
  }
  if (!(header & kLast) && !open_->failed) return std::nullopt;
  return std::exchange(open_, std::nullopt);
}

}  // namespace patella::go_link
