#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  (void)patella::hid_scale::read_report({data, size});
  return patella::fuzz::Feeder<patella::hid_scale::Driver>().run({data, size});
}
