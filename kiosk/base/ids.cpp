#include "base/ids.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstdlib>
#include <span>

namespace patella {

namespace {
void fill_random(std::span<uint8_t> bytes) {
  // At most 256 bytes never come in parts once the kernel's pool is ready; before that the call waits.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
}
}  // namespace

std::string make_uuid7(int64_t utc_us) {
  std::array<uint8_t, 16> bytes{};
  fill_random(bytes);
  const uint64_t milliseconds = static_cast<uint64_t>(utc_us / 1000);
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(milliseconds >> (40 - 8 * i));
  bytes[6] = static_cast<uint8_t>(0x70 | (bytes[6] & 0x0F));  // version 7
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3F));  // RFC variant
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

uint64_t random_seed() {
  std::array<uint8_t, 8> bytes{};
  fill_random(bytes);
  uint64_t seed = 0;
  for (uint8_t byte : bytes) seed = seed << 8 | byte;
  return seed;
}

}  // namespace patella
