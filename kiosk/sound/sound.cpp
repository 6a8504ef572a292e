#include "sound/sound.hpp"

#include "text/language.hpp"

namespace patella::sound {
namespace {

constexpr std::size_t kMostKnown = 64;  // counts and the words of one exercise

}  // namespace

Sound::Sound(SoundSettings settings, const Clock& clock, Tell tell)
    : clock_(clock),
      tell_(std::move(tell)),
      voice_(std::move(settings.voice_program)),
      output_(mixer_, std::move(settings.device),
              [this](bool heard, const std::string& what) { tell_(heard ? SoundState::heard : SoundState::no_card, what); }),
      thread_([this] { speak_all(); }) {}

Sound::~Sound() {
  {
    const std::lock_guard guard(lock_);
    end_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void Sound::begin(uint32_t lane) {
  const std::lock_guard guard(lock_);
  policy_.begin(lane);
}

void Sound::set_level(uint32_t lane, Level level) {
  const std::lock_guard guard(lock_);
  policy_.set_level(lane, level);
}

void Sound::set_language(uint32_t lane, std::string language) {
  const std::lock_guard guard(lock_);
  languages_[lane] = std::move(language);
}

void Sound::post(const SoundCue& cue) {
  Decision decision;
  {
    const std::lock_guard guard(lock_);
    decision = policy_.decide(cue, clock_.now_us());
    if (decision.hush) {
      next_.reset();
      mixer_.hush();
    }
    const bool stop_waits = next_ && is_stop(next_->cue.kind);
    if (decision.speak && (!stop_waits || is_stop(cue.kind))) {
      const auto language = languages_.find(cue.lane);
      next_ = Sentence{cue, language == languages_.end() ? "en" : language->second};
      wake_.notify_one();
    }
  }
  if (decision.chime) mixer_.chime(*decision.chime);
  if (decision.chime || decision.speak || decision.hush) output_.wake();
}

void Sound::speak_all() {
  for (;;) {
    std::unique_lock guard(lock_);
    wake_.wait(guard, [&] { return end_ || next_.has_value(); });
    if (end_) return;
    const Sentence sentence = *std::exchange(next_, {});
    guard.unlock();
    speak(sentence);
  }
}

void Sound::speak(const Sentence& sentence) {
  const Clip clip = clip_of(sentence);
  if (!clip) return;
  const int64_t now_us = clock_.now_us();
  const std::lock_guard guard(lock_);
  const bool newer_stop = next_ && is_stop(next_->cue.kind);
  if (newer_stop || !policy_.still_due(sentence.cue, now_us)) return;
  policy_.speaking(sentence.cue, now_us + static_cast<int64_t>(clip->size()) * 1'000'000 / kRate);
  mixer_.say(clip);
  output_.wake();
}

Clip Sound::clip_of(const Sentence& sentence) {
  if (without_voice_.contains(sentence.language)) return {};
  const std::string text = text::Language(sentence.language)(sentence.cue.text);
  const auto key = std::pair(sentence.language, text);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const Voice::Spoken spoken = voice_.speak(sentence.language, text, clock_.now_us());
  if (spoken.failure != VoiceFailure::none) {
    tell_failure(spoken.failure, sentence.language);
    return {};
  }
  voice_told_ = false;
  if (known_.size() >= kMostKnown) known_.clear();
  return known_[key] = doubled(spoken.samples);
}

void Sound::tell_failure(VoiceFailure failure, const std::string& language) {
  if (failure == VoiceFailure::no_voice) {
    without_voice_.insert(language);
    tell_(SoundState::no_voice_for_language, language);
  } else if (!std::exchange(voice_told_, true)) {
    tell_(SoundState::voice_failed, language);
  }
}

}  // namespace patella::sound
