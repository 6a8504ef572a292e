// The fast path: ten million rows in a fraction of a second. Most values are whole numbers over a power of ten and are
// printed as such; only others go through the shortest form of a double.
#include "export/samples_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "export/csv_text.hpp"

namespace patella::exporting {

namespace {
constexpr std::size_t kRowRoom = 128;  // without the prefix

constexpr std::array<char, 200> make_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
constexpr std::array<char, 200> kPairs = make_pairs();
constexpr std::array<uint64_t, 10> kPowers{1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

/// `value` with exactly `digits` digits, zeros in front.
char* put_padded(char* at, uint64_t value, int digits) {
  char* const end = at + digits;
  char* to = end;
  for (; digits >= 2; digits -= 2) {
    to -= 2;
    std::memcpy(to, kPairs.data() + 2 * (value % 100), 2);
    value /= 100;
  }
  if (digits == 1) *--to = static_cast<char>('0' + value % 10);
  return end;
}

char* put_whole(char* at, uint64_t value) {
  if (value < 10) {
    *at = static_cast<char>('0' + value);
    return at + 1;
  }
  return std::to_chars(at, at + 20, value).ptr;
}

/// value / 10^decimals
char* put_fixed(char* at, int64_t value, int decimals) {
  uint64_t size = static_cast<uint64_t>(value);
  if (value < 0) {
    *at++ = '-';
    size = ~size + 1;
  }
  const uint64_t power = kPowers[static_cast<std::size_t>(decimals)];
  at = put_whole(at, size / power);
  if (decimals == 0) return at;
  *at++ = '.';
  return put_padded(at, size % power, decimals);
}

char* put_double(char* at, double value) {
  return std::isfinite(value) ? std::to_chars(at, at + 32, value).ptr : at;  // an empty cell
}

/// Seconds with six places. Times of a stretch share their whole seconds, so these digits are kept.
class TimeWriter {
 public:
  char* put(char* at, int64_t t_us) {
    if (t_us < 0) return put_fixed(at, t_us, 6);
    const uint64_t time = static_cast<uint64_t>(t_us);
    if (time - second_us_ >= 1'000'000) {  // also when time is before: the difference wraps
      const uint64_t second = time / 1'000'000;
      second_us_ = second * 1'000'000;
      size_ = static_cast<std::size_t>(put_whole(digits_.data(), second) - digits_.data());
      digits_[size_++] = '.';
    }
    std::memcpy(at, digits_.data(), digits_.size());  // a fixed size is one instruction; what is too much is overwritten
    return put_padded(at + size_, time - second_us_, 6);
  }

 private:
  std::array<char, 24> digits_{'0', '.'};
  std::size_t size_ = 2;
  uint64_t second_us_ = 0;
};

std::string prefix_of(const store::SessionHead& head, int channel, const CsvStyle& style) {
  CsvLine line(style);
  const store::StoredChannel* found = nullptr;
  for (const store::StoredChannel& known : head.channels)
    if (known.index == channel) found = &known;
  std::string text =
      found ? line.text(found->key).text(found->unit).finish() : line.text(fmt::format("channel_{}", channel)).empty().finish();
  text.resize(text.size() - 2);
  return text + style.separator;
}

void put_block(ExportFile& file, const CsvStyle& style, const std::string& prefix, const store::SampleBlock& block,
               TimeWriter& times) {
  for (std::size_t i = 0; i < block.t_us.size(); ++i) {
    char* at = file.room(prefix.size() + kRowRoom);
    std::memcpy(at, prefix.data(), prefix.size());
    char* const numbers = at + prefix.size();
    at = times.put(numbers, block.t_us[i]);
    *at++ = style.separator;
    at = block.decimals >= 0 ? put_fixed(at, block.fixed[i], block.decimals) : put_double(at, block.values[i]);
    if (style.decimal != '.') std::replace(numbers, at, '.', style.decimal);
    *at++ = '\r';
    *at++ = '\n';
    file.took(at);
  }
}
}  // namespace

Status write_samples(store::Store& store, const store::SessionHead& head, const CsvStyle& style, ExportFile& file, uint64_t& rows,
                     std::vector<std::string>& notices) {
  file.put(header_line(style, "channel,unit,t_s,value"));
  int channel = -1;
  std::string prefix;
  TimeWriter times;
  const auto take = [&](const store::SampleBlock& block) {
    if (block.channel != channel) prefix = prefix_of(head, channel = block.channel, style);
    put_block(file, style, prefix, block, times);
    rows += block.t_us.size();
    return Status();
  };
  std::vector<std::string> damage;
  const Status done = store.each_sample_block(head.id, take, &damage);
  for (const std::string& line : damage) notices.push_back("Session " + head.id + ": " + line);
  return done;
}

}  // namespace patella::exporting
