#include "plugin_link/sample_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace patella::plugin_link {
namespace {

constexpr double kSecondsInRing = 4;
constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kClockSlackUs = 100'000;

}  // namespace

uint32_t SampleRing::slots_for(const std::vector<params::ChannelSpec>& channels) {
  double rate_hz = 0;
  for (const params::ChannelSpec& channel : channels)
    if (channel.nominal_rate_hz > 0) rate_hz += std::min<double>(channel.nominal_rate_hz, PATELLA_MAX_SAMPLES_PER_SECOND);
  const double wanted = std::clamp(rate_hz * kSecondsInRing, 4096.0, 131072.0);
  return std::bit_ceil(static_cast<uint32_t>(wanted));
}

SampleRing::SampleRing(const SharedMemory& child, SharedMemory& kiosk, uint32_t slots,
                       const std::vector<params::ChannelSpec>& channels, int64_t started_us)
    : child_(*reinterpret_cast<const wire::ChildHead*>(child.at())),
      kiosk_(*reinterpret_cast<wire::KioskHead*>(kiosk.writable())),
      ring_(reinterpret_cast<const wire::Sample*>(child.at(wire::kChildRingOffset))),
      slots_(slots),
      channels_(channels.size()),
      lost_window_us_(started_us) {
  for (const params::ChannelSpec& channel : channels) rules_.add_channel(channel.min, channel.max);
  rules_.connected(started_us);
}

std::string SampleRing::check(const wire::Sample& sample, int64_t now_us) {
  if (sample.seq != tail_ + 1) return fmt::format("sequence {} instead of {}", sample.seq, tail_ + 1);
  const auto fault = rules_.take(sample.channel, sample.t_us, sample.value, now_us + kClockSlackUs);
  return fault ? fmt::format("a sample {} (channel {}, value {})", words_of(*fault), sample.channel, sample.value) : "";
}

std::string SampleRing::drain(int64_t now_us, std::vector<LinkSample>& into) {
  std::string wrong;
  while (wrong.empty()) {
    const uint64_t head = child_.head.load(std::memory_order_acquire);
    if (head - tail_ > slots_) {
      wrong = "an impossible fill level in its ring";
      break;
    }
    if (head == tail_) break;
    for (; tail_ != head; ++tail_) {
      wire::Sample sample;
      std::memcpy(&sample, &ring_[tail_ & (slots_ - 1)], sizeof sample);
      asm volatile("" ::: "memory");  // from here on only the copy is looked at
      wrong = check(sample, now_us);
      if (!wrong.empty()) break;
      into.push_back({static_cast<uint16_t>(sample.channel), sample.t_us, sample.value});
    }
    kiosk_.tail.store(tail_, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (into.size() >= slots_) break;  // one ring a round: a child that never stops must not hold us
  }
  if (wrong.empty()) wrong = check_lost(now_us);
  if (wrong.empty() && rules_.floods(now_us))
    wrong = fmt::format("a flood of samples (more than {} in a second)", PATELLA_MAX_SAMPLES_PER_SECOND);
  return wrong;
}

std::string SampleRing::check_lost(int64_t now_us) {
  const uint64_t lost = child_.lost.load(std::memory_order_acquire);
  if (lost < lost_) return "a count of lost samples that goes back";
  lost_ = lost;
  const double window_s = std::max(1.0, static_cast<double>(now_us - lost_window_us_) / kSecondUs);
  const double most = static_cast<double>(PATELLA_MAX_SAMPLES_PER_SECOND * channels_) * window_s;
  const bool floods = static_cast<double>(lost_ - lost_at_window_) > most;
  if (now_us - lost_window_us_ >= kSecondUs) {
    lost_window_us_ = now_us;
    lost_at_window_ = lost_;
  }
  return floods ? "a flood of samples" : "";
}

uint64_t SampleRing::take_lost() {
  const uint64_t news = lost_ - lost_told_;
  lost_told_ = lost_;
  return news;
}

}  // namespace patella::plugin_link
