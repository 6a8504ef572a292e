// The kiosk's end of patella-voice: starts it, asks it, ends it when it hangs, starts it again with a back-off.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "sound/mixer.hpp"
#include "sound/voice_wire.hpp"

namespace patella::sound {

enum class VoiceFailure : uint8_t { none, no_voice, gone, hung, waiting };

/// One thread. Blocks for kPatience_ms at most.
class Voice {
 public:
  static constexpr int kPatience_ms = 500;

  explicit Voice(std::filesystem::path program) : program_(std::move(program)) {}
  ~Voice() { end(); }
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;

  struct Spoken {
    Samples samples;  ///< at kVoiceRate
    VoiceFailure failure = VoiceFailure::none;
  };
  /// `now_us`: Clock::now_us(). After a failure it is `waiting` for 0.25, 1, then 4 s before the program is started again.
  Spoken speak(const std::string& language, const std::string& text, int64_t now_us);
  pid_t pid() const { return pid_; }  ///< 0: it does not run

 private:
  bool start();
  void end();
  Spoken failed(VoiceFailure why, int64_t now_us);
  VoiceFailure receive(void* to, std::size_t size, int64_t until_ms);

  const std::filesystem::path program_;
  UniqueFd socket_;
  pid_t pid_ = 0;
  uint32_t number_ = 0;
  int failures_ = 0;
  int64_t again_us_ = 0;
};

}  // namespace patella::sound
