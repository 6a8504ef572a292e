// The pages of the sensors: what a strap, a pedal or a trainer says in eight bytes, as values. Pure.
// Source: the ANT+ device profiles as public programs read them (docs/devices/ant_plus.md).
#pragma once

#include <patella/sdk.hpp>

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
  const char* name;  ///< in the log: "speed and cadence sensor"
  // What staff read of it. {0} is its number.
  sdk::Sentence<0> none_heard;  ///< of this kind, where any will do; and how one is woken
  sdk::Sentence<1> not_heard, taken, moves, still;
};
inline constexpr std::array<Profile, 5> kProfiles = {{
    {0x7A, 8102, "cadence", "cadence sensor", PATELLA_TEXT("No cadence sensor is heard: turn the cranks"),
     PATELLA_TEXT("Cadence sensor {0} is not heard: turn the cranks"),
     PATELLA_TEXT("Took the first cadence sensor that was heard: {0}"), PATELLA_TEXT("Cadence sensor {0} moves"),
     PATELLA_TEXT("Cadence sensor {0} does not move")},
    {0x79, 8086, "speed_cadence", "speed and cadence sensor",
     PATELLA_TEXT("No speed and cadence sensor is heard: turn the cranks"),
     PATELLA_TEXT("Speed and cadence sensor {0} is not heard: turn the cranks"),
     PATELLA_TEXT("Took the first speed and cadence sensor that was heard: {0}"),
     PATELLA_TEXT("Speed and cadence sensor {0} moves"), PATELLA_TEXT("Speed and cadence sensor {0} does not move")},
    {0x0B, 8182, "power", "power meter", PATELLA_TEXT("No power meter is heard: turn the cranks"),
     PATELLA_TEXT("Power meter {0} is not heard: turn the cranks"),
     PATELLA_TEXT("Took the first power meter that was heard: {0}"), PATELLA_TEXT("Power meter {0} moves"),
     PATELLA_TEXT("Power meter {0} does not move")},
    {0x11, 8192, "trainer", "trainer", PATELLA_TEXT("No trainer is heard: switch it on or pedal"),
     PATELLA_TEXT("Trainer {0} is not heard: switch it on or pedal"), PATELLA_TEXT("Took the first trainer that was heard: {0}"),
     PATELLA_TEXT("Trainer {0} moves"), PATELLA_TEXT("Trainer {0} does not move")},
    {0x78, 8070, "heart_rate", "heart rate strap", PATELLA_TEXT("No heart rate strap is heard: put it on, moist"),
     PATELLA_TEXT("Heart rate strap {0} is not heard: put it on, moist"),
     PATELLA_TEXT("Took the first heart rate strap that was heard: {0}"), PATELLA_TEXT("Heart rate strap {0} moves"),
     PATELLA_TEXT("Heart rate strap {0} does not move")},
}};
/// Null when no profile has that device type.
const Profile* profile_of(uint8_t type);

/// `wheel_m`: circumference. `type` must be that of a profile.
std::unique_ptr<Sensor> make_sensor(uint8_t type, double wheel_m);

}  // namespace patella::ant_plus
