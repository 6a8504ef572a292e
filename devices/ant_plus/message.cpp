#include "message.hpp"

#include <algorithm>

namespace patella::ant_plus {
namespace {

constexpr uint8_t kSync = 0xA4;
constexpr std::size_t kAround = 4;  // sync, length, id and checksum
constexpr uint8_t kHasId = 0x80, kHasStrength = 0x40, kHasStamp = 0x20;
constexpr uint8_t kStrengthDbm = 0x20, kStrengthAgc = 0x10;
constexpr std::size_t kFlagAt = 9;  // behind the channel and the eight bytes of the page

uint16_t word(std::span<const uint8_t> bytes, std::size_t at) { return static_cast<uint16_t>(bytes[at] | bytes[at + 1] << 8); }

/// Bytes that the signal strength takes, by its first one.
std::size_t strength_size(uint8_t kind) { return kind == kStrengthAgc ? 4 : kind == kStrengthDbm ? 3 : 0; }

void read_extension(std::span<const uint8_t> payload, Heard& heard) {
  if (payload.size() <= kFlagAt) return;
  const uint8_t flags = payload[kFlagAt];
  std::size_t at = kFlagAt + 1;
  if (flags & kHasId) {
    if (payload.size() < at + 4) return;
    heard.from = {word(payload, at), static_cast<uint8_t>(payload[at + 2] & 0x7F), payload[at + 3]};
    at += 4;
  }
  if (flags & kHasStrength) {
    if (payload.size() <= at) return;
    const std::size_t size = strength_size(payload[at]);
    if (size == 0) return;
    at += size;
  }
  // The stamp is the end of the message: a length that does not fit means another layout.
  if ((flags & kHasStamp) && payload.size() == at + 2) heard.stamp = word(payload, at);
}

Bytes on_channel(Id id, uint8_t channel) { return encode(id, std::array{channel}); }

}  // namespace

Bytes encode(Id id, std::span<const uint8_t> payload) {
  Bytes bytes = {kSync, static_cast<uint8_t>(payload.size()), static_cast<uint8_t>(id)};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  uint8_t sum = 0;
  for (const uint8_t byte : bytes) sum = static_cast<uint8_t>(sum ^ byte);
  bytes.push_back(sum);
  return bytes;
}

void Framer::add(std::span<const uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

std::optional<Message> Framer::next() {
  while (at_ + 1 < bytes_.size()) {
    const std::size_t length = bytes_[at_ + 1];
    if (bytes_[at_] != kSync || length > kMaxPayload) {
      ++at_;
      ++skipped_;
      continue;
    }
    if (bytes_.size() - at_ < length + kAround) break;
    uint8_t sum = 0;
    for (std::size_t i = 0; i < length + kAround; ++i) sum = static_cast<uint8_t>(sum ^ bytes_[at_ + i]);
    if (sum != 0) {
      ++at_;
      ++skipped_;
      continue;
    }
    const auto start = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
    Message message{bytes_[at_ + 2], Bytes(start + 3, start + 3 + static_cast<std::ptrdiff_t>(length))};
    at_ += length + kAround;
    return message;
  }
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  return std::nullopt;
}

std::optional<Heard> heard(const Message& message) {
  const bool data = message.is(Id::broadcast) || message.is(Id::acknowledged) || message.is(Id::burst);
  if (!data || message.payload.size() < 9) return std::nullopt;
  Heard heard;
  // A burst has its sequence number in the upper three bits.
  heard.channel = message.payload[0] & 0x1F;
  std::copy_n(message.payload.begin() + 1, heard.page.size(), heard.page.begin());
  read_extension(message.payload, heard);
  return heard;
}

std::optional<Response> response(const Message& message) {
  if (!message.is(Id::response) || message.payload.size() < 3) return std::nullopt;
  return Response{message.payload[0], message.payload[1], static_cast<Code>(message.payload[2])};
}

std::optional<NetworkKey> read_network_key(std::string_view text) {
  NetworkKey key{};
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ' ' || c == ':' || c == '-') continue;
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0 || digits == 2 * key.size()) return std::nullopt;
    uint8_t& byte = key[digits++ / 2];
    byte = static_cast<uint8_t>(byte << 4 | digit);
  }
  return digits == 2 * key.size() ? std::optional(key) : std::nullopt;
}

Bytes reset_stick() { return encode(Id::reset, std::array<uint8_t, 1>{0}); }
Bytes ask(uint8_t channel, Id what) { return encode(Id::request, std::array{channel, static_cast<uint8_t>(what)}); }
Bytes set_network_key(const NetworkKey& key) {
  Bytes payload = {0};  // the network's number
  payload.insert(payload.end(), key.begin(), key.end());
  return encode(Id::network_key, payload);
}
Bytes set_extensions(uint8_t bits) { return encode(Id::lib_config, std::array<uint8_t, 2>{0, bits}); }
/// As a two-way slave on network 0.
Bytes assign_channel(uint8_t channel) { return encode(Id::assign, std::array<uint8_t, 3>{channel, 0, 0}); }
Bytes set_channel_id(uint8_t channel, uint16_t number, uint8_t type) {
  const auto low = static_cast<uint8_t>(number & 0xFF), high = static_cast<uint8_t>(number >> 8);
  return encode(Id::channel_id, std::array<uint8_t, 5>{channel, low, high, type, 0});
}
Bytes set_frequency(uint8_t channel) { return encode(Id::frequency, std::array{channel, kRadioChannel}); }
Bytes set_period(uint8_t channel, uint16_t period) {
  const auto low = static_cast<uint8_t>(period & 0xFF), high = static_cast<uint8_t>(period >> 8);
  return encode(Id::period, std::array{channel, low, high});
}
Bytes set_search_timeout(uint8_t channel) { return encode(Id::search_timeout, std::array{channel, kSearchTimeout}); }
Bytes open_channel(uint8_t channel) { return on_channel(Id::open, channel); }
Bytes close_channel(uint8_t channel) { return on_channel(Id::close, channel); }
Bytes unassign_channel(uint8_t channel) { return on_channel(Id::unassign, channel); }
Bytes open_scan() { return on_channel(Id::open_scan, 0); }

}  // namespace patella::ant_plus
