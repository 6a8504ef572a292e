#include "plugin_link/sample_ring.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
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
    if (channel.nominal_rate_hz > 0) rate_hz += std::min<double>(channel.nominal_rate_hz, kMaxSamplesPerSecond);
  const double wanted = std::clamp(rate_hz * kSecondsInRing, 4096.0, 131072.0);
  return std::bit_ceil(static_cast<uint32_t>(wanted));
}

SampleRing::SampleRing(const SharedMemory& child, SharedMemory& kiosk, uint32_t slots,
                       const std::vector<params::ChannelSpec>& channels, int64_t started_us)
    : child_(*reinterpret_cast<const wire::ChildHead*>(child.at())),
      kiosk_(*reinterpret_cast<wire::KioskHead*>(kiosk.writable())),
      ring_(reinterpret_cast<const wire::Sample*>(child.at(wire::kChildRingOffset))),
      slots_(slots),
      window_us_(started_us) {
  for (const params::ChannelSpec& channel : channels) channels_.push_back({channel.min, channel.max, started_us, 0});
}

std::string SampleRing::check(const wire::Sample& sample, int64_t now_us) const {
  if (sample.seq != tail_ + 1) return fmt::format("sequence {} instead of {}", sample.seq, tail_ + 1);
  if (sample.channel >= channels_.size()) return fmt::format("a sample of channel {}, which it does not have", sample.channel);
  const Channel& channel = channels_[sample.channel];
  if (!std::isfinite(sample.value)) return fmt::format("a value of channel {} that is no number", sample.channel);
  if (sample.value < channel.min || sample.value > channel.max)
    return fmt::format("the value {} of channel {}, outside its range", sample.value, sample.channel);
  if (sample.t_us < channel.last_us) return fmt::format("a time of channel {} that goes back", sample.channel);
  if (sample.t_us > now_us + kClockSlackUs) return fmt::format("a time of channel {} in the future", sample.channel);
  return {};
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
      Channel& channel = channels_[sample.channel];
      channel.last_us = sample.t_us;
      ++channel.in_window;
      into.push_back({static_cast<uint16_t>(sample.channel), sample.t_us, sample.value});
    }
    kiosk_.tail.store(tail_, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (into.size() >= slots_) break;  // one ring a round: a child that never stops must not hold us
  }
  if (wrong.empty()) wrong = check_lost(now_us);
  return wrong.empty() ? check_rate(now_us) : wrong;
}

std::string SampleRing::check_lost(int64_t now_us) {
  const uint64_t lost = child_.lost.load(std::memory_order_acquire);
  if (lost < lost_) return "a count of lost samples that goes back";
  lost_ = lost;
  const double window_s = std::max(1.0, static_cast<double>(now_us - window_us_) / kSecondUs);
  const double most = static_cast<double>(kMaxSamplesPerSecond * channels_.size()) * window_s;
  return static_cast<double>(lost_ - lost_at_window_) > most ? "a flood of samples" : "";
}

std::string SampleRing::check_rate(int64_t now_us) {
  // A kiosk that stood still finds more at once: the limit grows with the window.
  const double window_s = std::max(1.0, static_cast<double>(now_us - window_us_) / kSecondUs);
  for (const Channel& channel : channels_)
    if (static_cast<double>(channel.in_window) > static_cast<double>(kMaxSamplesPerSecond) * window_s)
      return fmt::format("a flood of samples (more than {} in a second)", kMaxSamplesPerSecond);
  if (now_us - window_us_ >= kSecondUs) {
    window_us_ = now_us;
    lost_at_window_ = lost_;
    for (Channel& channel : channels_) channel.in_window = 0;
  }
  return {};
}

uint64_t SampleRing::take_lost() {
  const uint64_t news = lost_ - lost_told_;
  lost_told_ = lost_;
  return news;
}

}  // namespace patella::plugin_link
