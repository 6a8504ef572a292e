#include "measurement.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "driver_kit/bytes.hpp"

namespace patella::go_direct {
namespace {

using Kind = Measurement::Kind;
using driver_kit::u32;

/// Where the sensors, the count and the data stand in a frame of that type.
struct Layout {
  Kind kind;
  bool is_int;
  int mask_bytes;  ///< 0: one sensor by number at byte 6
  std::size_t count_at, data_at;
};

std::optional<Layout> layout_of(uint8_t type) {
  switch (type) {
    case 0x06:
      return Layout{Kind::periodic, false, 2, 7, 9};
    case 0x07:
      return Layout{Kind::periodic, false, 4, 9, 11};
    case 0x08:
      return Layout{Kind::periodic, false, 0, 7, 8};
    case 0x09:
      return Layout{Kind::periodic, true, 0, 7, 8};
    case 0x0A:
      return Layout{Kind::aperiodic, false, 0, 7, 8};
    case 0x0B:
      return Layout{Kind::aperiodic, true, 0, 7, 8};
    default:
      return std::nullopt;
  }
}

Kind kind_of(uint8_t type) {
  switch (type) {
    case 0x0C:
      return Kind::start_time;
    case 0x0D:
      return Kind::dropped;
    case 0x0E:
      return Kind::new_period;
    default:
      return Kind::unknown;
  }
}

}  // namespace

std::optional<double> Measurement::value(int row, int sensor) const {
  if (row < 0 || row >= rows || sensor < 0 || sensor > 31 || !(mask >> sensor & 1u)) return std::nullopt;
  const int columns = std::popcount(mask);
  const int column = std::popcount(mask & ((1u << sensor) - 1u));
  const uint32_t bits = u32(data, static_cast<std::size_t>(row * columns + column) * 4);
  if (is_int) return static_cast<double>(static_cast<int32_t>(bits));
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  if (!std::isfinite(value)) return std::nullopt;
  return static_cast<double>(value);
}

std::optional<Measurement> read_measurement(std::span<const uint8_t> frame) {
  if (frame.size() < kHeaderBytes || frame[0] != kMeasurement) return std::nullopt;
  Measurement found;
  found.counter = frame[2];
  const auto layout = layout_of(frame[4]);
  if (!layout) {
    found.kind = kind_of(frame[4]);
    return found;
  }
  if (frame.size() < layout->data_at) return std::nullopt;
  found.kind = layout->kind;
  found.is_int = layout->is_int;
  found.rows = frame[layout->count_at];
  if (layout->mask_bytes == 0) {
    if (frame[6] > 31) return std::nullopt;
    found.mask = 1u << frame[6];
  } else {
    for (int i = layout->mask_bytes; i-- > 0;) found.mask = found.mask << 8 | frame[static_cast<std::size_t>(5 + i)];
  }
  found.data = frame.subspan(layout->data_at);
  const std::size_t needed = static_cast<std::size_t>(found.rows) * static_cast<std::size_t>(std::popcount(found.mask)) * 4;
  if (found.mask == 0 || found.rows == 0 || found.data.size() < needed) return std::nullopt;
  return found;
}

}  // namespace patella::go_direct
