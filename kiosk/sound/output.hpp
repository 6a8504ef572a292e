// The only code that knows a sound card: one thread, for which nobody waits. Without a card it renders against the clock, so that
// nothing is said late, and looks again each 2 s while there is something to say.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "sound/mixer.hpp"

struct _snd_pcm;

namespace patella::sound {

class Output {
 public:
  /// Called on each change, from the output thread: whether it can be heard, and the device or what is wrong with it.
  using Tell = std::function<void(bool heard, const std::string& what)>;

  /// `device`: a name of ALSA's, such as "default" or "sysdefault:CARD=Device". `mixer` outlives this.
  Output(Mixer& mixer, std::string device, Tell tell);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void wake();  ///< after something was posted to the mixer

 private:
  void run();
  bool sleep_while_idle();
  bool open();
  void close();
  void write(std::span<const int16_t> stereo);
  void tell(bool heard, const std::string& what);

  Mixer& mixer_;
  const std::string device_;
  const Tell tell_;
  _snd_pcm* pcm_ = nullptr;
  int told_ = -1;  ///< -1: nothing yet, else whether it was heard
  std::mutex lock_;
  std::condition_variable wake_;
  bool awake_ = false;
  std::atomic<bool> end_{false};
  std::thread thread_;
};

}  // namespace patella::sound
