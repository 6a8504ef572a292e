#include "calm_driver.hpp"

struct Hoards : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  void received(std::span<const uint8_t> bytes, int64_t) {
    for (const uint8_t byte : bytes) byte == '\n' ? line_.clear() : line_.push_back(static_cast<char>(byte));
  }
  std::string line_;
};
FIXTURE_DRIVER(Hoards)
