#include "calm_driver.hpp"

struct Busy : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  void connected(const patella_device_identity& identity, int64_t t_us) {
    CalmDriver::connected(identity, t_us);
    host_.set_deadline(t_us);
  }
  void tick(int64_t t_us) { host_.set_deadline(t_us); }
};
FIXTURE_DRIVER(Busy)
