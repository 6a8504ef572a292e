// Which cues sound: pure. Late ones are dropped, a stop comes before everything, and after it nothing but the stop itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sound/chime.hpp"
#include "sound/cue.hpp"

namespace patella::sound {

struct Decision {
  std::optional<Chime> chime;
  bool speak = false;
  bool hush = false;  ///< end what is spoken now
};

/// Oldest that a cue of this kind may be and still be spoken or chimed, in microseconds.
int64_t latest_us(CueKind kind);
bool is_stop(CueKind kind);

/// One thread at a time.
class CuePolicy {
 public:
  /// Everything by default.
  void set_level(uint32_t lane, Level level) { lanes_[lane].level = level; }
  /// The lane's session has ended, or is another: its stop is over.
  void begin(uint32_t lane) { lanes_[lane].stopped = false; }
  Decision decide(const SoundCue& cue, int64_t now_us);
  /// A sentence of `cue` sounds until then. Another lane's waits for none: it is dropped, unless it is more urgent.
  void speaking(const SoundCue& cue, int64_t until_us);
  /// Whether a sentence that took its time to be made may still be said.
  bool still_due(const SoundCue& cue, int64_t now_us) const;

 private:
  struct Lane {
    Level level = Level::everything;
    bool stopped = false;
  };
  bool another_speaks(const SoundCue& cue, int64_t now_us) const;

  std::map<uint32_t, Lane> lanes_;
  uint32_t speaker_ = 0;
  int urgency_ = 0;
  int64_t until_us_ = 0;
};

}  // namespace patella::sound
