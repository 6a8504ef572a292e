#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  (void)patella::chronojump_force::read_line({reinterpret_cast<const char*>(data), size});
  return patella::fuzz::Feeder<patella::chronojump_force::Driver>().run({data, size});
}
