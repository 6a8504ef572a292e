#include "driver.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace patella::phidget_bridge {
namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
constexpr uint32_t kDescriptorTag = 1, kSetReportTag = 2;
constexpr uint16_t kDescriptorRoom = 256;
constexpr std::size_t kFallbackBytes = 8;
constexpr int64_t kDescriptorUs = 500 * kMs, kListenUs = 100 * kMs, kEchoUs = 1 * kS;
constexpr int64_t kHoldUs = 300 * kMs;  // old firmware needs input 0 for 250 ms after a change of gain
constexpr int64_t kDisobeysUs = 500 * kMs;
constexpr int kTries = 3;
constexpr int64_t kOverloadUs = 1 * kS;
constexpr int64_t kRateUs = 5 * kS;
constexpr int kRateSamples = 50;
constexpr Gain kGainOf[] = {Gain::x1, Gain::x8, Gain::x16, Gain::x32, Gain::x64, Gain::x128};
constexpr std::string_view kSilent = PATELLA_TEXT("The bridge does not answer. Check its USB cable, or plug it in again");

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params) : host_(host), status_(host, "unreadable reports") {
  settings_.interval_ms = std::clamp(params.integer("interval_ms", 16), kStepMs, kMaxIntervalMs);
  settings_.gain.fill(kGainOf[std::clamp(params.integer("gain", 5), 0, 5)]);
  for (std::size_t i = 0; i < kInputs; ++i) {
    const std::string number = std::to_string(i);
    Cell& cell = cells_[i];
    cell.wanted = params.real("input_" + number, i == 0 ? 1 : 0) != 0;
    cell.newtons_per_mv_v = params.real("force_per_mv_v_n_" + number);
    cell.zero_mv_v = params.real("zero_mv_v_" + number);
    if (cell.wanted) wanted_ = static_cast<uint8_t>(wanted_ | 1u << i);
  }
}

void Driver::connected(const patella_device_identity& identity, int64_t t_us) {
  has_out_ = identity.out_packet_size > 0;
  out_bytes_ = has_out_ ? identity.out_packet_size : kFallbackBytes;
  if (wanted_ == 0) {
    status_.report(PATELLA_DEVICE_FAILED, PATELLA_TEXT("No input of the bridge is in use. Set input_0 for this station"));
    return;
  }
  status_.report(PATELLA_DEVICE_STARTING);
  enter(Step::asking_length, t_us);
  if (!host_.control(kDescriptorTag, 0x81, 0x06, 0x2200, 0, nullptr, kDescriptorRoom)) enter(Step::listening, t_us);
}

void Driver::enter(Step step, int64_t t_us) {
  step_ = step;
  deadline_us_ = t_us + (step == Step::asking_length ? kDescriptorUs
                         : step == Step::listening   ? kListenUs
                         : step == Step::setting     ? kEchoUs
                         : step == Step::holding     ? kHoldUs
                                                     : kEchoUs);
  plan();
}

void Driver::plan() { host_.set_deadline(deadline_us_); }

void Driver::control_done(uint32_t tag, int32_t status, std::span<const uint8_t> data, int64_t t_us) {
  if (tag != kDescriptorTag || step_ != Step::asking_length) return;
  const std::size_t bytes = status == 0 ? output_report_bytes(data) : 0;
  if (bytes > 0) out_bytes_ = bytes;
  enter(Step::listening, t_us);
}

void Driver::set_up(uint8_t enabled, int64_t t_us) {
  settings_.enabled = enabled;
  disobeys_us_ = -1;
  const Bytes bytes = encode(settings_, out_bytes_);
  const bool queued =
      has_out_ ? host_.write(bytes)
               : host_.control(kSetReportTag, 0x21, 0x09, 0x0200, 0, bytes.data(), static_cast<uint16_t>(bytes.size()));
  if (!queued) host_.log(PATELLA_LOG_WARNING, "the settings could not be queued");
  enter(Step::setting, t_us);
}

void Driver::measure(int64_t t_us) {
  for (Cell& cell : cells_) {
    cell.times.start(interval_us(settings_.interval_ms), std::max(t_us, cell.last_t_us));
    cell.waiting.clear();
    cell.first_dropped = false;
    cell.counted = cell.other_rates = 0;
  }
  tare_.reset();
  heard_us_ = t_us;
  enter(Step::measuring, t_us);
}

void Driver::tick(int64_t t_us) {
  if (wanted_ == 0) return;
  if (t_us < deadline_us_) return plan();
  switch (step_) {
    case Step::asking_length:
      return enter(Step::listening, t_us);
    case Step::listening:
      return set_up(static_cast<uint8_t>(wanted_ | 1u), t_us);
    case Step::setting:
      if (++tries_ >= kTries) status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      return set_up(settings_.enabled, t_us);
    case Step::holding:
      if (wanted_ & 1u) return measure(t_us);
      return set_up(wanted_, t_us);
    case Step::measuring:
      deadline_us_ = t_us + kEchoUs;
      if (t_us - heard_us_ < 2 * kS + 3 * interval_us(settings_.interval_ms)) return plan();
      status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      for (std::size_t i = 0; i < kInputs; ++i) {
        decided_.clear();
        cells_[i].times.flush(decided_);
        emit_decided(i);
      }
      return set_up(static_cast<uint8_t>(wanted_ | 1u), t_us);
  }
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (wanted_ == 0) return;
  const auto report = read_report(bytes);
  if (!report) return status_.note_garbage();
  switch (step_) {
    case Step::asking_length:
    case Step::holding:
      return;
    case Step::listening:
      return set_up(static_cast<uint8_t>(wanted_ | 1u), t_us);
    case Step::setting:
      if (!follows(*report, settings_)) return;
      tries_ = 0;
      if (settings_.enabled == wanted_ && !(wanted_ & 1u)) return measure(t_us);
      return enter(Step::holding, t_us);
    case Step::measuring:
      return take(*report, t_us);
  }
}

void Driver::take(const Report& report, int64_t t_us) {
  if (follows(report, settings_)) {
    disobeys_us_ = -1;
  } else {
    // Its power failed for a moment, or another program set it.
    if (disobeys_us_ < 0) disobeys_us_ = t_us;
    if (t_us - disobeys_us_ < kDisobeysUs) return;
    host_.log(PATELLA_LOG_WARNING, "the bridge lost its settings");
    return set_up(static_cast<uint8_t>(wanted_ | 1u), t_us);
  }
  bool any = false;
  for (std::size_t i = 0; i < kInputs; ++i) {
    if (!cells_[i].wanted || !(report.fresh >> i & 1u)) continue;
    heard_us_ = t_us;
    // The first one after an input was switched on was measured before it was.
    if (!std::exchange(cells_[i].first_dropped, true)) continue;
    take_value(i, report, t_us);
    any = any || !decided_.empty();
  }
  if (any) tell_working();
}

void Driver::take_value(std::size_t input, const Report& report, int64_t t_us) {
  Cell& cell = cells_[input];
  cell.waiting.push_back(ratio_mv_v(report, input));
  decided_.clear();
  cell.times.came(t_us, decided_);
  emit_decided(input);
  watch_rate(input, t_us);
}

// Times are counted in the interval that was set. A board that keeps another one is believed, after two
// windows of 5 s or of 50 samples, whichever is longer.
void Driver::watch_rate(std::size_t input, int64_t t_us) {
  Cell& cell = cells_[input];
  if (cell.counted++ == 0) {
    cell.counted_since_us = t_us;
    return;
  }
  const int64_t passed_us = t_us - cell.counted_since_us;
  if (passed_us < kRateUs || cell.counted <= kRateSamples) return;
  const int64_t measured_us = passed_us / (cell.counted - 1), set_us = cell.times.period_us();
  cell.counted = 0;
  if (std::abs(measured_us - set_us) <= set_us / 4) {
    cell.other_rates = 0;
    return;
  }
  if (++cell.other_rates < 2) return;
  cell.other_rates = 0;
  const int64_t step_us = int64_t{kStepMs} * kMs;
  const int64_t period_us = std::max(step_us, (measured_us + step_us / 2) / step_us * step_us);
  host_.log(PATELLA_LOG_WARNING, "input " + std::to_string(input) + " measures every " + std::to_string(period_us / kMs) + " ms");
  decided_.clear();
  cell.times.flush(decided_);
  emit_decided(input);
  cell.waiting.clear();
  cell.times.start(period_us, cell.last_t_us);
}

void Driver::emit_decided(std::size_t input) {
  Cell& cell = cells_[input];
  const std::size_t ready = std::min(decided_.size(), cell.waiting.size());
  for (std::size_t i = 0; i < ready; ++i) emit_value(input, cell.waiting[i], decided_[i]);
  cell.waiting.erase(cell.waiting.begin(), cell.waiting.begin() + static_cast<std::ptrdiff_t>(ready));
}

void Driver::emit_value(std::size_t input, std::optional<double> ratio, int64_t t_us) {
  Cell& cell = cells_[input];
  cell.last_t_us = t_us;
  if (!ratio) {
    overload_until_us_ = t_us + kOverloadUs;
    return;
  }
  if (t_us >= overload_until_us_) overload_until_us_ = 0;
  host_.emit(kRatio + static_cast<uint32_t>(input), t_us, *ratio);
  if (cell.newtons_per_mv_v == 0) return;
  const uint32_t channel = kForce + static_cast<uint32_t>(input);
  const auto measurable = [&](double n) { return n >= kChannels[channel].min && n <= kChannels[channel].max; };
  const double force_n = (*ratio - cell.zero_mv_v) * cell.newtons_per_mv_v;
  if (!measurable(force_n)) return status_.note_garbage();
  look_at_zero(input, force_n);
  tare_.take(t_us, force_n, input);
  const double net_n = force_n - tare_.zero_n(input);
  if (measurable(net_n)) host_.emit(channel, t_us, net_n);
}

/// The offset of a cell whose zero was never set looks like a load, and is not tared away as one. Nobody but
/// staff knows which of the two it is.
void Driver::look_at_zero(std::size_t input, double force_n) {
  Cell& cell = cells_[input];
  if (std::exchange(cell.looked_at, true) || cell.zero_mv_v != 0) return;
  if (std::abs(force_n) <= driver_kit::kTareUnloadedN) return;
  char text[160];
  std::snprintf(text, sizeof text,
                "input %zu begins at %.1f N, and its zero was never set: if nothing hangs on it, set "
                "zero_mv_v_%zu to %.5f",
                input, force_n, input, force_n / cell.newtons_per_mv_v);
  host_.log(PATELLA_LOG_WARNING, text);
}

unsigned Driver::force_inputs() const {
  unsigned inputs = 0;
  for (std::size_t i = 0; i < kInputs; ++i)
    if (cells_[i].wanted && cells_[i].newtons_per_mv_v != 0) inputs |= 1u << i;
  return inputs;
}

void Driver::tell_working() {
  if (overload_until_us_ != 0)
    return status_.report(PATELLA_DEVICE_NOTICE,
                          PATELLA_TEXT("Overload: the pull is more than the bridge can measure, or a cell is not connected"));
  if (force_inputs() != wanted_)
    return status_.report(
        PATELLA_DEVICE_NOTICE,
        PATELLA_TEXT("The bridge does not know how many newtons a mV/V is. Set force_per_mv_v_n for each input in use"));
  status_.report(PATELLA_DEVICE_LIVE);
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "tare" || step_ != Step::measuring || force_inputs() == 0) return false;
  tare_.obey(host_, t_us, force_inputs());
  return true;
}

}  // namespace patella::phidget_bridge
