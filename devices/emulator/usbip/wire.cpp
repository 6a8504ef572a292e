#include "usbip/wire.hpp"

#include <algorithm>

namespace patella::emulator::usbip {

namespace {

constexpr uint16_t kListRequest = 0x8005, kListReply = 0x0005, kImportRequest = 0x8003, kImportReply = 0x0003;
constexpr uint32_t kSubmit = 1, kUnlink = 2, kSubmitReply = 3, kUnlinkReply = 4;
constexpr uint32_t kNoIso = 0xFFFFFFFF, kMaxIsoPackets = 1024;
constexpr std::size_t kIsoPacketBytes = 16, kPathBytes = 256;

uint16_t get16(std::span<const uint8_t> bytes, std::size_t at) { return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]); }

void put_text(Bytes& bytes, const std::string& text, std::size_t size) {
  const std::size_t used = std::min(text.size(), size - 1);
  bytes.insert(bytes.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(used));
  bytes.insert(bytes.end(), size - used, 0);
}

void put_operation(Bytes& bytes, uint16_t code, OpStatus status) {
  put16(bytes, kVersion);
  put16(bytes, code);
  put32(bytes, static_cast<uint32_t>(status));
}

void put_device(Bytes& bytes, const Exported& device) {
  const Bytes &d = device.descriptors->device, &c = device.descriptors->configuration;
  put_text(bytes, "/sys/devices/patella-emulator/" + device.bus_id, kPathBytes);
  put_text(bytes, device.bus_id, kBusIdBytes);
  put32(bytes, device.bus);
  put32(bytes, device.device);
  put32(bytes, speed_number(*device.descriptors));
  for (const std::size_t low : {8u, 10u, 12u})  // vendor, product, release: little-endian in the descriptor
    bytes.insert(bytes.end(), {d[low + 1], d[low]});
  bytes.insert(bytes.end(), {d[4], d[5], d[6], c[5], d[17], c[4]});  // class × 3, configuration, how many, interfaces
}

/// Class, subclass and protocol of each interface's first setting.
void put_interfaces(Bytes& bytes, const Bytes& configuration) {
  constexpr uint8_t kInterface = 4;
  std::size_t at = 0;
  while (at + 1 < configuration.size() && configuration[at] >= 2 && at + configuration[at] <= configuration.size()) {
    const bool first_setting = configuration[at + 1] == kInterface && configuration[at] >= 9 && configuration[at + 3] == 0;
    if (first_setting) bytes.insert(bytes.end(), {configuration[at + 5], configuration[at + 6], configuration[at + 7], 0});
    at += configuration[at];
  }
}

}  // namespace

uint32_t get32(std::span<const uint8_t> bytes, std::size_t at) {
  return static_cast<uint32_t>(bytes[at]) << 24 | static_cast<uint32_t>(bytes[at + 1]) << 16 |
         static_cast<uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

void put32(Bytes& bytes, uint32_t value) {
  for (const unsigned shift : {24u, 16u, 8u, 0u}) bytes.push_back(static_cast<uint8_t>(value >> shift));
}

void put16(Bytes& bytes, uint16_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8));
  bytes.push_back(static_cast<uint8_t>(value & 0xFF));
}

uint32_t speed_number(const Descriptors& descriptors) { return descriptors.high_speed ? 3 : 2; }
uint32_t device_id(const Exported& device) { return device.bus << 16 | device.device; }

Bytes list_reply(std::span<const Exported> devices) {
  Bytes bytes;
  put_operation(bytes, kListReply, OpStatus::ok);
  put32(bytes, static_cast<uint32_t>(devices.size()));
  for (const Exported& device : devices) {
    put_device(bytes, device);
    put_interfaces(bytes, device.descriptors->configuration);
  }
  return bytes;
}

Bytes import_reply(OpStatus status, const Exported* device) {
  Bytes bytes;
  put_operation(bytes, kImportReply, status);
  if (status == OpStatus::ok && device) put_device(bytes, *device);
  return bytes;
}

namespace {

Bytes reply_head(uint32_t command, uint32_t sequence, int status) {
  Bytes bytes;
  bytes.reserve(kCommandBytes);
  put32(bytes, command);
  put32(bytes, sequence);
  bytes.resize(20, 0);  // device, direction and endpoint are not looked at in an answer
  put32(bytes, static_cast<uint32_t>(status));
  return bytes;
}

}  // namespace

Bytes submit_reply(uint32_t sequence, int status, uint32_t actual, std::span<const uint8_t> in) {
  Bytes bytes = reply_head(kSubmitReply, sequence, status);
  put32(bytes, actual);
  bytes.resize(kCommandBytes, 0);
  bytes.insert(bytes.end(), in.begin(), in.end());
  return bytes;
}

Bytes unlink_reply(uint32_t sequence, int status) {
  Bytes bytes = reply_head(kUnlinkReply, sequence, status);
  bytes.resize(kCommandBytes, 0);
  return bytes;
}

void Decoder::add(std::span<const uint8_t> bytes) {
  if (!broken_.empty()) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Bytes Decoder::take_rest() {
  Bytes left(rest().begin(), rest().end());
  take(left.size());
  return left;
}

std::optional<Operation> Decoder::next_operation() {
  if (!broken_.empty() || buffered() < kOperationBytes) return std::nullopt;
  const uint16_t version = get16(rest(), 0), code = get16(rest(), 2);
  if (version != kVersion) {
    broken_ = "the client speaks another version of USB/IP than 1.1.1";
    return std::nullopt;
  }
  if (code == kListRequest) {
    take(kOperationBytes);
    return ListRequest{};
  }
  if (code != kImportRequest) {
    broken_ = "the client asks for an operation that is neither list nor import";
    return std::nullopt;
  }
  if (buffered() < kOperationBytes + kBusIdBytes) return std::nullopt;
  const auto field = rest().subspan(kOperationBytes, kBusIdBytes);
  const auto end = std::find(field.begin(), field.end(), uint8_t{0});
  ImportRequest request{std::string(field.begin(), end)};
  take(kOperationBytes + kBusIdBytes);
  return request;
}

std::optional<Command> Decoder::next_command() {
  if (!broken_.empty() || buffered() < kCommandBytes) return std::nullopt;
  const auto head = rest().first(kCommandBytes);
  const uint32_t command = get32(head, 0);
  if (command == kUnlink) {
    const Unlink unlink{get32(head, 4), get32(head, 8), get32(head, 20)};
    take(kCommandBytes);
    return unlink;
  }
  if (command == kSubmit) return submit(head);
  broken_ = "the client sends a command that is neither submit nor unlink";
  return std::nullopt;
}

std::optional<Submit> Decoder::submit(std::span<const uint8_t> head) {
  Submit s;
  s.sequence = get32(head, 4);
  s.device = get32(head, 8);
  const uint32_t direction = get32(head, 12), endpoint = get32(head, 16);
  s.length = get32(head, 24);
  s.iso_packets = get32(head, 32) == kNoIso ? 0 : get32(head, 32);
  if (direction > 1 || endpoint > 15 || s.length > kMaxTransferBytes || s.iso_packets > kMaxIsoPackets) {
    broken_ = "the client submits a transfer with an impossible direction, endpoint or length";
    return std::nullopt;
  }
  s.in = direction == 1;
  s.endpoint = static_cast<uint8_t>(endpoint);
  std::copy_n(head.begin() + 40, s.setup.size(), s.setup.begin());
  const std::size_t data = s.in ? 0 : s.length;
  const std::size_t whole = kCommandBytes + data + s.iso_packets * kIsoPacketBytes;
  if (buffered() < whole) return std::nullopt;
  const auto bytes = rest().subspan(kCommandBytes, data);
  s.out.assign(bytes.begin(), bytes.end());
  take(whole);
  return s;
}

}  // namespace patella::emulator::usbip
