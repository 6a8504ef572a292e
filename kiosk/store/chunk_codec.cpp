#include "store/chunk_codec.hpp"

#include <array>
#include <bit>
#include <cmath>

namespace patella::store {

namespace {

constexpr uint8_t kNoValues = 0;
constexpr uint8_t kXor = 255;
constexpr int64_t kExactLimit = int64_t{1} << 53;  // whole numbers up to here are exact as double
constexpr std::array<double, kMaxDecimals + 1> kPowers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

uint64_t zigzag(int64_t value) { return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63); }
int64_t unzigzag(uint64_t value) { return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1)); }

// Wrapping arithmetic: any 64-bit input must come back, also one whose difference overflows.
int64_t minus(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b)); }
int64_t plus(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }

void put_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

struct Reader {
  const unsigned char* at;
  const unsigned char* end;
  bool ok = true;

  uint64_t varint() {
    if (at < end && *at < 0x80) return *at++;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at == end) break;
      const uint64_t byte = *at++;
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    ok = false;
    return 0;
  }
  uint8_t byte() {
    if (at == end) {
      ok = false;
      return 0;
    }
    return *at++;
  }
  Reader part(uint64_t size) {
    if (size > static_cast<uint64_t>(end - at)) {
      ok = false;
      return {end, end};
    }
    const Reader inner{at, at + size};
    at += size;
    return inner;
  }
};

/// `order` 1 = differences, 2 = differences of differences.
class DeltaWriter {
 public:
  DeltaWriter(std::string& out, int order) : out_(out), order_(order) {}
  void put(int64_t value) {
    const int64_t step = minus(value, last_);
    const int64_t code = order_ == 1 ? step : minus(step, step_);
    last_ = value;
    step_ = step;
    if (code == 0) {
      ++zeros_;
      return;
    }
    finish();
    put_varint(out_, zigzag(code));
  }
  void finish() {
    if (zeros_ == 0) return;
    out_ += '\0';
    put_varint(out_, zeros_ - 1);
    zeros_ = 0;
  }

 private:
  std::string& out_;
  int order_;
  int64_t last_ = 0, step_ = 0;
  uint64_t zeros_ = 0;
};

template <class T>
bool read_deltas(Reader& in, int order, std::size_t n, std::vector<T>& out) {
  out.resize(n);
  int64_t last = 0, step = 0;
  for (std::size_t i = 0; i < n;) {
    const uint64_t code = in.varint();
    if (!in.ok) return false;
    if (code != 0) {
      step = order == 1 ? unzigzag(code) : plus(step, unzigzag(code));
      last = plus(last, step);
      out[i++] = static_cast<T>(last);
      continue;
    }
    const uint64_t run = in.varint();
    if (!in.ok || run >= n - i) return false;
    if (order == 1) step = 0;
    for (uint64_t k = 0; k <= run; ++k) {
      last = plus(last, step);
      out[i++] = static_cast<T>(last);
    }
  }
  return in.at == in.end;
}

bool same_bits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

/// The whole number k with k / 10^decimals == value in every bit.
std::optional<int64_t> as_fixed(double value, int decimals) {
  const double power = kPowers[static_cast<std::size_t>(decimals)];
  const double scaled = value * power;
  if (!(std::fabs(scaled) < static_cast<double>(kExactLimit))) return std::nullopt;
  const int64_t whole = std::llround(scaled);
  if (!same_bits(static_cast<double>(whole) / power, value)) return std::nullopt;
  return whole;
}

/// −1: not all of them are short decimals.
int common_decimals(std::span<const Record> records) {
  int decimals = 0;
  for (const Record& record : records)
    while (!as_fixed(record.value, decimals))
      if (++decimals > kMaxDecimals) return -1;
  // A value that fitted fewer decimals can be too large for the number found in the end.
  for (const Record& record : records)
    if (!as_fixed(record.value, decimals)) return -1;
  return decimals;
}

void put_xor(std::string& out, uint64_t bits) {
  if (bits == 0) {
    out += '\x80';
    return;
  }
  const unsigned leading = static_cast<unsigned>(std::countl_zero(bits)) / 8;
  const unsigned trailing = static_cast<unsigned>(std::countr_zero(bits)) / 8;
  const unsigned kept = 8 - leading - trailing;
  out += static_cast<char>(leading << 4 | kept);
  for (unsigned i = 0; i < kept; ++i) out += static_cast<char>(bits >> (56 - 8 * (leading + i)));
}

bool read_xor(Reader& in, std::size_t n, std::vector<double>& out) {
  out.resize(n);
  uint64_t last = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned head = in.byte(), leading = head >> 4, kept = head & 0x0F;
    if (leading + kept > 8) return false;
    uint64_t bits = 0;
    for (unsigned k = 0; k < kept; ++k) bits |= uint64_t{in.byte()} << (56 - 8 * (leading + k));
    if (!in.ok) return false;
    last ^= bits;
    out[i] = std::bit_cast<double>(last);
  }
  return in.at == in.end;
}

bool all_zero(std::span<const Record> records) {
  for (const Record& record : records)
    if (!same_bits(record.value, 0.0)) return false;
  return true;
}
}  // namespace

double Columns::value(std::size_t i) const {
  return decimals < 0 ? values[i] : static_cast<double>(fixed[i]) / kPowers[static_cast<std::size_t>(decimals)];
}

std::string encode_chunk(std::span<const Record> records) {
  std::string seq, time, out;
  DeltaWriter seq_writer(seq, 2), time_writer(time, 2);
  for (const Record& record : records) {
    seq_writer.put(static_cast<int64_t>(record.seq));
    time_writer.put(record.t_us);
  }
  seq_writer.finish();
  time_writer.finish();

  const bool no_values = all_zero(records);
  const int decimals = no_values ? -1 : common_decimals(records);
  put_varint(out, records.size());
  out += static_cast<char>(no_values ? kNoValues : decimals >= 0 ? 1 + decimals : kXor);
  put_varint(out, seq.size());
  put_varint(out, time.size());
  out += seq;
  out += time;
  if (no_values) return out;
  if (decimals >= 0) {
    DeltaWriter writer(out, 1);
    for (const Record& record : records) writer.put(*as_fixed(record.value, decimals));
    writer.finish();
    return out;
  }
  uint64_t last = 0;
  for (const Record& record : records) {
    const uint64_t bits = std::bit_cast<uint64_t>(record.value);
    put_xor(out, bits ^ last);
    last = bits;
  }
  return out;
}

bool decode_chunk(std::string_view bytes, bool with_seq, Columns& out) {
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  Reader in{begin, begin + bytes.size()};
  const uint64_t n = in.varint();
  const uint8_t form = in.byte();
  const uint64_t seq_size = in.varint(), time_size = in.varint();
  // A run of zeros makes many records from few bytes; no chunk of ours is longer than this.
  if (!in.ok || n == 0 || n > (uint64_t{1} << 24)) return false;
  Reader seq = in.part(seq_size), time = in.part(time_size);
  if (!in.ok) return false;
  out.seq.clear();
  out.fixed.clear();
  out.values.clear();
  if (with_seq && !read_deltas(seq, 2, n, out.seq)) return false;
  if (!read_deltas(time, 2, n, out.t_us)) return false;
  if (form == kXor) {
    out.decimals = -1;
    return read_xor(in, n, out.values);
  }
  if (form == kNoValues) {
    out.decimals = 0;
    out.fixed.assign(n, 0);
    return in.at == in.end;
  }
  if (form > 1 + kMaxDecimals) return false;
  out.decimals = form - 1;
  return read_deltas(in, 1, n, out.fixed);
}

}  // namespace patella::store
