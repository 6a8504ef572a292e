#include "calm_driver.hpp"

struct Sliced : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  void received(std::span<const uint8_t> bytes, int64_t t_us) { host_.emit(0, t_us, bytes.front()); }
};
FIXTURE_DRIVER(Sliced)
