#include "sound/mixer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patella::sound {
namespace {

constexpr float kDucked = .35f;                     // of a chime's loudness while a sentence sounds
constexpr float kFadeStep = 1.f / (kRate * .005f);  // 5 ms: no click
constexpr float kRampStep = 1.f / (kRate * .02f);

void approach(float& value, float wanted) { value += std::clamp(wanted - value, -kRampStep, kRampStep); }

/// Bends what is louder than 0.8 instead of wrapping it.
float limited(float v) {
  const float size = std::abs(v);
  return size <= .8f ? v : std::copysign(.8f + .2f * std::tanh((size - .8f) * 5), v);
}

}  // namespace

Clip doubled(std::span<const int16_t> voice) {
  auto out = std::make_shared<Samples>(voice.size() * 2);
  const auto size = static_cast<std::ptrdiff_t>(voice.size());
  const auto at = [&](std::ptrdiff_t i) { return i < 0 || i >= size ? 0 : int{voice[static_cast<std::size_t>(i)]}; };
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    const int between = (9 * (at(i) + at(i + 1)) - at(i - 1) - at(i + 2)) / 16;
    (*out)[static_cast<std::size_t>(2 * i)] = static_cast<int16_t>(at(i));
    (*out)[static_cast<std::size_t>(2 * i + 1)] = static_cast<int16_t>(std::clamp(between, -32768, 32767));
  }
  return out;
}

void Mixer::chime(Chime chime) {
  const std::lock_guard guard(lock_);
  inbox_.chimes.push_back(chime);
  inbox_.any = true;
}

void Mixer::say(Clip clip) {
  const std::lock_guard guard(lock_);
  inbox_.clip = std::move(clip);
  inbox_.any = true;
}

void Mixer::hush() {
  const std::lock_guard guard(lock_);
  inbox_.clip.reset();
  inbox_.hush = inbox_.any = true;
}

void Mixer::set_volume(float chimes, float speech) {
  const std::lock_guard guard(lock_);
  inbox_.chime_volume = std::clamp(chimes, 0.f, 1.f);
  inbox_.speech_volume = std::clamp(speech, 0.f, 1.f);
}

bool Mixer::idle() const {
  const std::lock_guard guard(lock_);
  return !inbox_.any && !sounding_;
}

void Mixer::end_sentence() {
  if (voice_.clip) fading_.push_back(std::move(voice_));
  voice_ = {};
}

void Mixer::take_inbox() {
  const std::unique_lock guard(lock_, std::try_to_lock);
  if (!guard) return;
  wanted_chimes_ = inbox_.chime_volume;
  wanted_speech_ = inbox_.speech_volume;
  for (const Chime chime : inbox_.chimes)
    for (const Note& note : notes(chime)) tones_.push_back({note, static_cast<int>(note.at_s * kRate), 0});
  inbox_.chimes.clear();
  if (inbox_.hush || inbox_.clip) end_sentence();
  if (inbox_.clip) voice_ = {std::move(inbox_.clip), 0, 1};
  inbox_.clip.reset();
  inbox_.hush = inbox_.any = false;
  sounding_ = !tones_.empty() || voice_.clip || !fading_.empty();
}

float Mixer::tones_now() {
  float sum = 0;
  for (Tone& tone : tones_) {
    if (tone.wait > 0) {
      --tone.wait;
      continue;
    }
    const float s = static_cast<float>(tone.age++) / kRate;
    const float attack = std::min(1.f, s / .005f);
    sum +=
        tone.note.gain * attack * std::exp(-s / tone.note.decay_s) * std::sin(2 * std::numbers::pi_v<float> * tone.note.hz * s);
  }
  return sum;
}

float Mixer::speech_now() {
  float sum = 0;
  for (Voice& voice : fading_) {
    if (voice.at < voice.clip->size()) sum += static_cast<float>((*voice.clip)[voice.at++]) / 32768.f * voice.fade;
    voice.fade -= kFadeStep;
  }
  std::erase_if(fading_, [](const Voice& voice) { return voice.fade <= 0; });
  if (!voice_.clip) return sum;
  if (voice_.at < voice_.clip->size()) return sum + static_cast<float>((*voice_.clip)[voice_.at++]) / 32768.f;
  voice_ = {};
  return sum;
}

void Mixer::render(std::span<int16_t> out) {
  take_inbox();
  for (int16_t& sample : out) {
    approach(duck_, voice_.clip ? kDucked : 1.f);
    approach(chime_volume_, wanted_chimes_);
    approach(speech_volume_, wanted_speech_);
    const float mixed = tones_now() * duck_ * chime_volume_ + speech_now() * speech_volume_;
    sample = static_cast<int16_t>(limited(mixed) * 32767);
  }
  std::erase_if(tones_, [](const Tone& tone) { return static_cast<float>(tone.age) / kRate > 7 * tone.note.decay_s; });
  const std::unique_lock guard(lock_, std::try_to_lock);
  if (guard) sounding_ = !tones_.empty() || voice_.clip || !fading_.empty();
}

}  // namespace patella::sound
