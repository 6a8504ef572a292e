// The pages of the sensors: what a strap, a pedal or a trainer says in eight bytes, as values. Pure.
// Source: the ANT+ device profiles as public programs read them (docs/devices/ant_plus.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "message.hpp"

namespace patella::ant_plus {

/// The order is that of the driver's channels.
enum class Quantity : uint32_t {
  cadence_rpm,
  power_w,
  heart_rate_bpm,
  speed_mps,
  distance_m,       ///< since the sensor was first heard
  right_share_pct,  ///< of the right pedal
  torque_nm,
  beat_interval_s,
  trainer_state  ///< 1 asleep, 2 ready, 3 in use, 4 finished
};
inline constexpr std::size_t kQuantities = 9;

struct Value {
  Quantity what;
  double value;
  /// Counted or stated by the sensor. False: a 0 that only follows from never having heard of a turn.
  bool measured = true;
};
using Values = std::vector<Value>;

/// One sensor.
class Sensor {
 public:
  virtual ~Sensor() = default;
  /// Adds what the page tells that is new. Pages it does not know add nothing.
  virtual void take(const Payload& page, int64_t t_us, Values& values) = 0;
  /// The last page told of a turn, work or a beat that the one before it did not.
  virtual bool moved() const = 0;
  /// One sentence for staff while something keeps it from telling all it could; "" when nothing does.
  virtual std::string lacks() const { return {}; }
};

struct Profile {
  uint8_t type;      ///< ANT+ device type
  uint16_t period;   ///< 32768 / period messages a second
  const char* key;   ///< name of the parameter
  const char* name;  ///< for staff: "speed and cadence sensor"
  const char* wake;  ///< how it is woken
};
inline constexpr std::array<Profile, 5> kProfiles = {{
    {0x7A, 8102, "cadence", "cadence sensor", "turn the cranks"},
    {0x79, 8086, "speed_cadence", "speed and cadence sensor", "turn the cranks"},
    {0x0B, 8182, "power", "power meter", "turn the cranks"},
    {0x11, 8192, "trainer", "trainer", "switch it on or pedal"},
    {0x78, 8070, "heart_rate", "heart rate strap", "put it on, moist"},
}};
/// Null when no profile has that device type.
const Profile* profile_of(uint8_t type);

/// `wheel_m`: circumference. `type` must be that of a profile.
std::unique_ptr<Sensor> make_sensor(uint8_t type, double wheel_m);

}  // namespace patella::ant_plus
