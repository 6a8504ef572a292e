// Frames of a Go Direct device and the 64-byte reports they travel in. Pure.
//
// A command is 58, total length, counter, checksum, command, data. An answer begins with another byte (20: a
// measurement), then length, counter, checksum. The checksum is the sum of all bytes but itself. A report has
// the number of its valid bytes in front, then at most 63 bytes of a frame, then zeros; it has no report id.
// Source: VernierST/godirect-py and godirect-js.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patella::go_direct {

using Bytes = std::vector<uint8_t>;

inline constexpr std::size_t kReportBytes = 64, kHeaderBytes = 5;
inline constexpr uint8_t kMeasurement = 0x20;  ///< first byte of a frame

enum class Command : uint8_t {
  status = 0x10,
  start = 0x18,
  stop = 0x19,
  init = 0x1A,
  period = 0x1B,
  sensor_info = 0x50,
  available_sensors = 0x51,
  disconnect = 0x54,
  info = 0x55,
  default_sensors = 0x56,
};

uint8_t checksum(std::span<const uint8_t> frame);
/// `data` of at most 250 bytes.
Bytes encode(Command command, std::span<const uint8_t> data, uint8_t counter);
/// The data of the commands that have some.
Bytes init_data();
Bytes period_data(uint32_t period_us);
Bytes start_data(uint32_t sensor_mask);
Bytes stop_data();

/// As they go over the wire, 64 bytes each.
std::vector<Bytes> to_reports(std::span<const uint8_t> frame);

struct Frame {
  Bytes bytes;  ///< exactly as long as its second byte says, at least 5
  bool checksum_right = false;
};

/// Puts frames together from reports. Keeps no more than one frame (255 bytes).
class FrameJoiner {
 public:
  /// The frame that is complete with this report.
  std::optional<Frame> take(std::span<const uint8_t> report);
  void reset() { partial_.clear(); }
  /// Reports that were no part of any frame.
  uint64_t garbage() const { return garbage_; }

 private:
  Bytes partial_;
  uint64_t garbage_ = 0;
};

}  // namespace patella::go_direct
