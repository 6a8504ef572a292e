// A driver of wireless sensors without a fault: each byte is a sensor that is heard and moves. What its plugin.toml says of
// it may still be wrong.
#include "calm_driver.hpp"

namespace fixture {

class CalmSensors : public CalmDriver {
 public:
  static constexpr patella_channel kChannels[] = {
      patella::sdk::channel("force", "Force", "N", 0, 255, 10, 1),
      patella::sdk::channel("sensor_heard", "Sensor heard", "", 0, 16'777'215, 0, 60),
      patella::sdk::channel("sensor_moving", "Sensor that moves", "", 0, 16'777'215, 0, 2)};
  using CalmDriver::CalmDriver;

  void received(std::span<const uint8_t> bytes, int64_t t_us) {
    for (const uint8_t byte : bytes)
      for (const uint32_t channel : {1u, 2u}) host_.emit(channel, t_us, 121 * 65536.0 + byte);
  }
  bool command(std::string_view name, double, int64_t) {
    if (name != "identify") return false;
    host_.command_done("identify", true, "Listened");
    return true;
  }
};

constexpr patella_param kParams[] = {
    patella::sdk::int_param("strap", "Strap", "", "Its number; 0 = the first one heard, -1 = none.", -1, -1, 65535),
    patella::sdk::int_param("gear", "Gear", "", "Not the number of a sensor.", 1, 1, 9),
    patella::sdk::real_param("wheel_mm", "Wheel", "mm", "Not a whole number.", 2096, 500, 4000)};

}  // namespace fixture

PATELLA_DRIVER(fixture::CalmSensors, "org.patella.fixture", "Fixture", "1.0.0", fixture::kParams)
