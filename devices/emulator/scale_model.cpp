#include "emulator/scale_model.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr double kStandardGravity = 9.80665, kGramsPerOunce = 28.3495;
constexpr double kM10MaxG = 10'000, kPlatformMaxG = 180'000;
constexpr int kSteadyReports = 2;
constexpr uint8_t kZero = 2, kInMotion = 3, kStable = 4, kUnderZero = 5, kOverLimit = 6;

/// Usage page 8D, data report 3: status, unit, exponent, weight; output report 2: zero.
Bytes report_descriptor() {
  return {0x05, 0x8D, 0x09, 0x20, 0xA1, 0x01, 0x85, 0x03,                                // scale device, report 3
          0x09, 0x70, 0x15, 0x01, 0x25, 0x08, 0x75, 0x08, 0x95, 0x01, 0x81, 0x00,        // status
          0x09, 0x50, 0x15, 0x00, 0x25, 0x0C, 0x81, 0x00,                                // unit
          0x09, 0x40, 0x15, 0x80, 0x25, 0x7F, 0x81, 0x02,                                // exponent
          0x09, 0x41, 0x15, 0x00, 0x27, 0xFF, 0xFF, 0x00, 0x00, 0x75, 0x10, 0x81, 0x02,  // weight
          0x85, 0x02, 0x09, 0x80, 0x15, 0x00, 0x25, 0x02, 0x75, 0x08, 0x91, 0x02,        // zero
          0xC0};
}

UsbIdentity identity_of(const ScaleModel::Options& options) {
  if (options.size == ScaleModel::Size::platform) return {0x0922, 0x8009, "DYMO", "Platform Scale", options.serial};
  return {0x0922, 0x8003, "DYMO", "M10 10 lb USB Postal Scale", options.serial};
}

}  // namespace

ScaleModel::Scale ScaleModel::scale_of(const Options& options) {
  if (options.size == Size::platform) return {Unit::kilogram, 0xFF, 100, 200, kPlatformMaxG};
  if (options.unit == Unit::ounce) return {Unit::ounce, 0xFF, 0.1 * kGramsPerOunce, 4, kM10MaxG};
  return {Unit::gram, 0x00, 2, 4, kM10MaxG};
}

ScaleModel::ScaleModel(const Options& options)
    : UsbModel(hid_descriptors(identity_of(options), report_descriptor(), {{kIn, 3, 8, 8}}), options.seed),
      options_(options),
      scale_(scale_of(options)),
      pusher_(options.seed, false) {}

bool ScaleModel::act(const Act& act, int64_t now_us) {
  switch (act.gesture) {
    case Gesture::pull:
      pusher_.pull(act.a, act.b, static_cast<int>(act.c), now_us);
      return true;
    case Gesture::slack:
      pusher_.slack(now_us);
      return true;
    case Gesture::load:
      pusher_.load(act.a, now_us);
      return true;
    case Gesture::automatic:
      pusher_.slack(now_us);
      return true;
    case Gesture::spike:
      spike_ = true;
      return true;
    case Gesture::drift:
      drift_g_ += act.a / kStandardGravity * 1000;
      return true;
    default:
      return false;
  }
}

int ScaleModel::on_control(const Setup& setup, const Bytes& out, Bytes& in) {
  if (setup.type == 0xA1 && setup.request == 0x01) {  // GET_REPORT
    in = report();
    return 0;
  }
  if (setup.type != 0x21) return -EPIPE;
  const bool output_2 = setup.request == 0x09 && (setup.value & 0xFF) == 2;
  if (output_2 && out.size() == 2 && out[1] == 2) zero_g_ = last_g_;
  return setup.request == 0x09 || setup.request == 0x0A || setup.request == 0x0B ? 0 : -EPIPE;
}

void ScaleModel::on_tick() {
  if (!started_) {
    started_ = true;
    next_us_ = now_us();
  }
  for (; next_us_ <= now_us(); next_us_ += kReportUs)
    // The endpoint keeps the report that nobody fetched, so that the first one read is an old one.
    put_report(kIn, report(), 1, WhenFull::lose_newest);
}

Bytes ScaleModel::report() {
  const double force = std::exchange(spike_, false) ? 90.0 : pusher_.force_n(next_us_);
  const double mass_g = force / kStandardGravity * 1000 + drift_g_;
  const uint8_t state = status(mass_g);
  const double shown_g = std::abs(mass_g - zero_g_);
  // A gram scale counts in grams and shows even ones.
  const double counts_a_step = scale_.unit == Unit::gram ? scale_.step_g : 1;
  const double steps = std::round(shown_g / scale_.step_g) * counts_a_step;
  const uint32_t raw = state == kZero ? 0 : static_cast<uint32_t>(std::min(steps, 65535.0));
  return {
      3, state, static_cast<uint8_t>(scale_.unit), scale_.exponent, static_cast<uint8_t>(raw), static_cast<uint8_t>(raw >> 8)};
}

/// The sign of the weight is in here only.
uint8_t ScaleModel::status(double mass_g) {
  steady_reports_ = std::abs(mass_g - last_g_) < scale_.motion_g ? steady_reports_ + 1 : 0;
  last_g_ = mass_g;
  const double shown_g = mass_g - zero_g_;
  const double half_step = scale_.step_g / 2;
  if (shown_g > scale_.max_g) return kOverLimit;
  if (shown_g <= -half_step) return kUnderZero;
  if (shown_g < half_step) return kZero;
  return steady_reports_ >= kSteadyReports ? kStable : kInMotion;
}

}  // namespace patella::emulator
