#include "driver.hpp"
#include "fuzz_driver.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto reply = patella::tacx_1932::read_reply({data, size});
  if (!std::isfinite(reply.speed_m_s) || !std::isfinite(reply.brake_force_n)) std::abort();
  return patella::fuzz::Feeder<patella::tacx_1932::Driver>().run({data, size});
}
