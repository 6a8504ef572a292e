// What the kiosk and patella-voice say to each other over one SOCK_SEQPACKET socket, the helper's standard input.
#pragma once

#include <cstddef>
#include <cstdint>

namespace patella::sound {

inline constexpr int kVoiceHz = 22'050;
inline constexpr std::size_t kMaxSpokenBytes = 1000;
inline constexpr std::size_t kMaxVoiceSamples = 22'050 * 30;
inline constexpr std::size_t kPacketSamples = 16'000;

/// One packet: this head, then the text as UTF-8.
struct VoiceRequest {
  uint32_t number = 0;
  char language[4] = {};  ///< "de"
};

/// One packet: this head; then packets of samples, kPacketSamples each and the rest.
struct VoiceReply {
  enum Status : uint32_t { spoken = 0, no_voice = 1 };
  uint32_t number = 0;
  uint32_t status = spoken;
  uint32_t samples = 0;
};

}  // namespace patella::sound
