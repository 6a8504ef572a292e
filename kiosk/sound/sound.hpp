// Voice and chimes of the kiosk: owner of the voice's thread and the sound card's. Nothing of it ever blocks who posts, and the
// session goes on whatever becomes of the card or the voice.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "sound/cue.hpp"
#include "sound/cue_policy.hpp"
#include "sound/mixer.hpp"
#include "sound/output.hpp"
#include "sound/voice.hpp"

namespace patella::sound {

struct SoundSettings {
  std::filesystem::path voice_program;  ///< patella-voice
  std::string device = "default";       ///< a name of ALSA's
};

enum class SoundState : uint8_t { heard, no_card, no_voice_for_language, voice_failed };

/// From any thread.
class Sound {
 public:
  /// Called once on each change, from a thread of Sound's; `what`: the device, its error, or the language.
  using Tell = std::function<void(SoundState state, const std::string& what)>;

  /// `clock` outlives this.
  Sound(SoundSettings settings, const Clock& clock, Tell tell);
  ~Sound();  ///< waits for Voice::kPatience_ms at most
  Sound(const Sound&) = delete;
  Sound& operator=(const Sound&) = delete;

  void post(const SoundCue& cue);
  void begin(uint32_t lane);  ///< a session of this lane begins: what was stopped there is over
  void set_level(uint32_t lane, Level level);
  void set_language(uint32_t lane, std::string language);  ///< "de"; English until it is set
  void set_volume(float chimes, float speech) { mixer_.set_volume(chimes, speech); }

 private:
  struct Sentence {
    SoundCue cue;
    std::string language;
  };
  void speak_all();
  void speak(const Sentence& sentence);
  Clip clip_of(const Sentence& sentence);
  void tell_failure(VoiceFailure failure, const std::string& language);

  const Clock& clock_;
  const Tell tell_;
  Mixer mixer_;
  std::mutex lock_;
  std::condition_variable wake_;
  CuePolicy policy_;  ///< under the lock, like the next three
  std::map<uint32_t, std::string> languages_;
  std::optional<Sentence> next_;  ///< one slot: the newest wins, but nothing replaces a stop save another
  bool end_ = false;
  Voice voice_;  ///< of the voice's thread, like the next three
  std::map<std::pair<std::string, std::string>, Clip> known_;
  std::set<std::string> without_voice_;
  bool voice_told_ = false;
  Output output_;
  std::thread thread_;
};

}  // namespace patella::sound
