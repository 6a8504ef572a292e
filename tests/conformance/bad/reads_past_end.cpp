#include "calm_driver.hpp"

// Believes the length that the device sends: a jump far outside when the byte is large.
struct Trusts : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    const std::size_t length = bytes[0] == 0xFF ? std::size_t{1} << 40 : 0;
    const uint8_t* volatile at = bytes.data();
    host_.emit(0, t_us, at[length]);
  }
};
FIXTURE_DRIVER(Trusts)
