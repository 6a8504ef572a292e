#include "transport/hid_descriptor.hpp"

#include <algorithm>
#include <array>

namespace patella::transport {
namespace {

constexpr uint8_t kLongItem = 0xFE;
constexpr uint32_t kMaxReportBits = 65535u * 8u;  // wLength of a control transfer bounds any report

/// Tag and type of a short item, the size bits masked out.
enum Item : uint8_t {
  kInput = 0x80,
  kUsagePage = 0x04,
  kReportSize = 0x74,
  kReportId = 0x84,
  kReportCount = 0x94,
  kPush = 0xA4,
  kPop = 0xB4,
  kUsage = 0x08,
};

struct Globals {
  uint32_t report_size = 0, report_count = 0;
  uint8_t report_id = 0;
};

uint32_t little_endian(std::span<const uint8_t> bytes) {
  uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
  return value;
}

void add_page(std::vector<int>& pages, uint32_t page) {
  const int value = static_cast<int>(page & 0xFFFFu);
  if (std::find(pages.begin(), pages.end(), value) == pages.end()) pages.push_back(value);
}

}  // namespace

HidFacts read_report_descriptor(std::span<const uint8_t> rest) {
  HidFacts facts;
  Globals now;
  std::vector<Globals> pushed;
  std::array<uint32_t, 256> input_bits{};
  bool ids_used = false;
  while (!rest.empty()) {
    const uint8_t prefix = rest[0];
    if (prefix == kLongItem) {
      if (rest.size() < 3 || rest.size() < 3u + rest[1]) break;
      rest = rest.subspan(3u + rest[1]);
      continue;
    }
    const std::size_t size = (prefix & 3u) == 3u ? 4u : (prefix & 3u);
    if (rest.size() < 1 + size) break;
    const uint32_t value = little_endian(rest.subspan(1, size));
    switch (prefix & 0xFCu) {
      case kUsagePage:
        add_page(facts.usage_pages, value);
        break;
      case kUsage:  // a four-byte usage carries its page in the upper half
        if (size == 4) add_page(facts.usage_pages, value >> 16);
        break;
      case kReportSize:
        now.report_size = std::min(value, kMaxReportBits);
        break;
      case kReportCount:
        now.report_count = std::min(value, kMaxReportBits);
        break;
      case kReportId:
        now.report_id = static_cast<uint8_t>(value);
        ids_used = true;
        break;
      case kPush:
        if (pushed.size() < 64) pushed.push_back(now);
        break;
      case kPop:
        if (!pushed.empty()) {
          now = pushed.back();
          pushed.pop_back();
        }
        break;
      case kInput: {
        const uint64_t bits = input_bits[now.report_id] + uint64_t{now.report_size} * now.report_count;
        input_bits[now.report_id] = static_cast<uint32_t>(std::min<uint64_t>(bits, kMaxReportBits));
        break;
      }
      default:
        break;
    }
    rest = rest.subspan(1 + size);
  }
  const uint32_t longest = *std::max_element(input_bits.begin(), input_bits.end());
  if (longest > 0) facts.longest_input_bytes = (longest + 7) / 8 + (ids_used ? 1 : 0);
  return facts;
}

}  // namespace patella::transport
