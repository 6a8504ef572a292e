#include <vector>

#include "driver.hpp"
#include "fuzz_driver.hpp"

namespace {

/// The checksum keeps nearly all inputs out: the input is tried as the contents of good frames, too.
std::vector<uint8_t> framed(std::span<const uint8_t> contents) {
  std::vector<uint8_t> bytes;
  for (; contents.size() >= 17; contents = contents.subspan(17)) {
    unsigned sum = 0;
    for (const uint8_t byte : contents.first(17)) sum += byte;
    bytes.insert(bytes.end(), contents.begin(), contents.begin() + 17);
    bytes.push_back(static_cast<uint8_t>('0' + sum % 100 / 10));
    bytes.push_back(static_cast<uint8_t>('0' + sum % 10));
    bytes.push_back('\r');
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace patella::linescale3;
  const std::vector<uint8_t> good = framed({data, size});
  FrameFinder finder;
  finder.feed(good, [](const Frame& frame, uint64_t) {
    if (!std::isfinite(frame.force_n) || frame.battery_percent > 100) std::abort();
  });
  // As records of the feeder: a fifth of a second, one frame.
  std::vector<uint8_t> records;
  for (std::size_t at = 0; at + kFrameBytes <= good.size(); at += kFrameBytes) {
    const uint8_t passed = data[0] % 16;
    records.insert(records.end(), {passed, static_cast<uint8_t>(kFrameBytes | (data[at / kFrameBytes] & 0x80u))});
    records.insert(records.end(), good.begin() + static_cast<std::ptrdiff_t>(at),
                   good.begin() + static_cast<std::ptrdiff_t>(at + kFrameBytes));
  }
  patella::fuzz::Feeder<Driver>().run(records);
  return patella::fuzz::Feeder<Driver>().run({data, size});
}
