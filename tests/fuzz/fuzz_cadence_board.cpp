#include <cstring>

#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace patella::cadence_board;
  (void)read_line({reinterpret_cast<const char*>(data), size});
  // The times and counts behind the text, too: records of what, time, count.
  Crank crank;
  for (std::size_t at = 0; at + 9 <= size; at += 9) {
    uint32_t t_us = 0, count = 0;
    std::memcpy(&t_us, data + at + 1, 4);
    std::memcpy(&count, data + at + 5, 4);
    const auto rpm = data[at] & 1 ? crank.revolution(t_us, count).rpm : crank.heartbeat(t_us);
    if (rpm && !(*rpm >= 0 && *rpm <= 220)) std::abort();
  }
  return patella::fuzz::Feeder<Driver>().run({data, size});
}
