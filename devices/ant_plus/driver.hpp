// ANT+ sensors through a USB stick: one instance opens a channel for each sensor that its parameters name.
#pragma once

#include <patella/sdk.hpp>

#include <optional>

#include "backlog.hpp"
#include "driver_kit/status_reporter.hpp"
#include "pages.hpp"
#include "pairing.hpp"
#include "stick.hpp"

namespace patella::ant_plus {

/// Phone apps show 20 bits of some sensors. A stick searches by the low 16, so those are meant.
inline constexpr int kMaxNumber = 0xFFFFF;
inline constexpr patella_param kParams[] = {
    sdk::secret(sdk::text_param(
        "network_key", "ANT+ network key",
        "16 hexadecimal digits, from the ANT+ adopter's agreement of your site. Patella has none of its own.", 40)),
    sdk::int_param("speed_cadence", "Speed and cadence sensor", "",
                   "Device number of the sensor (above 65535: its low 16 bits are meant); "
                   "0 = the first one heard, -1 = none.",
                   -1, -1, kMaxNumber),
    sdk::int_param("cadence", "Cadence sensor", "",
                   "Device number of the sensor (above 65535: its low 16 bits are meant); "
                   "0 = the first one heard, -1 = none.",
                   -1, -1, kMaxNumber),
    sdk::int_param("power", "Power meter", "",
                   "Device number of the meter (above 65535: its low 16 bits are meant); "
                   "0 = the first one heard, -1 = none.",
                   -1, -1, kMaxNumber),
    sdk::int_param("trainer", "Trainer (FE-C)", "",
                   "Device number of the trainer (above 65535: its low 16 bits are meant); "
                   "0 = the first one heard, -1 = none.",
                   -1, -1, kMaxNumber),
    sdk::int_param("heart_rate", "Heart rate strap", "",
                   "Device number of the strap (above 65535: its low 16 bits are meant); "
                   "0 = the first one heard, -1 = none.",
                   -1, -1, kMaxNumber),
    sdk::real_param("wheel_mm", "Wheel circumference", "mm", "For the speed of the speed and cadence sensor.", 2096, 500, 4000),
};

class Driver final : private StickUser {
 public:
  static constexpr patella_transport kTransport = PATELLA_TRANSPORT_BULK;
  static constexpr patella_match kMatches[] = {sdk::usb_match(0x0FCF, 0x1008), sdk::usb_match(0x0FCF, 0x1009)};
  /// The first ones in the order of Quantity.
  enum Channel : uint32_t { kSensorHeard = kQuantities, kSensorMoving };
  static constexpr patella_channel kChannels[] = {
      sdk::channel("cadence", "Cadence", "rpm", 0, 250, 4.04, 2.5),
      sdk::channel("power", "Power", "W", 0, 3000, 4.0, 2.5),
      sdk::channel("heart_rate", "Heart rate", "bpm", 20, 250, 4.06, 3.0),
      sdk::channel("speed", "Speed", "m/s", 0, 50, 4.05, 2.5, 1),
      sdk::channel("distance", "Distance", "m", 0, 1'000'000, 4.05, 2.5),
      sdk::channel("right_share", "Right pedal share", "%", 0, 100, 4.0, 2.5),
      sdk::channel("torque", "Torque", "Nm", -100, 1000, 4.0, 2.5, 1),
      sdk::channel("beat_interval", "Beat interval", "s", 0.2, 3, 4.06, 3.0, 3),
      sdk::channel("state", "Trainer state", "", 0, 7, 2.0, 2.5),
      sdk::channel("sensor_heard", "Sensor heard", "", 0, 16'777'215, 0, 60.0),
      sdk::channel("sensor_moving", "Sensor that moves", "", 0, 16'777'215, 0, 2.0),
  };

  Driver(sdk::DeviceHost host, const sdk::Params& params);
  void connected(const patella_device_identity& identity, int64_t t_us);
  void received(std::span<const uint8_t> bytes, int64_t t_us);
  void tick(int64_t t_us);
  bool command(std::string_view name, double argument, int64_t t_us);
  void disconnected(uint32_t reason, int64_t t_us);

 private:
  /// What one channel of the stick listens to.
  struct Slot {
    const Profile* profile = nullptr;
    uint16_t wanted = 0;             ///< device number, 0 = any
    uint32_t typed = 0;              ///< as it stands in the station's file
    std::optional<SensorId> id;      ///< who is heard, or was last
    std::unique_ptr<Sensor> sensor;  ///< what is known of that one; outlasts a silence
    bool hears = false, asked = false;
    bool named = false;  ///< since it is heard its number was told
    int64_t heard_us = 0;
    uint64_t pages = 0, missed = 0;
    /// Of each quantity: told at all, and more than 0 by its own measurement, by this sensor.
    std::array<bool, kQuantities> tells{}, measures{};
    double way_m = 0;  ///< what the sensor told last
    void take_sensor(std::unique_ptr<Sensor> taken) {
      sensor = std::move(taken);
      tells = measures = {};
      way_m = 0;
    }
  };

  bool write(const Bytes& bytes) override;
  void stick_is(StickState state, int64_t t_us) override;
  void page(const Heard& heard, int64_t t_us) override;
  void searching(uint8_t channel) override;
  void missed(uint8_t channel) override;
  void sensor_is(uint8_t channel, const SensorId& sensor, int64_t t_us) override;
  void note(const std::string& text) override;

  void take_own(Slot& slot, const Heard& heard, int64_t t_us);
  void take_around(const Heard& heard, int64_t t_us);
  void feed(Slot& slot, const Payload& page, int64_t t_us);
  void lose(Slot& slot, const char* how);
  void take_for_another(Slot& slot);
  void watch(int64_t t_us);
  void end_pairing(bool ok, const std::string& text);
  const Slot* source_of(Quantity quantity) const;
  bool feeds(const Slot& slot, Quantity quantity);
  std::string missing_text() const;
  void tell_state();
  void plan(int64_t t_us);

  sdk::DeviceHost host_;
  driver_kit::StatusReporter status_{host_, "unreadable messages"};
  std::optional<NetworkKey> key_;
  bool key_is_wrong_ = false;
  std::string impossible_;  ///< what is wrong with a number
  double wheel_m_;
  std::vector<Slot> slots_;
  std::optional<Stick> stick_;
  Backlog backlog_;
  Values values_;
  std::array<const Slot*, kQuantities> source_{};  ///< logged when it changes
  double way_m_ = 0;                               ///< goes on when another sensor takes over
  std::optional<Pairing> pairing_;
  int64_t pairing_end_us_ = 0;
};

}  // namespace patella::ant_plus
