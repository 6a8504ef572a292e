#include "emulator/phidget_bridge_model.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int64_t kGainBugUs = 250'000;
constexpr std::size_t kEndpointReports = 32;  // more than a real one: here the host's machine may be late

Bytes report_descriptor() {
  return {0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF,
          0x00, 0x75, 0x08, 0x95, 0x40, 0x09, 0x02, 0x81, 0x02, 0x95, static_cast<uint8_t>(PhidgetBridgeModel::kOutBytes),
          0x09, 0x03, 0x91, 0x02, 0xC0};
}

std::vector<Endpoint> endpoints(bool has_out) {
  std::vector<Endpoint> all = {{PhidgetBridgeModel::kIn, 3, 64, 8}};
  if (has_out) all.push_back({PhidgetBridgeModel::kOut, 3, 64, 8});
  return all;
}

int factor(uint8_t code) { return code >= 3 && code <= 7 ? 1 << code : 1; }

}  // namespace

PhidgetBridgeModel::PhidgetBridgeModel(const Options& options)
    : UsbModel(hid_descriptors({0x06C2, 0x003B, "Phidgets Inc.", "PhidgetBridge", options.serial}, report_descriptor(),
                               endpoints(options.has_out)),
               options.seed),
      options_(options),
      puller_(options.seed, options.automatic) {}

bool PhidgetBridgeModel::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_n_ += act.a;
  return true;
}

void PhidgetBridgeModel::forget() {
  enabled_ = 0;
  gain_.fill(0);
  real_gain_.fill(0);
  interval_steps_ = 1;
}

int PhidgetBridgeModel::on_control(const Setup& setup, const Bytes& out, Bytes&) {
  if (setup.type != 0x21) return -EPIPE;
  if (setup.request == 0x0A || setup.request == 0x0B) return 0;
  if (setup.request != 0x09 || setup.value != 0x0200 || out.size() != kOutBytes) return -EPIPE;
  take(out);
  return 0;
}

void PhidgetBridgeModel::take(const Bytes& settings) {
  settings_length_ = settings.size();
  if (settings.size() < 5) return;
  ++settings_taken_;
  const uint8_t before = std::exchange(enabled_, static_cast<uint8_t>(settings[0] & 15));
  first_ = static_cast<uint8_t>(first_ | (enabled_ & ~before));
  const std::array<uint8_t, 4> gain = {static_cast<uint8_t>(settings[1] >> 4), static_cast<uint8_t>(settings[1] & 15),
                                       static_cast<uint8_t>(settings[2] >> 4), static_cast<uint8_t>(settings[2] & 15)};
  if (gain != gain_) gain_changed_us_ = now_us();
  const bool taken = !options_.gain_bug || (enabled_ & 1) || now_us() - gain_changed_us_ >= kGainBugUs;
  gain_ = gain;
  if (taken) real_gain_ = gain;
  if (!taken) real_gain_.fill(0);
  const int steps = settings[3] | (settings[4] & 3) << 8;
  if (steps != interval_steps_ || before == 0) {
    interval_steps_ = std::clamp(steps, 1, 125);
    start_us_ = next_us_;
    value_ = 0;
  }
  if (before == 0 && enabled_ != 0) puller_.start_script(now_us());
}

void PhidgetBridgeModel::on_tick() {
  if (!std::exchange(started_, true)) next_us_ = now_us();
  for (; next_us_ <= now_us(); next_us_ += kReportUs) send_report(next_us_);
}

void PhidgetBridgeModel::send_report(int64_t at_us) {
  Bytes report(64, 0);
  const bool fresh = enabled_ != 0 && taken_us(value_) <= at_us;
  if (fresh) ++value_;
  report[0] = static_cast<uint8_t>(enabled_ | (fresh ? enabled_ << 4 : 0));
  report[2] = static_cast<uint8_t>(gain_[0] << 4 | gain_[1]);
  report[3] = static_cast<uint8_t>(gain_[2] << 4 | gain_[3]);
  for (std::size_t i = 0; i < 4; ++i) {
    if (!(enabled_ >> i & 1)) continue;
    bool over = false;
    uint32_t raw = raw_of(i, at_us, over);
    if (fresh && (first_ >> i & 1)) raw = 0x123456;
    if (over) report[1] = static_cast<uint8_t>(report[1] | 1u << i);
    for (std::size_t b = 0; b < 3; ++b) report[6 + 3 * i + b] = static_cast<uint8_t>(raw >> (16 - 8 * b));
  }
  if (fresh) {
    first_ = 0;
    spike_ = false;
  }
  put_report(kIn, std::move(report), kEndpointReports);
}

uint32_t PhidgetBridgeModel::raw_of(std::size_t input, int64_t at_us, bool& over) {
  const double share = input == 0 ? 1 : 0.5;  // the other cells get half of the pull
  double force_n = share * puller_.force_n(at_us) + drift_n_ + 0.05 * random().normal();
  if (spike_) force_n = 1e9;
  const double ratio = (options_.zero_mv_v + force_n / options_.capacity_n * options_.rated_mv_v) * 1e-3;
  const double scaled = ratio * factor(real_gain_[input]);
  over = std::abs(scaled) > 0.995;
  return static_cast<uint32_t>(std::clamp(std::round(8388608.0 * (1 + scaled)), 0.0, 16777215.0));
}

}  // namespace patella::emulator
