// The kiosk's end of a driver's ring. Trusts nothing in it: takes a copy of each sample, then looks at the copy.
#pragma once

#include <patella/device.h>

#include <cstdint>
#include <string>
#include <vector>

#include "plugin_link/links.hpp"
#include "plugin_link/plugin_info.hpp"
#include "plugin_link/shared_memory.hpp"
#include "wire/wire.hpp"

namespace patella::plugin_link {

class SampleRing {
 public:
  /// More than this many samples of one channel in a second end the child. The fastest sensors here give 1 kHz; twenty
  /// times that is a driver that loops.
  static constexpr uint64_t kMaxSamplesPerSecond = PATELLA_MAX_SAMPLES_PER_SECOND;

  /// Slots for 4 s at the nominal rates, so that a kiosk that stands still that long loses nothing: 4096 … 131072.
  static uint32_t slots_for(const std::vector<params::ChannelSpec>& channels);

  SampleRing(const SharedMemory& child, SharedMemory& kiosk, uint32_t slots, const std::vector<params::ChannelSpec>& channels,
             int64_t started_us);

  /// Appends what is new. A text: what the child did wrong; the samples before that are good.
  std::string drain(int64_t now_us, std::vector<LinkSample>& into);
  /// Samples dropped since the last call, because the ring was full.
  uint64_t take_lost();

 private:
  struct Channel {
    double min = 0, max = 0;
    int64_t last_us = 0;
    uint64_t in_window = 0;
  };
  std::string check(const wire::Sample& sample, int64_t now_us) const;
  std::string check_rate(int64_t now_us);
  std::string check_lost(int64_t now_us);

  const wire::ChildHead& child_;
  wire::KioskHead& kiosk_;
  const wire::Sample* ring_;
  uint64_t slots_;
  std::vector<Channel> channels_;
  uint64_t tail_ = 0;  ///< the only truth about how far we are; the shared copy is for the child
  uint64_t lost_ = 0, lost_told_ = 0, lost_at_window_ = 0;
  int64_t window_us_;
};

}  // namespace patella::plugin_link
