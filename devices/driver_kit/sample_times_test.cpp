// Times from the count, whatever the arrival.
#include "sample_times.hpp"

#include <cstdlib>
#include <random>

#include "support/catch.hpp"

using patella::driver_kit::SampleTimes;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

struct Line {
  SampleTimes times;
  std::vector<int64_t> out;
  std::vector<int64_t> truth;  ///< when each was taken
  void start(int64_t period_us, int64_t now_us) { times.start(period_us, now_us); }
  void came(int64_t taken_us, int64_t received_us) {
    truth.push_back(taken_us);
    const std::size_t before = out.size();
    times.came(received_us, out);
    for (std::size_t i = before; i < out.size(); ++i) {
      REQUIRE(out[i] <= received_us);
      if (i > 0) REQUIRE(out[i] >= out[i - 1]);
    }
  }
  int64_t worst_us(std::size_t from = 0) const {
    int64_t worst = 0;
    for (std::size_t i = from; i < out.size(); ++i) worst = std::max(worst, std::abs(out[i] - truth[i]));
    return worst;
  }
};

}  // namespace

TEST_CASE("five queued samples 10 ms apart, then one every 100 ms: all times are those of the grid") {
  Line line;
  line.start(100 * kMs, 10 * kS);
  int64_t sent_us = 0;
  for (int n = 0; n < 50; ++n) {
    const int64_t taken_us = 10 * kS + (n + 1) * 100 * kMs;
    sent_us = std::max(std::max(taken_us, 10 * kS + 500 * kMs), sent_us + 10 * kMs);
    line.came(taken_us, sent_us + 1 * kMs);
  }
  REQUIRE(line.out.size() == 50);
  CHECK(line.worst_us() <= 2 * kMs);
  for (std::size_t i = 1; i < line.out.size(); ++i) CHECK(line.out[i] - line.out[i - 1] == Approx(100 * kMs).margin(kMs));
}

TEST_CASE("a stall with everything kept: nothing is skipped, and the times stay on the grid") {
  Line line;
  line.start(10 * kMs, 0);
  int64_t sent_us = 0;
  for (int n = 0; n < 1000; ++n) {
    const int64_t taken_us = (n + 1) * 10 * kMs;
    int64_t ready_us = taken_us;
    if (taken_us > 4 * kS && taken_us < 5'180 * kMs) ready_us = 5'180 * kMs;
    sent_us = std::max(ready_us, sent_us + 100);
    line.came(taken_us, sent_us);
  }
  CHECK(line.times.lost() == 0);
  CHECK(line.worst_us() <= 2 * kMs);
}

TEST_CASE("a stall of 1.18 s of which only the newest five samples are kept: the gap is where it was") {
  Line line;
  line.start(100 * kMs, 0);
  int64_t sent_us = 0;
  int lost = 0;
  for (int n = 0; n < 100; ++n) {
    const int64_t taken_us = (n + 1) * 100 * kMs;
    const int64_t end_us = 4'080 * kMs + 1'180 * kMs;
    if (taken_us > 4'080 * kMs && taken_us <= end_us - 500 * kMs) {
      ++lost;
      continue;
    }
    const bool stalled = taken_us > 4'080 * kMs && taken_us < end_us;
    sent_us = std::max(stalled ? end_us : taken_us, sent_us + 7 * kMs);
    line.came(taken_us, sent_us);
  }
  CHECK(lost > 4);
  CHECK(line.times.lost() == lost);
  CHECK(line.worst_us() <= 10 * kMs);
}

TEST_CASE("stalls that follow each other directly keep their lengths, told by a counter or not") {
  const bool counted = GENERATE(false, true);
  const int stalls = GENERATE(2, 3, 6);
  INFO(stalls << " stalls, " << (counted ? "counted" : "not counted"));
  Line line;
  line.start(100 * kMs, 0);
  int lost = 0, skipped = 0;
  for (int n = 0; n < 140; ++n) {
    const int64_t taken_us = (n + 1) * 100 * kMs;
    // One sample, then four lost, and so on.
    const int into = n - 20;
    if (into >= 0 && into < stalls * 5 && into % 5 != 0) {
      ++lost;
      ++skipped;
      continue;
    }
    if (counted && skipped > 0) line.times.missed(skipped);
    skipped = 0;
    line.came(taken_us, taken_us + (n % 3) * 3 * kMs);
  }
  CHECK(line.times.lost() == lost);
  CHECK(line.worst_us() <= 10 * kMs);
  CHECK(line.out.size() == line.truth.size());
}

TEST_CASE("a stall whose queue is followed by another stall at once: both gaps are where they were") {
  Line line;
  line.start(20 * kMs, 0);
  int64_t sent_us = 0;
  int lost = 0;
  // Two stalls of 0.6 s with 0.1 s between; in each the newest three samples are kept.
  const int64_t ends_us[] = {4'600 * kMs, 5'300 * kMs};
  for (int n = 0; n < 500; ++n) {
    const int64_t taken_us = (n + 1) * 20 * kMs;
    bool dropped = false;
    int64_t ready_us = taken_us;
    for (const int64_t end_us : ends_us) {
      if (taken_us <= end_us - 600 * kMs || taken_us > end_us) continue;
      dropped = taken_us <= end_us - 60 * kMs;
      ready_us = end_us;
    }
    if (dropped) {
      ++lost;
      continue;
    }
    sent_us = std::max(ready_us, sent_us + kMs);
    line.came(taken_us, sent_us);
  }
  CHECK(line.times.lost() == lost);
  CHECK(line.worst_us() <= 10 * kMs);
}

TEST_CASE("a device that says it dropped samples, without a stall") {
  Line line;
  line.start(10 * kMs, 0);
  for (int n = 0; n < 500; ++n) {
    const int64_t taken_us = (n + 1) * 10 * kMs;
    if (n >= 200 && n < 210) continue;
    if (n == 210) line.times.doubt(taken_us);
    line.came(taken_us, taken_us + 1 * kMs);
  }
  CHECK(line.times.lost() == 10);
  CHECK(line.worst_us() <= 2 * kMs);
}

TEST_CASE("known losses are skipped at once, and never more than there was time for") {
  Line line;
  line.start(10 * kMs, 0);
  for (int n = 0; n < 500; ++n) {
    const int64_t taken_us = (n + 1) * 10 * kMs;
    if (n == 200 || n == 201) {
      line.times.missed(1);
      continue;
    }
    if (n == 300) line.times.missed(1000);
    line.came(taken_us, taken_us + 1 * kMs);
  }
  CHECK(line.times.lost() == 2);
  CHECK(line.worst_us() <= 2 * kMs);
}

TEST_CASE("samples lost without a word are found out within a few seconds") {
  Line line;
  line.start(10 * kMs, 0);
  for (int n = 0; n < 2000; ++n) {
    if (n >= 500 && n < 520) continue;
    const int64_t taken_us = (n + 1) * 10 * kMs;
    line.came(taken_us, taken_us + 1 * kMs);
  }
  CHECK(line.times.lost() >= 18);
  CHECK(line.times.lost() <= 20);
  CHECK(line.worst_us(1000) <= 12 * kMs);
}

TEST_CASE("a device clock that is 200 ppm fast or slow is followed for an hour") {
  for (const int ppm : {-200, 200}) {
    std::mt19937 random(7);
    Line line;
    line.start(20 * kMs, 0);
    for (int n = 0; n < 180'000; ++n) {
      const int64_t taken_us = int64_t{n + 1} * (20'000 + ppm * 20'000 / 1'000'000);
      line.came(taken_us, taken_us + 300 + static_cast<int64_t>(random() % 3'000));
    }
    INFO(ppm << " ppm");
    CHECK(line.worst_us() <= 4 * kMs);
    CHECK(line.times.lost() == 0);
  }
}

TEST_CASE("no sample is older than the start, and waiting has an end and a limit") {
  SampleTimes times;
  times.start(100 * kMs, 10 * kS);
  std::vector<int64_t> out;
  for (int i = 0; i < 20; ++i) times.came(10 * kS + i, out);
  CHECK(out.empty());
  times.flush(out);
  REQUIRE(out.size() == 20);
  CHECK(out.front() == 10 * kS);
  out.clear();
  times.start(10 * kMs, 0);
  for (std::size_t i = 0; i < SampleTimes::kMaxWaiting; ++i) times.came(1, out);
  CHECK(out.size() == SampleTimes::kMaxWaiting);
}
