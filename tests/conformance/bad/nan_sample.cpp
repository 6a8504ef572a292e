#include "calm_driver.hpp"

struct Nan : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  void received(std::span<const uint8_t>, int64_t t_us) { host_.emit(0, t_us, patella::sdk::kNone); }
};
FIXTURE_DRIVER(Nan)
