#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)patella::kettler::read_answer(text);
  if (const auto status = patella::kettler::read_status(text)) {
    const bool possible = status->cadence_rpm >= 0 && status->cadence_rpm <= 250 && status->power_w >= 0 && status->time_s >= 0;
    if (!possible) std::abort();
  }
  return patella::fuzz::Feeder<patella::kettler::Driver>().run({data, size});
}
