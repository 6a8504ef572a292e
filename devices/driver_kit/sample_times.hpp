// When the samples of a device were taken that measures at a fixed period and stamps nothing.
//
// Such a device counts: sample n was taken n periods after sample 0. When a sample *arrives* says little:
// devices queue their first samples, stall for a second and then send a burst, and the host is late at times.
// What arrival does tell: bytes can come late, never early, so the smallest delay seen fixes the count on the
// host's clock.
//
//   times.start(10'000, t_us);              // the period the device was told, and when it was told to start
//   times.came(t_us, decided);              // for each sample; `decided` are the times of the oldest waiting
//   ones emit waiting[i] at decided[i] …
//
// At the start, after a stall and after doubt() samples wait for a moment (0.3 s or three periods) until
// those that were queued are through; only then it is known which moment they belong to. No allocation but
// the waiting ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace patella::driver_kit {

class SampleTimes {
 public:
  static constexpr std::size_t kMaxWaiting = 512;

  /// A new measurement with sample 0. period_us > 0; no sample is older than start_us.
  void start(int64_t period_us, int64_t start_us) {
    *this = SampleTimes();
    period_us_ = std::max<int64_t>(period_us, 1);
    last_t_us_ = start_us;
  }

  /// The next sample arrived. Appends the times (host clock, rising, none later than received_us) of the
  /// samples that are settled by it: none while they wait, else one for each that waited and one for this.
  void came(int64_t received_us, std::vector<int64_t>& decided) {
    const bool stalled = anchored_ || settling_ ? received_us - last_received_us_ > stall_us() : true;
    // A second stall: what was queued in the first one is through, and its loss is that of the first one
    // alone.
    if (stalled && settling_ && !waiting_.empty()) settle(decided);
    if (stalled) settle_from(received_us);
    last_received_us_ = received_us;
    if (anchored_) skip_missed(received_us);
    const int64_t index = next_++;
    const int64_t slack_us = received_us - index * period_us_;
    if (settling_) {
      waiting_.push_back(index);
      settling_slack_us_ = std::min(settling_slack_us_, slack_us);
      if (received_us - settling_since_us_ >= settle_us() || waiting_.size() >= kMaxWaiting) settle(decided);
      return;
    }
    offset_us_ = std::min(offset_us_ + leak_us(1), slack_us);
    decided.push_back(time_of(index));
    watch(received_us, slack_us - offset_us_);
  }

  /// `count` samples are known to be lost before the next one (a counter jumped, a frame was unreadable). No
  /// more are skipped than there was time for.
  void missed(int64_t count) { missed_ += std::clamp<int64_t>(count, 0, 1'000'000); }

  /// The device dropped samples before the next one and did not say how many: found out by the clock.
  void doubt(int64_t now_us) {
    if (anchored_ && !settling_) settle_from(now_us);
  }

  /// No more samples are to come for now: the times of those that wait.
  void flush(std::vector<int64_t>& decided) {
    if (settling_ && !waiting_.empty()) settle(decided);
  }

  int64_t period_us() const { return period_us_; }
  int64_t lost() const { return lost_; }  ///< samples skipped so far

 private:
  static constexpr int64_t kWatchUs = 2'000'000;
  static constexpr int kWatchSamples = 10;
  /// A gap that is no longer than this is the host being late.
  int64_t stall_us() const { return std::max<int64_t>(250'000, 4 * period_us_); }
  int64_t settle_us() const { return std::max<int64_t>(300'000, 3 * period_us_); }
  /// A crystal is good for 100 ppm; let it be 1000.
  int64_t leak_us(int64_t periods) const { return periods * period_us_ / 1000; }
  /// Whole periods in a delay; the last one counts from 0.7 on.
  int64_t whole(int64_t delay_us) const { return delay_us <= 0 ? 0 : (delay_us + period_us_ * 3 / 10) / period_us_; }

  void settle_from(int64_t now_us) {
    if (settling_) return;
    settling_ = true;
    settling_since_us_ = now_us;
    settling_slack_us_ = std::numeric_limits<int64_t>::max();
  }

  void settle(std::vector<int64_t>& decided) {
    if (!anchored_) {
      offset_us_ = settling_slack_us_;
    } else {
      const int64_t lost = whole(settling_slack_us_ - offset_us_);
      skip(lost);
      for (int64_t& index : waiting_) index += lost;
      offset_us_ = std::min(offset_us_, settling_slack_us_ - lost * period_us_);
    }
    anchored_ = true;
    settling_ = false;
    for (const int64_t index : waiting_) decided.push_back(time_of(index));
    waiting_.clear();
    watch_begin(last_received_us_);
  }

  void skip_missed(int64_t received_us) {
    if (missed_ == 0) return;
    skip(std::min(missed_, whole(received_us - next_ * period_us_ - offset_us_)));
    missed_ = 0;
  }

  void skip(int64_t samples) {
    next_ += samples;
    lost_ += samples;
  }

  int64_t time_of(int64_t index) {
    last_t_us_ = std::max(last_t_us_, offset_us_ + index * period_us_);
    return last_t_us_;
  }

  // Samples lost without a word make all later ones look late by whole periods, for good.
  void watch(int64_t received_us, int64_t delay_us) {
    watched_delay_us_ = std::min(watched_delay_us_, delay_us);
    ++watched_;
    if (received_us - watch_since_us_ < kWatchUs || watched_ < kWatchSamples) return;
    skip(whole(watched_delay_us_));
    watch_begin(received_us);
  }
  void watch_begin(int64_t now_us) {
    watch_since_us_ = now_us;
    watched_delay_us_ = std::numeric_limits<int64_t>::max();
    watched_ = 0;
  }

  int64_t period_us_ = 1, next_ = 0, offset_us_ = 0, lost_ = 0, missed_ = 0;
  int64_t last_received_us_ = 0, last_t_us_ = 0;
  bool anchored_ = false, settling_ = false;
  int64_t settling_since_us_ = 0, settling_slack_us_ = 0;
  std::vector<int64_t> waiting_;  ///< indices of the samples without a time
  int64_t watch_since_us_ = 0, watched_delay_us_ = 0;
  int watched_ = 0;
};

}  // namespace patella::driver_kit
