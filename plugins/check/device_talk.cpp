#include "device_talk.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace patella::check {
namespace {

Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

Bytes from_alphabet(Random& random, std::string_view alphabet, std::size_t length) {
  Bytes bytes(length);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(alphabet[random.below(alphabet.size())]);
  return bytes;
}

std::string number_line(Random& random, int64_t& clock_us) {
  clock_us += 10'000 + static_cast<int64_t>(random.below(3'000));
  const double value = random.between(-20, 300);
  switch (random.below(8)) {
    case 0:
      return fmt::format("{:.2f}\n", value);
    case 1:
      return fmt::format("{};{:.2f}\n", clock_us, value);
    case 2:
      return fmt::format("{},{:.3f},kg,\r\n", clock_us / 1000, value);
    case 3:
      return fmt::format("{}\r\n", static_cast<int>(value));
    case 4:
      return fmt::format("{};{:.2f};{:.2f}\n", clock_us, value, value / 2);
    case 5:
      return "\n";
    case 6:
      return fmt::format("{:e}{}\n", value * 1e30, value > 150 ? "e999" : "");
    default:
      return "nan;inf;--1.5.2\n";
  }
}

}  // namespace

Bytes noise(Random& random, const Bytes& echo, bool serial) {
  if (serial && random.below(2) == 0) return number_lines(random, 1 + static_cast<int>(random.below(4)));
  const std::size_t length = 1 + random.below(64);
  switch (random.below(6)) {
    case 0:
      return from_alphabet(random, "0123456789.;,-+eE \r\n", length);
    case 1: {
      int64_t clock_us = static_cast<int64_t>(random.below(1u << 30));
      return bytes_of(number_line(random, clock_us));
    }
    case 2: {  // a report: small id, few bits set
      Bytes bytes(1 + random.below(24), 0);
      bytes[0] = static_cast<uint8_t>(random.below(8));
      for (std::size_t i = 1; i < bytes.size(); ++i)
        if (random.below(3) == 0) bytes[i] = static_cast<uint8_t>(random.next());
      return bytes;
    }
    case 3: {
      if (echo.empty()) break;
      Bytes bytes = echo;
      bytes[random.below(bytes.size())] ^= static_cast<uint8_t>(1u << random.below(8));
      return bytes;
    }
    default:
      break;
  }
  Bytes bytes(length);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

Bytes number_lines(Random& random, int lines) {
  Bytes bytes;
  int64_t clock_us = 0;
  for (int i = 0; i < lines; ++i) {
    const std::string line = number_line(random, clock_us);
    bytes.insert(bytes.end(), line.begin(), line.end());
  }
  return bytes;
}

}  // namespace patella::check
