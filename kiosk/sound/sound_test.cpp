// The real threads, the real voice and ALSA's own file device in place of a card.
#include "sound/sound.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <future>

#include "support/catch.hpp"

using namespace patella;
using namespace patella::sound;

namespace {

const SystemClock kClock;

/// A folder with a configuration that replaces ALSA's: "tofile" plays into a file, nothing else exists.
class FileCard {
 public:
  FileCard() {
    char name[] = "/tmp/patella-sound-XXXXXX";
    folder_ = mkdtemp(name);
    std::ofstream(folder_ / "asound.conf") << "pcm.tofile { type file slave.pcm \"clocked\" file \"" << stream().string()
                                           << "\" format \"raw\" }\npcm.clocked { type null }\n";
    setenv("ALSA_CONFIG_PATH", (folder_ / "asound.conf").c_str(), 1);
  }
  ~FileCard() { std::filesystem::remove_all(folder_); }
  std::filesystem::path stream() const { return folder_ / "stream"; }
  /// What was played, one of its two sides.
  Samples played() const {
    std::ifstream in(stream(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    Samples mono(bytes.size() / 4);
    for (std::size_t i = 0; i < mono.size(); ++i)
      mono[i] =
          static_cast<int16_t>(static_cast<unsigned char>(bytes[4 * i]) | static_cast<unsigned char>(bytes[4 * i + 1]) << 8);
    return mono;
  }

 private:
  std::filesystem::path folder_;
};

/// Beginnings of sound after 100 ms of quiet, in microseconds of the stream.
std::vector<int64_t> onsets_us(const Samples& x) {
  std::vector<int64_t> found;
  int quiet = kRate;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::abs(int{x[i]}) < 300) {
      ++quiet;
      continue;
    }
    if (quiet > kRate / 10) found.push_back(static_cast<int64_t>(i) * 1'000'000 / kRate);
    quiet = 0;
  }
  return found;
}

}  // namespace

TEST_CASE("the spoken count is at most 150 ms behind its repetition, on the recorded output") {
  const char* wanted = getenv("PATELLA_SOUND_REPS");
  const int reps = wanted != nullptr ? atoi(wanted) : 6;
  const FileCard card;
  std::atomic<int64_t> opened_us{0};
  std::vector<int64_t> posted_us;
  {
    Sound sound({PATELLA_VOICE, "tofile"}, kClock, [&](SoundState state, const std::string&) {
      if (state == SoundState::heard) opened_us = kClock.now_us();
    });
    sound.set_volume(0, 1);  // the chime is at the same moment
    for (int rep = 0; rep < reps; ++rep) {
      posted_us.push_back(kClock.now_us());
      sound.post({CueKind::rep_counted, 1, Message("{0}", rep % 10 + 1), posted_us.back()});
      std::this_thread::sleep_for(std::chrono::microseconds(833'333));  // 1.2 Hz: what is measured is time itself
    }
  }
  const std::vector<int64_t> heard = onsets_us(card.played());
  REQUIRE(heard.size() == posted_us.size());
  std::vector<int64_t> late_us;
  for (std::size_t i = 0; i < heard.size(); ++i) late_us.push_back(opened_us + heard[i] - posted_us[i]);
  std::sort(late_us.begin(), late_us.end());
  const std::size_t n = late_us.size();
  std::printf("spoken count after the repetition, %zu: p50 %.1f p99 %.1f max %.1f ms\n", n, double(late_us[n / 2]) / 1e3,
              double(late_us[(n - 1) * 99 / 100]) / 1e3, double(late_us.back()) / 1e3);
  CHECK(late_us.front() > 0);
  CHECK(late_us.back() <= 150'000);
}

TEST_CASE("without a card it is told once, and who posts goes on") {
  const FileCard card;
  std::atomic<int> told{0};
  std::promise<std::string> first;
  {
    Sound sound({PATELLA_VOICE, "absent"}, kClock, [&](SoundState state, const std::string& what) {
      if (state == SoundState::no_card && told++ == 0) first.set_value(what);
    });
    sound.post({CueKind::go, 1, Message("Go"), kClock.now_us()});
    CHECK_FALSE(first.get_future().get().empty());
    for (int i = 0; i < 100; ++i) sound.post({CueKind::rep_counted, 1, Message("{0}", i), kClock.now_us()});
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // past the next look for a card
  }
  CHECK(told == 1);
}

TEST_CASE("after a pain stop nothing is heard but the stop, on the recorded output") {
  const FileCard card;
  {
    Sound sound({PATELLA_VOICE, "tofile"}, kClock, [](SoundState, const std::string&) {});
    sound.post({CueKind::pain_stopped, 1, Message("Stopped."), kClock.now_us()});
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the stop is being said: it no longer waits
    const int64_t now_us = kClock.now_us();
    sound.post({CueKind::rep_counted, 1, Message("seventy-seven"), now_us});
    sound.post({CueKind::rest, 1, Message("Rest now, for one minute, and then comes the next set on the other side."), now_us});
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // what is played meanwhile is what is measured
  }
  const Samples played = card.played();
  REQUIRE(played.size() > 2 * kRate);
  const auto loud = [](int16_t sample) { return std::abs(int{sample}) > 300; };
  CHECK(std::any_of(played.begin(), played.begin() + kRate / 2, loud));
  CHECK(std::none_of(played.begin() + 3 * kRate / 2, played.end(), loud));
}
