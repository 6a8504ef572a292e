#include "driver.hpp"

#include <string>
#include <utility>

namespace patella::hid_scale {
namespace {

constexpr int64_t kSilenceUs = 3'000'000;  // the slowest scales send every 0.5 s
constexpr int64_t kZeroSetUs = 60'000'000;
constexpr const char* kZeroSet = PATELLA_TEXT("The zero was set at the scale: take the load off and set the zero again");

/// "" when there is nothing to tell.
std::string remark(const Reading& reading) {
  switch (reading.status) {
    case ScaleStatus::fault:
      return PATELLA_TEXT("The scale reports a fault. Switch it off and on");
    case ScaleStatus::over_limit:
      return PATELLA_TEXT("The pull is more than the scale can weigh");
    case ScaleStatus::needs_calibration:
      return PATELLA_TEXT("The scale asks to be calibrated. See its manual");
    case ScaleStatus::needs_rezero:
      return PATELLA_TEXT("The scale asks to be set to zero. Take the load off and press its zero key");
    default:
      break;
  }
  if (reading.force_n) return "";
  if (reading.unit == 5) return PATELLA_TEXT("The scale shows taels, which differ by country. Set it to grams or kilograms");
  return PATELLA_TEXT("The scale does not say in which unit it weighs. Set it to grams or kilograms");
}

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  heard_us_ = t_us;
  status_.report(PATELLA_DEVICE_STARTING, "");
  plan();
}

void Driver::plan() { host_.set_deadline(heard_us_ + kSilenceUs); }

void Driver::received(std::span<const uint8_t> report, int64_t t_us) {
  const auto reading = read_report(report);
  if (!reading) return status_.note_garbage();
  heard_us_ = t_us;
  // The first one after opening is the last one of the time before.
  if (std::exchange(first_dropped_, true)) take(*reading, t_us);
  plan();
}

// Only a weight the scale vouches for becomes a sample; the value then goes stale and says so by itself.
void Driver::take(const Reading& reading, int64_t t_us) {
  const std::string text = remark(reading);
  weighs_ = text.empty();
  if (weighs_)
    tell_weighing(t_us);
  else
    status_.report(PATELLA_DEVICE_NOTICE, text);
  if (!reading.force_n || !reading.is_weight()) return;
  // A spoilt exponent makes any weight of it, and a tare by that would shift every sample after it.
  const auto& range = kChannels[0];
  const auto measurable = [&](double force_n) { return force_n >= range.min && force_n <= range.max; };
  if (!measurable(*reading.force_n)) return;
  // Pressing its zero key turns a weight at rest into "stable at zero" without a motion between: that zero is
  // the one that counts, and the kiosk's own, which was above the old one, would make it false.
  const bool at_zero = reading.status == ScaleStatus::stable_at_zero && reading.raw == 0;
  if (at_zero && rested_off_zero_ && tare_.zero_n() != 0) {
    tare_.drop_zero();
    host_.log(PATELLA_LOG_WARNING, "the zero was set at the scale: the kiosk's own is dropped");
    zero_set_until_us_ = t_us + kZeroSetUs;
    tell_weighing(t_us);
  }
  rested_off_zero_ = reading.is_stable() && reading.raw != 0;
  // What moves is known best by the scale.
  if (reading.is_stable())
    tare_.take(t_us, *reading.force_n);
  else
    tare_.reset();
  const double net_n = *reading.force_n - tare_.zero_n();
  if (measurable(net_n)) host_.emit(0, t_us, net_n);
}

/// Only who pressed its zero key knows whether the scale was unloaded.
void Driver::tell_weighing(int64_t t_us) {
  const bool zero_set = t_us < zero_set_until_us_;
  status_.report(zero_set ? PATELLA_DEVICE_NOTICE : PATELLA_DEVICE_LIVE, zero_set ? kZeroSet : "");
}

void Driver::tick(int64_t t_us) {
  if (t_us >= heard_us_ + kSilenceUs) {
    status_.report(PATELLA_DEVICE_SILENT, PATELLA_TEXT("The scale sends nothing. Switch it on, or plug it in again"));
    weighs_ = false;
    heard_us_ = t_us;
  }
  plan();
}

// In software: models without an OUT endpoint could not be told, and the others do not agree on the report.
bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "tare" || !weighs_) return false;
  if (tare_.refusal(t_us).empty()) zero_set_until_us_ = 0;
  tare_.obey(host_, t_us);
  return true;
}

}  // namespace patella::hid_scale
