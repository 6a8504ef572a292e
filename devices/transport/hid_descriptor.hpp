// The few facts of a HID report descriptor that finding and reading a device need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace patella::transport {

struct HidFacts {
  std::vector<int> usage_pages;      ///< each once, in order of appearance
  uint32_t longest_input_bytes = 0;  ///< longest input report on the wire, its id byte included; 0 = none
};

/// Any bytes: damaged or hostile descriptors give what could be read before the damage. Layout: Device Class
/// Definition for HID 1.11, 6.2.2 (short items, long items).
HidFacts read_report_descriptor(std::span<const uint8_t> descriptor);

}  // namespace patella::transport
