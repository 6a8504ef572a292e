#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto line = patella::openscale::read_line({reinterpret_cast<const char*>(data), size});
  if (!std::isfinite(line.force_n)) std::abort();
  return patella::fuzz::Feeder<patella::openscale::Driver>().run({data, size});
}
