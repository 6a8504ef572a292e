// A port without a device behind it, for drivers that need none: fault plugins of the tests.
#pragma once

#include <climits>

#include "transport/transport.hpp"

namespace patella::host {

class NoDevice final : public transport::Port {
 public:
  NoDevice() {
    identity_.product_name = "no device";
    identity_.port = "none";
  }
  const transport::Identity& identity() const override { return identity_; }
  bool write(std::span<const uint8_t>) override { return false; }
  bool control(uint32_t, uint8_t, uint8_t, uint16_t, uint16_t, std::span<const uint8_t>, uint16_t) override { return false; }
  void wait_fds(std::vector<pollfd>&) const override {}
  int64_t deadline_us() const override { return INT64_MAX; }
  void service(transport::PortEvents&) override {}

 private:
  transport::Identity identity_;
};

}  // namespace patella::host
