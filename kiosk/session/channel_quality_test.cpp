#include "session/channel_quality.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"

using namespace patella::session;

namespace {
constexpr int64_t kMaxUs = 2'000'000;

struct Fed {
  ChannelQuality quality;
  double t_us = 5e9;
  std::mt19937 random{3};
  void run(double seconds, double rate_hz, double shake_us = 0, int lose_each = 0) {
    std::uniform_real_distribution<double> shake(-shake_us, shake_us);
    const int count = static_cast<int>(seconds * rate_hz);
    for (int i = 0; i < count; ++i) {
      t_us += 1e6 / rate_hz;
      if (lose_each > 0 && i % lose_each == lose_each - 1) continue;
      quality.sample(static_cast<int64_t>(t_us + shake(random)), kMaxUs);
    }
  }
};
}  // namespace

TEST_CASE("the rate is what comes, at any rate, without jitter or loss") {
  for (const double rate_hz : {0.9, 2.0, 5.0, 8.98, 88.2, 100.0, 1149.0}) {
    INFO(rate_hz);
    Fed fed;
    fed.run(60, rate_hz);
    const QualityFigures figures = fed.quality.figures();
    CHECK(figures.samples == static_cast<int64_t>(60 * rate_hz));
    CHECK(figures.rate_hz == Approx(rate_hz).epsilon(0.001));
    CHECK(figures.jitter_ms == Approx(0).margin(0.01));
    CHECK(figures.lost == 0);
  }
}

TEST_CASE("jitter is the spread of the times between samples") {
  Fed fed;
  fed.run(100, 100, 2000);
  // Differences of two even spreads of ±2 ms: a triangle of ±4 ms, whose 5th and 95th percentiles lie at ±2.74 ms.
  CHECK(fed.quality.figures().jitter_ms == Approx(5.47).margin(0.5));
  CHECK(fed.quality.figures().rate_hz == Approx(100).epsilon(0.001));
  CHECK(fed.quality.figures().lost == 0);
}

TEST_CASE("samples missing between others are counted, and do not hide in the rate") {
  Fed fed;
  fed.run(100, 88.2, 300, 20);
  const QualityFigures figures = fed.quality.figures();
  CHECK(static_cast<double>(figures.lost) == Approx(441).margin(3));
  CHECK(figures.rate_hz == Approx(88.2 * 19 / 20).epsilon(0.01));
}

TEST_CASE("samples in lumps of two are no loss") {
  ChannelQuality quality;
  for (int64_t i = 0; i < 1000; ++i) quality.sample(i * 25'000, kMaxUs), quality.sample(i * 25'000 + 50, kMaxUs);
  CHECK(quality.figures().rate_hz == Approx(80).epsilon(0.01));
  CHECK(quality.figures().jitter_ms == Approx(25).margin(0.2));
  CHECK(quality.figures().lost == 0);
}

TEST_CASE("a gap is neither a slow rate nor a loss") {
  Fed fed;
  fed.run(10, 100);
  fed.quality.gap();
  fed.t_us += 1.5e6;
  fed.run(10, 100);
  fed.t_us += 60e6;  // longer than a channel can be quiet
  fed.run(10, 100);
  CHECK(fed.quality.figures().rate_hz == Approx(100).epsilon(0.001));
  CHECK(fed.quality.figures().lost == 0);
  fed.quality.dropped(37);
  fed.run(1, 100);
  CHECK(fed.quality.figures().lost == 37);
}

TEST_CASE("a rate is known after a second, half of one when it is far enough") {
  Fed slow;
  slow.run(0.99, 20);
  CHECK_FALSE(slow.quality.known_against(12));  // 19 samples, 0.9 s between the first and the last
  slow.run(0.2, 20);
  CHECK(slow.quality.known_against(12));
  Fed fast;
  fast.run(0.6, 88.2);
  CHECK(fast.quality.known_against(10));
  CHECK_FALSE(fast.quality.known_against(80));
  CHECK_FALSE(ChannelQuality().known_against(10));
  CHECK(ChannelQuality().figures().rate_hz == 0);
}

TEST_CASE("times that repeat or go back do no harm") {
  ChannelQuality quality;
  for (const int64_t t_us : {5, 5, 5, 3, 900, 2}) quality.sample(t_us, kMaxUs);
  CHECK(std::isfinite(quality.figures().rate_hz));
  CHECK(quality.figures().samples == 6);
}
