// Messages of an ANT stick: A4, length, id, payload, and the XOR of all of it. Pure.
// Source: ANT Message Protocol and Usage, and the open programs that talk to these sticks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace patella::ant_plus {

using Bytes = std::vector<uint8_t>;
using Payload = std::array<uint8_t, 8>;  ///< what a sensor sends: one page

/// Message ids, both directions.
enum class Id : uint8_t {
  response = 0x40,  ///< channel, message id (1 = event), code
  unassign = 0x41,
  assign = 0x42,
  period = 0x43,
  search_timeout = 0x44,
  frequency = 0x45,
  network_key = 0x46,
  reset = 0x4A,
  open = 0x4B,
  close = 0x4C,
  request = 0x4D,
  broadcast = 0x4E,
  acknowledged = 0x4F,
  burst = 0x50,
  channel_id = 0x51,
  capabilities = 0x54,
  open_scan = 0x5B,
  lib_config = 0x6E,
  start_up = 0x6F,
  serial_error = 0xAE
};

/// Codes of a response: of an event (message id 1), or of an answer to a command.
enum class Code : uint8_t {
  ok = 0,
  search_timed_out = 1,
  message_missed = 2,
  channel_closed = 7,
  back_to_search = 8,
  collision = 9,
  wrong_state = 0x15,
  invalid_message = 0x28,
  invalid_network = 0x29
};

struct Message {
  uint8_t id = 0;
  Bytes payload;
  bool is(Id wanted) const { return id == static_cast<uint8_t>(wanted); }
};

inline constexpr std::size_t kMaxPayload = 64;

/// The bytes of a message as they go over the wire.
Bytes encode(Id id, std::span<const uint8_t> payload);

/// Cuts a stream of bytes, in slices of any size, into messages. What is no message is skipped byte by byte,
/// so that a good one behind a spoilt one is found. Keeps at most one unfinished message.
class Framer {
 public:
  void add(std::span<const uint8_t> bytes);
  /// The next whole message with a good checksum; empty when more bytes are needed.
  std::optional<Message> next();
  /// Bytes skipped so far.
  uint64_t skipped() const { return skipped_; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  uint64_t skipped_ = 0;
};

/// Who sends: what an extended message says beside the page.
struct SensorId {
  uint16_t number = 0;
  uint8_t type = 0;   ///< device type without the pairing bit
  uint8_t trans = 0;  ///< transmission type
  bool operator==(const SensorId&) const = default;
};

/// A page heard on a channel: broadcast, acknowledged or (one packet of) burst data.
struct Heard {
  uint8_t channel = 0;
  Payload page{};
  std::optional<SensorId> from;
  std::optional<uint16_t> stamp;  ///< when the stick received it, 1/32768 s, rolls over every 2 s
};
/// Empty when the message carries no page, or its extension contradicts its length: then who sent it is not
/// known.
std::optional<Heard> heard(const Message& message);

/// A response or event; empty when the message is neither.
struct Response {
  uint8_t channel = 0, to = 0;
  Code code = Code::ok;
  bool is_event() const { return to == 1; }
};
std::optional<Response> response(const Message& message);

// ---- what the host sends ---------------------------------------------------------------------------------

using NetworkKey = std::array<uint8_t, 8>;

/// 16 hexadecimal digits; spaces, colons and dashes between them do no harm. Empty when it is something else.
std::optional<NetworkKey> read_network_key(std::string_view text);

inline constexpr uint8_t kRadioChannel = 57;                ///< 2457 MHz
inline constexpr uint8_t kSearchTimeout = 12;               ///< × 2.5 s
inline constexpr uint8_t kExtensions = 0x80 | 0x40 | 0x20;  ///< channel id, signal strength, time stamp

Bytes reset_stick();
Bytes ask(uint8_t channel, Id what);
Bytes set_network_key(const NetworkKey& key);
Bytes set_extensions(uint8_t bits);
Bytes assign_channel(uint8_t channel);
Bytes set_channel_id(uint8_t channel, uint16_t number, uint8_t type);
Bytes set_frequency(uint8_t channel);
Bytes set_period(uint8_t channel, uint16_t period);
Bytes set_search_timeout(uint8_t channel);
Bytes open_channel(uint8_t channel);
Bytes close_channel(uint8_t channel);
Bytes unassign_channel(uint8_t channel);
Bytes open_scan();

}  // namespace patella::ant_plus
