// Chimes and one sentence at a time, mono, 44,100 Hz. No thread, clock or device: render() is called by the output thread, or by a
// test in virtual time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "sound/chime.hpp"

namespace patella::sound {

inline constexpr int kRate = 44'100;
inline constexpr int kVoiceRate = 22'050;
using Samples = std::vector<int16_t>;
using Clip = std::shared_ptr<const Samples>;  ///< at kRate

/// From kVoiceRate to kRate: each second sample by a cubic through four.
Clip doubled(std::span<const int16_t> voice);

class Mixer {
 public:
  // From any thread; none waits for a device.
  void chime(Chime chime);
  void say(Clip clip);  ///< ends the sentence before, in 5 ms
  void hush();          ///< ends the sentence, in 5 ms
  /// Of full scale, 0…1.
  void set_volume(float chimes, float speech);
  bool idle() const;  ///< nothing sounds, nothing waits

  /// The renderer's thread alone. What is posted while it cannot look comes with the next call.
  void render(std::span<int16_t> out);

 private:
  struct Tone {
    Note note;
    int wait = 0, age = 0;  ///< samples
  };
  struct Voice {
    Clip clip;
    std::size_t at = 0;
    float fade = 1;
  };
  struct Inbox {
    std::vector<Chime> chimes;
    Clip clip;
    bool hush = false, any = false;
    float chime_volume = 1, speech_volume = 1;
  };
  void take_inbox();
  void end_sentence();
  float tones_now();
  float speech_now();

  mutable std::mutex lock_;
  Inbox inbox_;
  bool sounding_ = false;  ///< under the lock: as of the last render()
  std::vector<Tone> tones_;
  Voice voice_;
  std::vector<Voice> fading_;
  float duck_ = 1, chime_volume_ = 1, speech_volume_ = 1, wanted_chimes_ = 1, wanted_speech_ = 1;
};

}  // namespace patella::sound
