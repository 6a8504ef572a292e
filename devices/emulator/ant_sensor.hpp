// One ANT+ sensor around the stick: who it is, how often it sends, and what its next message says.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "emulator/pedalling.hpp"

namespace patella::emulator {

using AntPage = std::array<uint8_t, 8>;

/// Somebody on a bike, and what each sensor on it counts: shared by the sensors of one bike.
class AntRider {
 public:
  explicit AntRider(uint64_t seed) : pedalling(seed) {}
  void advance(int64_t now_us);
  /// The next turn is seen twice, 0.26 s apart (about 230 rpm), or not at all.
  void spike() { spike_ = true; }
  void miss() { miss_ = true; }

  Pedalling pedalling;
  double turns = 0;         ///< of the crank, as seen by a sensor
  double turn_s = 0;        ///< when the last of them was, since the rider began
  double work_w = 0;        ///< power of each turn, added up
  double torque_nm = 0;     ///< the same with torque
  double torque_ticks = 0;  ///< of a meter that tells torque as a frequency
  double wheel_m = 0;       ///< way of the wheel
  double wheel_turns = 0, wheel_s = 0;
  double beats = 0, beat_s = 0, beat_before_s = 0;

 private:
  void turn(double at_s);
  void step(int64_t at_us);

  bool started_ = false, spike_ = false, miss_ = false;
  int64_t start_us_ = 0, at_us_ = 0;
  uint64_t seen_ = 0;
  double beat_phase_ = 0;
};

class AntSensor {
 public:
  struct Options {
    uint8_t type = 0x79;
    uint16_t number = 12345;
    uint8_t trans = 1;
    uint8_t page = 0x10;           ///< power meters: 0x10, 0x11, 0x12 or 0x20
    bool zero_once = false;        ///< page 0x20: tells its zero once, as after it was zeroed; else every 30 s
    double first_turns = 0;        ///< counters begin here: near 65536 or 256 they roll over soon
    double first_s = 0;            ///< and so do the event times
    bool trainer_cadence = false;  ///< real trainers send none
  };
  AntSensor(const Options& options, std::shared_ptr<AntRider> rider) : options_(options), rider_(std::move(rider)) {}
  virtual ~AntSensor() = default;

  const Options& options() const { return options_; }
  int64_t period_us() const;
  /// What it sends now; advances the rider. Called once a message.
  virtual AntPage next(int64_t now_us);
  /// A flat battery: sends no more.
  bool asleep = false;
  const std::shared_ptr<AntRider>& rider() const { return rider_; }

 private:
  AntPage speed_cadence() const;
  AntPage cadence() const;
  AntPage power() const;
  AntPage torque(bool crank) const;
  AntPage frequency() const;
  AntPage trainer() const;
  AntPage heart() const;

  Options options_;
  std::shared_ptr<AntRider> rider_;
  uint64_t sent_ = 0;
};

/// A recording instead of a person: the pages one after the other, then nothing.
class AntTape final : public AntSensor {
 public:
  AntTape(const Options& options, std::vector<AntPage> pages) : AntSensor(options, nullptr), pages_(std::move(pages)) {}
  AntPage next(int64_t now_us) override;

 private:
  std::vector<AntPage> pages_;
  std::size_t at_ = 0;
};

}  // namespace patella::emulator
