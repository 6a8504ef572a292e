#include "pages.hpp"

#include <optional>

#include "event_meter.hpp"
#include "power_meter.hpp"

namespace patella::ant_plus {
namespace {

constexpr double kTicksPerS = 1024;
constexpr double kMaxRpm = 250, kMaxSpeedMps = 50;

uint16_t word(const Payload& page, std::size_t at) { return static_cast<uint16_t>(page[at] | page[at + 1] << 8); }

/// 0x79: no page number; cadence and wheel, each as event time and count.
class SpeedCadence final : public Sensor {
 public:
  explicit SpeedCadence(double wheel_m) : wheel_m_(wheel_m), wheel_(kTicksPerS, 16, 60 * kMaxSpeedMps / wheel_m) {}
  void take(const Payload& page, int64_t t_us, Values& values) override {
    const auto crank = crank_.take(word(page, 0), word(page, 2), t_us);
    if (crank.rpm) values.push_back({Quantity::cadence_rpm, *crank.rpm, crank_.has_counted()});
    const auto wheel = wheel_.take(word(page, 4), word(page, 6), t_us);
    if (wheel.rpm) values.push_back({Quantity::speed_mps, *wheel.rpm / 60 * wheel_m_, wheel_.has_counted()});
    distance_m_ += wheel.events * wheel_m_;
    if (wheel.rpm || wheel.events > 0) values.push_back({Quantity::distance_m, distance_m_, wheel_.has_counted()});
    moved_ = crank.events + wheel.events > 0;
  }
  bool moved() const override { return moved_; }

 private:
  double wheel_m_;
  EventMeter crank_{kTicksPerS, 16, kMaxRpm}, wheel_;
  double distance_m_ = 0;
  bool moved_ = false;
};

/// 0x7A: every page ends in event time and count; the one numbered 5 also says whether the cranks stand.
class Cadence final : public Sensor {
 public:
  void take(const Payload& page, int64_t t_us, Values& values) override {
    const auto crank = crank_.take(word(page, 4), word(page, 6), t_us);
    const bool stands = (page[0] & 0x7F) == 5 && (page[1] & 1);
    if (crank.rpm || stands) values.push_back({Quantity::cadence_rpm, stands ? 0 : *crank.rpm, crank_.has_counted()});
    moved_ = crank.events > 0;
  }
  bool moved() const override { return moved_; }

 private:
  EventMeter crank_{kTicksPerS, 16, kMaxRpm};
  bool moved_ = false;
};

/// 0x78: beat time, beat count and rate in every page; page 4 has the time of the beat before, too.
class HeartStrap final : public Sensor {
 public:
  void take(const Payload& page, int64_t t_us, Values& values) override {
    const bool has_pages = take_toggle(page[0]);
    const uint16_t time = word(page, 4);
    const uint8_t beats = page[6], rate_bpm = page[7];
    const auto new_beats = static_cast<uint8_t>(beats - beats_);
    const auto ticks = static_cast<uint16_t>(time - time_);
    const bool based = based_ && t_us - heard_us_ < kRollOverUs;
    const bool one_more = based && new_beats == 1;
    moved_ = based && new_beats > 0;
    based_ = true;
    time_ = time;
    beats_ = beats;
    if (new_beats > 0 || !based) heard_us_ = t_us;
    if (!moved_) return;
    if (rate_bpm > 0) values.push_back({Quantity::heart_rate_bpm, static_cast<double>(rate_bpm)});
    if (has_pages && (page[0] & 0x7F) == 4)
      push_interval(static_cast<uint16_t>(time - word(page, 2)), values);
    else if (one_more)
      push_interval(ticks, values);
  }
  bool moved() const override { return moved_; }

 private:
  static constexpr int64_t kRollOverUs = 60'000'000;

  /// Old straps leave the page number unused; those that use it change its upper bit every four messages.
  bool take_toggle(uint8_t first) {
    const bool bit = first & 0x80;
    if (based_ && bit != toggle_) toggled_ = true;
    toggle_ = bit;
    return toggled_;
  }
  static void push_interval(uint16_t ticks, Values& values) {
    const double interval_s = ticks / kTicksPerS;
    if (interval_s >= 0.2 && interval_s <= 3) values.push_back({Quantity::beat_interval_s, interval_s});
  }

  bool based_ = false, toggle_ = false, toggled_ = false, moved_ = false;
  uint16_t time_ = 0;
  uint8_t beats_ = 0;
  int64_t heard_us_ = 0;
};

/// 0x11: a trainer or stationary bike that says what it measures, not when an event was.
class Trainer final : public Sensor {
 public:
  void take(const Payload& page, int64_t t_us, Values& values) override {
    moved_ = false;
    switch (page[0]) {
      case 0x10:
        return take_general(page, t_us, values);
      case 0x15:
        return take_bike(page, values);
      case 0x19:
        return take_trainer(page, values);
      default:
        return;
    }
  }
  bool moved() const override { return moved_; }
  /// What it asks for in the status bits of page 0x19: its power is not true until then.
  std::string lacks() const override {
    if (wants_ & 1) return PATELLA_TEXT("The trainer asks for a calibration of its power. Do it as its maker says");
    if (wants_ & 2) return PATELLA_TEXT("The trainer asks for a calibration of its resistance. Do it as its maker says");
    return {};
  }

 private:
  static void push_cadence(uint8_t rpm, Values& values) {
    if (rpm <= kMaxRpm) values.push_back({Quantity::cadence_rpm, static_cast<double>(rpm)});
  }
  /// The way rolls over at 256 m: what was ridden while nobody listened for longer is not known.
  static constexpr int64_t kWayRollsOverUs = 10'000'000;
  void take_general(const Payload& page, int64_t t_us, Values& values) {
    const uint16_t speed = word(page, 4);
    if (speed != 0xFFFF) {
      values.push_back({Quantity::speed_mps, speed / 1000.0});
      moved_ = speed > 0;
    }
    const bool has_distance = page[7] & 0x04;
    if (has_distance) {
      const bool known = general_us_ && t_us - *general_us_ < kWayRollsOverUs;
      if (known) distance_m_ += static_cast<uint8_t>(page[3] - distance_);
      general_us_ = t_us;
      distance_ = page[3];
      values.push_back({Quantity::distance_m, distance_m_});
    }
    if (page[6] > 0 && page[6] < 0xFF) values.push_back({Quantity::heart_rate_bpm, static_cast<double>(page[6])});
    values.push_back({Quantity::trainer_state, static_cast<double>((page[7] >> 4) & 7)});
  }
  void take_bike(const Payload& page, Values& values) {
    push_cadence(page[4], values);
    const uint16_t power = word(page, 5);
    if (power == 0xFFFF) return;
    values.push_back({Quantity::power_w, static_cast<double>(power)});
    moved_ = power > 0;
  }
  /// The first one, and one without a new event, tell nothing.
  void take_trainer(const Payload& page, Values& values) {
    const bool is_new = events_known_ && page[1] != events_;
    events_known_ = true;
    events_ = page[1];
    wants_ = page[6] >> 4 & 7;
    if (!is_new) return;
    push_cadence(page[2], values);
    const int power = page[5] | (page[6] & 0x0F) << 8;
    if (power == 0xFFF) return;
    values.push_back({Quantity::power_w, static_cast<double>(power)});
    moved_ = power > 0;
  }

  bool events_known_ = false, moved_ = false;
  std::optional<int64_t> general_us_;  ///< when the way was told last
  uint8_t distance_ = 0, events_ = 0;
  int wants_ = 0;  ///< bit 0 power calibration, bit 1 resistance calibration
  double distance_m_ = 0;
};

}  // namespace

const Profile* profile_of(uint8_t type) {
  for (const Profile& profile : kProfiles)
    if (profile.type == type) return &profile;
  return nullptr;
}

std::unique_ptr<Sensor> make_sensor(uint8_t type, double wheel_m) {
  switch (type) {
    case 0x7A:
      return std::make_unique<Cadence>();
    case 0x0B:
      return std::make_unique<PowerMeter>();
    case 0x11:
      return std::make_unique<Trainer>();
    case 0x78:
      return std::make_unique<HeartStrap>();
    default:
      return std::make_unique<SpeedCadence>(wheel_m);
  }
}

}  // namespace patella::ant_plus
