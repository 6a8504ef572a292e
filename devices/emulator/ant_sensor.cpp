#include "emulator/ant_sensor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patella::emulator {

namespace {

constexpr int64_t kStepUs = 20'000;
constexpr double kWheelM = 2.096;
constexpr double kWheelMPerTurn = 5.5;          // a middle gear
constexpr double kSlope = 21.3, kZeroHz = 587;  // torque frequency: Hz a Nm, Hz at rest

/// The lower bits of a counter that has long rolled over.
uint16_t bits16(double count) { return static_cast<uint16_t>(std::fmod(std::max(0.0, count), 65536.0)); }
uint8_t bits8(double count) { return static_cast<uint8_t>(std::fmod(std::max(0.0, count), 256.0)); }
uint8_t low(uint16_t word) { return static_cast<uint8_t>(word & 0xFF); }
uint8_t high(uint16_t word) { return static_cast<uint8_t>(word >> 8); }

double whole(double value) { return std::floor(value + 0.5); }

}  // namespace

void AntRider::advance(int64_t now_us) {
  if (!started_) {
    started_ = true;
    start_us_ = at_us_ = now_us;
    pedalling.start_script(now_us);
  }
  while (at_us_ + kStepUs <= now_us) step(at_us_ += kStepUs);
}

/// Small steps, so that the moment of a turn is that of the crank and not that of the message.
void AntRider::step(int64_t at_us) {
  pedalling.advance(at_us);
  const double at_s = static_cast<double>(at_us - start_us_) * 1e-6, rps = pedalling.crank_rpm() / 60;
  const double speed_mps = rps * kWheelMPerTurn;
  wheel_m += speed_mps * kStepUs * 1e-6;
  if (const double whole_turns = std::floor(wheel_m / kWheelM); whole_turns > wheel_turns) {
    wheel_turns = whole_turns;
    wheel_s = at_s - (wheel_m - whole_turns * kWheelM) / speed_mps;
  }
  if (pedalling.revolutions() != seen_) {
    seen_ = pedalling.revolutions();
    turn(rps > 0 ? at_s - pedalling.phase() / rps : at_s);
  }
  const double beats_per_s = pedalling.heart_bpm() / 60;
  beat_phase_ += beats_per_s * kStepUs * 1e-6;
  if (beat_phase_ < 1) return;
  beat_phase_ -= 1;
  beats += 1;
  beat_before_s = beat_s;
  beat_s = at_s - beat_phase_ / beats_per_s;
}

void AntRider::turn(double at_s) {
  if (miss_) {
    miss_ = false;
    return;
  }
  const double before_s = turn_s;
  turns += spike_ ? 2 : 1;
  turn_s = spike_ ? std::max(at_s, before_s + 0.52) : at_s;
  spike_ = false;
  const double power_w = pedalling.power_w();
  const double one_nm = power_w / (2 * std::numbers::pi * std::max(0.1, pedalling.crank_rpm() / 60));
  work_w += power_w;
  torque_nm += one_nm;
  torque_ticks += (kZeroHz + kSlope * one_nm) * (turn_s - before_s);
}

int64_t AntSensor::period_us() const {
  const int64_t period = options_.type == 0x79   ? 8086
                         : options_.type == 0x7A ? 8102
                         : options_.type == 0x0B ? 8182
                         : options_.type == 0x78 ? 8070
                                                 : 8192;
  return period * 1'000'000 / 32768;
}

AntPage AntSensor::next(int64_t now_us) {
  rider_->advance(now_us);
  ++sent_;
  switch (options_.type) {
    case 0x79:
      return speed_cadence();
    case 0x7A:
      return cadence();
    case 0x0B:
      return power();
    case 0x11:
      return trainer();
    default:
      return heart();
  }
}

AntPage AntSensor::speed_cadence() const {
  const AntRider& rider = *rider_;
  const uint16_t time = bits16(whole((rider.turn_s + options_.first_s) * 1024)),
                 turns = bits16(rider.turns + options_.first_turns);
  const uint16_t wheel = bits16(rider.wheel_turns), wheel_time = bits16(whole((rider.wheel_s + options_.first_s) * 1024));
  return {low(time), high(time), low(turns), high(turns), low(wheel_time), high(wheel_time), low(wheel), high(wheel)};
}

AntPage AntSensor::cadence() const {
  const AntRider& rider = *rider_;
  const uint16_t time = bits16(whole((rider.turn_s + options_.first_s) * 1024)),
                 turns = bits16(rider.turns + options_.first_turns);
  const auto toggle = static_cast<uint8_t>(sent_ / 4 % 2 * 0x80);
  AntPage page = {toggle, 0, 0, 0, low(time), high(time), low(turns), high(turns)};
  if (sent_ % 64 < 4)
    page[0] = static_cast<uint8_t>(toggle | 2), page[1] = 1, page[2] = low(options_.number), page[3] = high(options_.number);
  return page;
}

AntPage AntSensor::power() const {
  if (sent_ % 121 == 60) return {0x50, 0xFF, 0xFF, 1, 6, 0, 1, 0};
  const bool tells_zero = options_.zero_once ? sent_ == 40 : sent_ % 121 == 10;
  if (options_.page == 0x20) return tells_zero ? AntPage{0x01, 0x10, 0x01, 0, 0, 0, 2, 0x4B} : frequency();
  if (options_.page == 0x11 || options_.page == 0x12)
    if (sent_ % 9 != 0) return torque(options_.page == 0x12);
  const AntRider& rider = *rider_;
  const double rpm = rider.pedalling.measured_rpm();
  const uint16_t sum = bits16(whole(rider.work_w)), now = bits16(whole(rider.pedalling.measured_power_w()));
  return {0x10,     bits8(rider.turns + options_.first_turns), 0x80 | 52, bits8(whole(rpm)), low(sum), high(sum), low(now),
          high(now)};
}

AntPage AntSensor::torque(bool crank) const {
  const AntRider& rider = *rider_;
  // Of the wheel: as if it turned once with each turn of the crank, so that both say the same power.
  const uint8_t events = bits8(rider.turns + options_.first_turns);
  const uint16_t period = bits16(whole((rider.turn_s + options_.first_s) * 2048)), sum = bits16(whole(rider.torque_nm * 32));
  const uint8_t rpm = bits8(whole(rider.pedalling.measured_rpm()));
  return {static_cast<uint8_t>(crank ? 0x12 : 0x11), events, events, rpm, low(period), high(period), low(sum), high(sum)};
}

/// Big-endian, and the frequency counts on while the crank turns: torque and zero together.
AntPage AntSensor::frequency() const {
  const AntRider& rider = *rider_;
  const uint16_t time = bits16(whole((rider.turn_s + options_.first_s) * 2000)), slope = static_cast<uint16_t>(kSlope * 10);
  const uint16_t sum = bits16(whole(rider.torque_ticks));
  return {0x20, bits8(rider.turns + options_.first_turns), high(slope), low(slope), high(time), low(time), high(sum), low(sum)};
}

AntPage AntSensor::trainer() const {
  const AntRider& rider = *rider_;
  const bool turning = rider.pedalling.crank_rpm() > 0;
  const uint8_t state = static_cast<uint8_t>((turning ? 3 : 2) << 4);
  if (sent_ % 66 == 65) return {0x50, 0xFF, 0xFF, 1, 0x59, 0, 1, 0};
  if (sent_ % 4 < 2) {
    const uint16_t speed = bits16(whole(rider.pedalling.crank_rpm() / 60 * kWheelMPerTurn * 1000));
    return {0x10,        0x19, bits8(static_cast<double>(sent_)), bits8(rider.wheel_m), low(speed),
            high(speed), 0xFF, static_cast<uint8_t>(state | 0x04)};
  }
  const uint16_t now = static_cast<uint16_t>(std::min(4094.0, whole(rider.pedalling.power_w()))),
                 sum = bits16(whole(rider.work_w));
  const uint8_t rpm = options_.trainer_cadence ? bits8(whole(rider.pedalling.measured_rpm())) : 0xFF;
  return {0x19,      bits8(static_cast<double>(sent_)), rpm, low(sum), high(sum), low(now),
          high(now), static_cast<uint8_t>(state | 1)};
}

AntPage AntSensor::heart() const {
  const AntRider& rider = *rider_;
  const uint16_t time = bits16(whole((rider.beat_s + options_.first_s) * 1024));
  const uint16_t before = bits16(whole((rider.beat_before_s + options_.first_s) * 1024));
  const auto toggle = static_cast<uint8_t>(sent_ / 4 % 2 * 0x80);
  AntPage page = {static_cast<uint8_t>(toggle | 4),
                  0xFF,
                  low(before),
                  high(before),
                  low(time),
                  high(time),
                  bits8(rider.beats + options_.first_turns),
                  bits8(whole(rider.pedalling.heart_bpm()))};
  if (sent_ % 64 < 4) page[0] = static_cast<uint8_t>(toggle | 2), page[1] = 1, page[2] = low(options_.number), page[3] = 0;
  return page;
}

AntPage AntTape::next(int64_t) {
  if (at_ + 1 >= pages_.size()) asleep = true;
  return pages_.empty() ? AntPage{} : pages_[at_++];
}

}  // namespace patella::emulator
