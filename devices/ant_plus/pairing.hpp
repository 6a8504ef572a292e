// "Which sensor is mine?": everything that is heard around, and what of it moves while somebody pedals.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pages.hpp"

namespace patella::ant_plus {

/// A sensor as one number, for a channel: device type × 65536 + device number.
inline double sensor_code(const SensorId& sensor) { return sensor.type * 65536.0 + sensor.number; }
/// "speed and cadence sensor 12345".
std::string sensor_name(uint8_t type, uint16_t number);

class Pairing {
 public:
  enum class News { none, heard, moves };
  /// A page from that sensor: whether it is the first one, or tells of motion (every time).
  News take(const SensorId& from, const Payload& page, int64_t t_us);
  /// One sentence each for what moves and what does not; never long.
  std::string text() const;

 private:
  static constexpr std::size_t kMaxSensors = 32;
  struct Found {
    SensorId id;
    std::unique_ptr<Sensor> sensor;  ///< null for a type that is not read
    int motions = 0;
  };
  std::vector<Found> found_;
};

}  // namespace patella::ant_plus
