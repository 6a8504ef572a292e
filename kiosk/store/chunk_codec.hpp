// One chunk = the records of one channel over a stretch of time, without loss, in few bytes.
//
// Layout (varint = LEB128, signed numbers zigzag):
//   varint n | u8 form | varint bytes of the seq part | varint bytes of the time part | seq | time | values
//   seq, time: first value, first difference, then differences of differences; a run of zeros is 0 and its length − 1
//   form 0: no values (all +0.0)   form 1+d: value = whole number / 10^d, differences as above but of first order
//   form 255: value bits XOR the previous; u8 = leading zero bytes × 16 + bytes kept, then these bytes from the top
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.hpp"

namespace patella::store {

inline constexpr int kMaxDecimals = 9;

/// A decoded chunk. `decimals` ≥ 0: value[i] = fixed[i] / 10^decimals exactly as a double; −1: `values` are given.
struct Columns {
  int decimals = -1;
  std::vector<uint64_t> seq;
  std::vector<int64_t> t_us;
  std::vector<int64_t> fixed;
  std::vector<double> values;

  std::size_t size() const { return t_us.size(); }
  double value(std::size_t i) const;
};

/// All of one kind and channel; `code` and `reserved` 0. Not empty.
std::string encode_chunk(std::span<const Record> records);

/// False when the bytes are not a whole chunk. `with_seq` false leaves `seq` empty (exports do not need it).
bool decode_chunk(std::string_view bytes, bool with_seq, Columns& out);

}  // namespace patella::store
