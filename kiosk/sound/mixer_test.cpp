#include "sound/mixer.hpp"

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "support/catch.hpp"

using namespace patella::sound;

namespace {

void roll(Mixer& mixer, Samples& out, int periods) {
  for (int i = 0; i < periods; ++i) {
    const std::size_t at = out.size();
    out.resize(at + kRate / 100);
    mixer.render(std::span(out).subspan(at));
  }
}

/// Share of one frequency in the power of 20 ms: Goertzel.
double share(const Samples& x, std::size_t from, double hz) {
  const std::size_t n = kRate / 50;
  const double w = 2 * std::numbers::pi * hz / kRate, c = 2 * std::cos(w);
  double s1 = 0, s2 = 0, all = 0;
  for (std::size_t i = from; i < from + n; ++i) {
    const double s = x[i] + c * s1 - s2;
    s2 = s1;
    s1 = s;
    all += double{1.0} * x[i] * x[i];
  }
  return all < 1e5 ? 0 : (s1 * s1 + s2 * s2 - c * s1 * s2) / (all * static_cast<double>(n) / 2);
}

double onset_s(const Samples& x, double hz) {
  for (std::size_t i = 0; i + kRate / 50 <= x.size(); i += 88)
    if (share(x, i, hz) > .5) return static_cast<double>(i) / kRate;
  return -1;
}

int peak(const Samples& x) {
  int most = 0;
  for (const int16_t s : x) most = std::max(most, std::abs(int{s}));
  return most;
}

int jump(const Samples& x) {
  int most = 0;
  for (std::size_t i = 1; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - x[i - 1]));
  return most;
}

Clip tone(float hz, int length, int16_t size) {
  auto clip = std::make_shared<Samples>(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i)
    (*clip)[static_cast<std::size_t>(i)] = static_cast<int16_t>(
        static_cast<float>(size) * std::cos(2 * std::numbers::pi_v<float> * hz * static_cast<float>(i) / kRate));
  return clip;
}

}  // namespace

TEST_CASE("each chime sounds when it is posted, and no other") {
  for (const Chime chime : kChimes) {
    Mixer mixer;
    Samples out;
    roll(mixer, out, 50);
    mixer.chime(chime);
    roll(mixer, out, 150);
    for (const Chime other : kChimes) {
      const double at = onset_s(out, notes(other)[0].hz);
      INFO(name_of(chime) << " heard as " << name_of(other) << " at " << at);
      CHECK((other == chime ? std::abs(at - .5) < .012 : at == -1));
    }
    CHECK(mixer.idle());
  }
}

TEST_CASE("a newer sentence cuts the older one without a click") {
  Mixer mixer;
  Samples out;
  mixer.say(tone(100, kRate, 16000));
  roll(mixer, out, 30);
  mixer.hush();
  roll(mixer, out, 20);
  out.erase(out.begin(), out.begin() + kRate / 10);
  CHECK(peak(out) > 15000);
  CHECK(jump(out) < 600);  // the tone's own steps are 228
  CHECK(mixer.idle());
}

TEST_CASE("a chime steps back while a sentence sounds, and nothing wraps") {
  Samples alone, under;
  Mixer first, second;
  roll(first, alone, 10);
  first.chime(Chime::hold_reached);
  roll(first, alone, 50);
  second.say(std::make_shared<Samples>(2 * kRate, int16_t{0}));
  roll(second, under, 10);
  second.chime(Chime::hold_reached);
  roll(second, under, 50);
  CHECK(std::abs(static_cast<double>(peak(under)) / peak(alone) - .35) < .02);

  Mixer loud;
  Samples out;
  for (int i = 0; i < 6; ++i) loud.chime(Chime::rep_counted);
  roll(loud, out, 50);
  CHECK(peak(out) > 27000);
  CHECK(jump(out) < 40000);
}

TEST_CASE("22,050 Hz become 44,100 with the samples kept") {
  const Samples voice = {0, 100, 200, 300, 400};
  const Clip clip = doubled(voice);
  REQUIRE(clip->size() == 10);
  CHECK((*clip)[4] == 200);
  CHECK((*clip)[3] == 150);
}
