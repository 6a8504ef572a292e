// The 8-byte packets of a Go!Link. Pure.
//
// Commands go as class requests SET_REPORT: command, seven bytes of parameters. What comes in begins with a
// header; bits 7–6: 0 a measurement, 1 an answer, 2 the answer to INIT; of answers bit 5 = error, bit 4 =
// last packet, bit 3 = first packet, bits 2–0 = bytes that follow (in a first packet the command is one of
// them). Source: VernierST/GoIO_SDK, GSkipComm.h and GSkipCommExt.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patella::go_link {

using Bytes = std::vector<uint8_t>;

enum class Command : uint8_t {
  status = 0x10,
  read_own_memory = 0x17,
  start = 0x18,
  stop = 0x19,
  init = 0x1A,
  period = 0x1B,
  read_probe_memory = 0x27,
  probe_id = 0x28,
  input = 0x29,
};

/// How a command can fail.
inline constexpr uint8_t kNotReady = 0x30, kUnsupported = 0x31, kCollecting = 0x34, kCollectingFast = 0x35, kBadParameter = 0x36,
                         kBlockedWhileCollecting = 0x39, kPoweringUp = 0x40, kNoConnection = 0xF0;

inline constexpr std::size_t kPacketBytes = 8;
/// At most seven bytes of parameters; the rest is zero.
std::array<uint8_t, kPacketBytes> encode(Command command, std::span<const uint8_t> parameters = {});
/// One tick of the Go!Link is 1 ms.
std::array<uint8_t, kPacketBytes> encode_period(uint32_t ticks);

struct Samples {
  uint8_t counter = 0;  ///< of packets, rolls over
  int count = 0;        ///< 1 … 3
  std::array<int16_t, 3> raw{};
};
/// Empty for anything but a measurement of one to three values.
std::optional<Samples> read_samples(std::span<const uint8_t> packet);

struct Answer {
  uint8_t command = 0;
  bool is_init = false;
  bool failed = false;
  Bytes payload;  ///< after the command; of a failed one its first byte says why
};

/// Puts answers together: memory is read in many packets. Keeps at most 255 bytes.
class AnswerJoiner {
 public:
  /// The answer that is complete with this packet. Measurements are ignored.
  std::optional<Answer> take(std::span<const uint8_t> packet);
  void reset() { open_.reset(); }

 private:
  std::optional<Answer> open_;
};

}  // namespace patella::go_link
