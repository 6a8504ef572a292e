// The kiosk's end of a driver's ring. Trusts nothing in it: takes a copy of each sample, then looks at the copy.
#pragma once

#include <patella/sample_rules.hpp>

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
  /// Slots for 4 s at the nominal rates, so that a kiosk that stands still that long loses nothing: 4096 … 131072.
  static uint32_t slots_for(const std::vector<params::ChannelSpec>& channels);

  SampleRing(const SharedMemory& child, SharedMemory& kiosk, uint32_t slots, const std::vector<params::ChannelSpec>& channels,
             int64_t started_us);

  /// Appends what is new. More than PATELLA_MAX_SAMPLES_PER_SECOND is a driver that loops: the fastest sensors here give 1 kHz. A text: what the child did wrong; the samples before that are good.
  std::string drain(int64_t now_us, std::vector<LinkSample>& into);
  /// Samples dropped since the last call, because the ring was full.
  uint64_t take_lost();

 private:
  std::string check(const wire::Sample& sample, int64_t now_us);
  std::string check_lost(int64_t now_us);

  const wire::ChildHead& child_;
  wire::KioskHead& kiosk_;
  const wire::Sample* ring_;
  uint64_t slots_;
  std::size_t channels_;
  rules::SampleRules rules_;
  uint64_t tail_ = 0;  ///< the only truth about how far we are; the shared copy is for the child
  uint64_t lost_ = 0, lost_told_ = 0, lost_at_window_ = 0;
  int64_t lost_window_us_;
};

}  // namespace patella::plugin_link
