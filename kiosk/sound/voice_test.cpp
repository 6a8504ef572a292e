#include "sound/voice.hpp"

#include <signal.h>

#include "support/catch.hpp"

using namespace patella::sound;

TEST_CASE("six languages give samples, each its own, and an unknown one is said") {
  Voice voice(PATELLA_VOICE);
  std::size_t before = 0;
  for (const char* language : {"en", "de", "fr", "es", "it", "pl"}) {
    const auto spoken = voice.speak(language, "3", 0);
    CHECK(spoken.failure == VoiceFailure::none);
    CHECK(spoken.samples.size() > kVoiceHz / 10);
    CHECK(spoken.samples.size() != before);
    before = spoken.samples.size();
  }
  CHECK(voice.speak("qq", "3", 0).failure == VoiceFailure::no_voice);
  CHECK(voice.speak("de", "Halten Sie das Bein gestreckt.", 0).samples.size() > kVoiceHz);
}

TEST_CASE("a voice that crashed is started again after a pause") {
  Voice voice(PATELLA_VOICE);
  REQUIRE(voice.speak("en", "3", 0).failure == VoiceFailure::none);
  const pid_t first = voice.pid();
  kill(first, SIGKILL);
  CHECK(voice.speak("en", "3", 0).failure == VoiceFailure::gone);
  CHECK(voice.speak("en", "3", 249'999).failure == VoiceFailure::waiting);
  CHECK(voice.speak("en", "3", 250'000).failure == VoiceFailure::none);
  CHECK(voice.pid() != first);
}

TEST_CASE("a voice that hangs is ended") {
  Voice voice(PATELLA_VOICE);
  REQUIRE(voice.speak("en", "3", 0).failure == VoiceFailure::none);
  const pid_t hanging = voice.pid();
  kill(hanging, SIGSTOP);
  CHECK(voice.speak("en", "3", 0).failure == VoiceFailure::hung);
  CHECK(kill(hanging, 0) == -1);
  CHECK(voice.speak("en", "3", 1'000'000).failure == VoiceFailure::none);
}

TEST_CASE("a missing voice is a failure and no crash") {
  Voice voice("/nowhere/patella-voice");
  CHECK(voice.speak("en", "3", 0).failure == VoiceFailure::gone);
}
