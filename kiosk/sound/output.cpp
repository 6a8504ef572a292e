#include "sound/output.hpp"

#include <alsa/asoundlib.h>

#include <array>
#include <chrono>

namespace patella::sound {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kPeriod = kRate / 100;  // 10 ms
constexpr unsigned kBuffer_us = 60'000;
constexpr auto kAhead = 60ms;  // ALSA's "null" and "file" take samples without end
constexpr auto kBehind = 1s;   // the machine slept: go on from now
constexpr auto kLinger = 5s;   // longer than the pause between two counts
constexpr auto kLookAgain = 2s;
constexpr int kMostRefusals = 6;  // a pulled USB card says "again" for ever, and waiting for it returns at once

// ALSA prints eight lines for one device that does not open; what matters of them is told once.
void hushed(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

Output::Output(Mixer& mixer, std::string device, Tell tell) : mixer_(mixer), device_(std::move(device)), tell_(std::move(tell)) {
  snd_lib_error_set_handler(&hushed);
  thread_ = std::thread([this] { run(); });
}

Output::~Output() {
  end_ = true;
  wake();
  thread_.join();
}

void Output::wake() {
  const std::lock_guard guard(lock_);
  awake_ = true;
  wake_.notify_one();
}

void Output::tell(bool heard, const std::string& what) {
  if (told_ == static_cast<int>(heard)) return;
  told_ = static_cast<int>(heard);
  tell_(heard, what);
}

bool Output::open() {
  int error = snd_pcm_open(&pcm_, device_.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);  // a busy card would hang
  if (error >= 0) error = snd_pcm_set_params(pcm_, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 2, kRate, 1, kBuffer_us);
  if (error < 0) close();
  tell(error >= 0, error >= 0 ? device_ : snd_strerror(error));
  return error >= 0;
}

void Output::close() {
  if (pcm_ != nullptr) snd_pcm_close(pcm_);  // never snd_pcm_drain(): it waits for the card
  pcm_ = nullptr;
}

bool Output::sleep_while_idle() {
  close();
  std::unique_lock guard(lock_);
  wake_.wait(guard, [&] { return awake_ || end_; });
  awake_ = false;
  return !end_;
}

void Output::run() {
  std::array<int16_t, kPeriod> mono{};
  std::array<int16_t, 2 * kPeriod> stereo{};
  if (!sleep_while_idle()) return;
  Steady::time_point due{}, next_try{}, last_sound = Steady::now();
  while (!end_) {
    if (!mixer_.idle()) last_sound = Steady::now();
    if (Steady::now() - last_sound > kLinger) {
      if (!sleep_while_idle()) break;
      last_sound = Steady::now();
    }
    if (pcm_ == nullptr && Steady::now() >= next_try) {
      next_try = Steady::now() + kLookAgain;
      if (open()) due = Steady::now();
    }
    const auto now = Steady::now();
    if (due < now - kBehind) due = now;
    const auto ahead = pcm_ != nullptr ? kAhead : 0ms;
    if (due > now + ahead) std::this_thread::sleep_until(due - ahead);
    due += 10ms;
    mixer_.render(mono);
    if (pcm_ == nullptr) continue;
    for (std::size_t i = 0; i < kPeriod; ++i) stereo[2 * i] = stereo[2 * i + 1] = mono[i];
    write(stereo);
  }
  close();
}

void Output::write(std::span<const int16_t> stereo) {
  int refusals = 0;
  while (!stereo.empty() && !end_) {
    const snd_pcm_sframes_t wrote = snd_pcm_writei(pcm_, stereo.data(), stereo.size() / 2);
    if (wrote > 0) {
      stereo = stereo.subspan(2 * static_cast<std::size_t>(wrote));
      refusals = 0;
      continue;
    }
    int error = static_cast<int>(wrote);
    if (error == -EAGAIN && ++refusals < kMostRefusals) {
      error = snd_pcm_wait(pcm_, 100);
      if (error >= 0) continue;
    }
    if (error != -EAGAIN && error < 0 && snd_pcm_recover(pcm_, error, 1) == 0 && ++refusals < kMostRefusals) continue;
    tell(false, error == -EAGAIN ? "the card takes no more samples" : snd_strerror(error));
    close();
    return;
  }
}

}  // namespace patella::sound
