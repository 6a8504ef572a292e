#include "power_meter.hpp"

#include <numbers>

namespace patella::ant_plus {
namespace {

constexpr int64_t kUnheardUs = 2'000'000;      // as in EventMeter
constexpr int64_t kTorqueLeadsUs = 6'000'000;  // longer than a standstill takes to be told
constexpr uint8_t kNone = 0xFF;
constexpr uint8_t kZeroSet = 0xAC, kZeroFailed = 0xAF;

uint16_t little(const Payload& page, std::size_t at) { return static_cast<uint16_t>(page[at] | page[at + 1] << 8); }
uint16_t big(const Payload& page, std::size_t at) { return static_cast<uint16_t>(page[at] << 8 | page[at + 1]); }

}  // namespace

void PowerMeter::take(const Payload& page, int64_t t_us, Values& values) {
  moved_ = false;
  switch (page[0]) {
    case 0x01:  // calibration: the answer that names the zero of the torque frequency, or how a zeroing ended
      if (page[1] == 0x10 && page[2] == 0x01) zero_offset_hz_ = big(page, 6);
      if (page[1] == kZeroFailed) zero_failed_ = true;
      if (page[1] == kZeroSet || page[1] == 0x10) zero_failed_ = false;
      return;
    case 0x10:
      return take_power(page, t_us, values);
    case 0x11:
      return take_torque(page, false, t_us, values);
    case 0x12:
      return take_torque(page, true, t_us, values);
    case 0x20:
      return take_frequency(page, t_us, values);
    default:
      return;
  }
}

std::string PowerMeter::lacks() const {
  if (zero_failed_)
    return PATELLA_TEXT(
        "The power meter could not set its zero. Unload the pedals, keep the cranks still, and set it "
        "again");
  const bool page_10_tells_power = standstill_.has_turned();
  if (!wants_offset_ || zero_offset_hz_ || page_10_tells_power) return {};
  return PATELLA_TEXT(
      "The power meter has not sent its zero yet; there is no power until it does. Set its zero as its maker says");
}

void PowerMeter::take_power(const Payload& page, int64_t t_us, Values& values) {
  const auto events = static_cast<uint8_t>(page[1] - events_);
  const auto work_w = static_cast<uint16_t>(little(page, 4) - sum_w_);
  const bool unheard = !based_ || t_us - heard_us_ > kUnheardUs;
  const bool power_leads = torque_leads(torque_power_us_, t_us);
  const bool cadence_leads = torque_leads(torque_cadence_us_, t_us);
  // The same counter after a silence is no turn: only the time without one starts again.
  if (!based_ || (unheard && events == 0))
    standstill_.begin(t_us);
  else if (events > 0)
    standstill_.turned(t_us, !unheard);
  based_ = true;
  heard_us_ = t_us;
  events_ = page[1];
  sum_w_ = little(page, 4);
  if (unheard) return;
  if (events == 0) {
    if (!standstill_.stands(t_us)) return;
    if (!power_leads) values.push_back({Quantity::power_w, 0});
    if (has_cadence_ && !cadence_leads) values.push_back({Quantity::cadence_rpm, 0});
    return;
  }
  const double power_w = static_cast<double>(work_w) / events;
  moved_ = power_w > 0 || (page[3] != kNone && page[3] > 0);
  if (!power_leads) values.push_back({Quantity::power_w, power_w});
  has_cadence_ = page[3] != kNone;
  if (has_cadence_ && !cadence_leads) values.push_back({Quantity::cadence_rpm, static_cast<double>(page[3])});
  const bool right_known = page[2] != kNone && (page[2] & 0x80);
  if (right_known) values.push_back({Quantity::right_share_pct, static_cast<double>(page[2] & 0x7F)});
}

void PowerMeter::take_torque(const Payload& page, bool crank, int64_t t_us, Values& values) {
  EventMeter& meter = crank ? crank_ : wheel_;
  uint16_t& last = crank ? crank_torque_ : wheel_torque_;
  const uint16_t sum = little(page, 6);
  const auto torque = static_cast<uint16_t>(sum - last);
  last = sum;
  const EventMeter::Step step = meter.take(little(page, 4), page[1], t_us);
  moved_ = step.events > 0;
  if (!step.rpm) return;
  const bool counted = meter.has_counted();
  if (crank)
    push_cadence(*step.rpm, counted, t_us, values);
  else if (page[3] != kNone)
    push_cadence(*step.rpm == 0 ? 0.0 : page[3], counted, t_us, values);
  if (step.ticks > 0) return push_work(torque / 32.0 / step.events, *step.rpm, counted, t_us, values);
  if (*step.rpm == 0) push_work(0, 0, counted, t_us, values);
}

void PowerMeter::take_frequency(const Payload& page, int64_t t_us, Values& values) {
  const uint16_t sum = big(page, 6), slope = big(page, 2);
  const auto ticks = static_cast<uint16_t>(sum - torque_ticks_);
  torque_ticks_ = sum;
  wants_offset_ = true;
  const EventMeter::Step step = frequency_.take(big(page, 4), page[1], t_us);
  moved_ = step.events > 0;
  if (!step.rpm) return;
  const bool counted = frequency_.has_counted();
  push_cadence(*step.rpm, counted, t_us, values);
  if (*step.rpm == 0) return push_work(0, 0, counted && zero_offset_hz_, t_us, values);
  if (step.ticks == 0 || slope == 0 || !zero_offset_hz_) return;
  const double frequency_hz = ticks / (step.ticks / 2000.0) - *zero_offset_hz_;
  push_work(frequency_hz / (slope / 10.0), *step.rpm, counted, t_us, values);
}

bool PowerMeter::torque_leads(const std::optional<int64_t>& told_us, int64_t t_us) const {
  return told_us && t_us - *told_us < kTorqueLeadsUs;
}

void PowerMeter::push_cadence(double rpm, bool counted, int64_t t_us, Values& values) {
  if (counted) torque_cadence_us_ = t_us;
  if (!counted && standstill_.has_turned()) return;  // page 10 knows better
  values.push_back({Quantity::cadence_rpm, rpm, counted});
}

void PowerMeter::push_work(double torque_nm, double rpm, bool counted, int64_t t_us, Values& values) {
  const double power_w = 2 * std::numbers::pi * rpm / 60 * torque_nm;
  if (counted) torque_power_us_ = t_us;
  if (!counted && standstill_.has_turned()) return;
  values.push_back({Quantity::torque_nm, torque_nm, counted});
  values.push_back({Quantity::power_w, power_w < 0 ? 0 : power_w, counted});
}

}  // namespace patella::ant_plus
