#include "emulator/chronojump_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int64_t kSetUpUs = 1'200'000;  // of the sketch, once the boot loader has given up
constexpr double kNoiseN = 0.12;
constexpr double kHeavyN = 80, kLetGoN = 20;
constexpr double kDriftEachN = -0.9, kDriftMostN = -4.4;
constexpr double kCountsPerN = 93.2;  // of the raw converter, with the factor 915 (counts a kilogram-force)

/// The first two intervals are short: the converter's buffered values (968 and 2356 µs in recordings).
double interval_us(int sample) {
  if (sample == 0) return 968;
  if (sample == 1) return 2356;
  return ChronojumpModel::kSampleUs;
}

}  // namespace

ChronojumpModel::ChronojumpModel(const Options& options)
    : SerialModel({0x0403, 0x6001, "FTDI", "FT232R USB UART", options.serial}, options.seed, 115200),
      options_(options),
      puller_(options.seed, options.automatic, options.untidy, options.script) {}

bool ChronojumpModel::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_n_ += act.a;
  return true;
}

void ChronojumpModel::on_opened() {
  booted_ = boot_text_sent_ = capturing_ = false;
  opened_us_ = now_us();
  command_.clear();
  command_due_us_ = weighing_done_us_ = kNever;
  weighing_ = Weighing::none;
}

void ChronojumpModel::on_closed() { capturing_ = false; }

void ChronojumpModel::on_received(std::span<const uint8_t> bytes) {
  if (!booted_) return;
  command_.append(bytes.begin(), bytes.end());
  if (command_.size() > 256) command_.erase(0, command_.size() - 256);
  command_due_us_ = now_us() + options_.command_wait_us;
  // Who sees "tare" on a screen lets go; without this the default script would pull into it.
  if (command_.find("tare:") == 0) puller_.start_script(now_us());
}

int64_t ChronojumpModel::next_event_us() const {
  if (!is_open()) return kNever;
  if (!boot_text_sent_) return boot_text_us();
  if (!booted_) return opened_us_ + options_.boot_us;
  if (command_due_us_ != kNever) return command_due_us_;
  if (weighing_done_us_ != kNever) return weighing_done_us_;
  return capturing_ ? static_cast<int64_t>(std::ceil(next_sample_us_)) : kNever;
}

void ChronojumpModel::on_tick() {
  if (!is_open()) return;
  finish_boot();
  if (!booted_) return;
  if (now_us() >= command_due_us_) {
    command_due_us_ = kNever;
    const std::string text = std::exchange(command_, {});
    obey(text);
  }
  if (now_us() >= weighing_done_us_) finish_weighing();
  const bool busy = command_due_us_ != kNever || weighing_done_us_ != kNever;
  while (capturing_ && !busy && next_sample_us_ <= static_cast<double>(now_us())) sample();
}

int64_t ChronojumpModel::boot_text_us() const { return opened_us_ + std::max<int64_t>(options_.boot_us - kSetUpUs, 0); }

void ChronojumpModel::finish_boot() {
  if (!boot_text_sent_ && now_us() >= boot_text_us()) {
    boot_text_sent_ = true;
    // A bit of noise from the line's reset, then what the boot loader leaves behind.
    send(std::string_view("\x00;\xFEoot\r\n", 8));
  }
  if (!booted_ && now_us() >= opened_us_ + options_.boot_us) booted_ = true;
}

/// What came within the wait is one text; commands end with ':' or, with a value, with ';'.
void ChronojumpModel::obey(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t colon = text.find(':', at);
    if (colon == std::string::npos) {
      const bool only_line_ends = text.find_first_not_of("\r\n", at) == std::string::npos;
      if (!only_line_ends) send("Not a valid command\r\n");
      return;
    }
    std::string name = text.substr(at, colon - at);
    name.erase(0, name.find_first_not_of("\r\n"));
    at = colon + 1;
    std::string value;
    const bool takes_value = name.starts_with("set_") || name == "calibrate";
    if (takes_value) {
      const std::size_t end = std::min(text.find(';', at), text.size());
      value = text.substr(at, end - at);
      at = std::min(end + 1, text.size());
    }
    obey_one(name, value);
  }
}

void ChronojumpModel::obey_one(const std::string& name, const std::string& value) {
  const double number = std::strtod(value.c_str(), nullptr);
  if (name == "get_version") {
    send(std::string_view("\x00;", 2));  // junk that real boards are seen to put before it
    send("Force_Sensor-0.6\r\n");
  } else if (name == "start_capture") {
    start_capture();
  } else if (name == "end_capture") {
    capturing_ = false;
    send("Capture ended:\r\n");
  } else if (name == "tare" || name == "calibrate") {
    weighing_ = name == "tare" ? Weighing::tare : Weighing::calibrate;
    calibration_kg_ = number;
    weighing_done_us_ = now_us() + kTareUs;
  } else if (name == "get_tare") {
    send(fmt::format("{}\r\n", tare_offset_));
  } else if (name == "set_tare") {
    tared_n_ += (number - static_cast<double>(tare_offset_)) / kCountsPerN;
    tare_offset_ = std::lround(number);
    send("Tare set\r\n");
  } else if (name == "get_calibration_factor") {
    send(fmt::format("{:.2f}\r\n", calibration_factor_));
  } else if (name == "set_calibration_factor") {
    if (number > 0) calibration_factor_ = number;
    send("Calibration factor set\r\n");
  } else if (name == "set_bps") {
    send(fmt::format("setting to: {}\r\n", std::lround(number)));
    send(fmt::format("Speed set to: {} bps\r\n", std::lround(number)));
  } else if (name == "get_transmission_format") {
    send("text\r\n");
  } else {
    send("Not a valid command\r\n");
  }
}

void ChronojumpModel::finish_weighing() {
  weighing_done_us_ = kNever;
  const double raw_n = puller_.force_n(now_us()) + drift_n_;
  if (weighing_ == Weighing::tare) {
    tare_offset_ += std::lround((raw_n - tared_n_) * kCountsPerN);
    tared_n_ = raw_n;
    send(fmt::format("Taring OK:{}\r\n", tare_offset_));
  } else if (weighing_ == Weighing::calibrate) {
    const double counts = (raw_n - tared_n_) * kCountsPerN * calibration_factor_ / 915.0;
    if (calibration_kg_ > 0 && counts > 1) calibration_factor_ = counts / calibration_kg_;
    send(fmt::format("Calibrating OK:{:.2f}\r\n", calibration_factor_));
  }
  weighing_ = Weighing::none;
  // What the converter measured meanwhile is lost, the time goes on.
  next_sample_us_ = std::max(next_sample_us_, static_cast<double>(now_us()));
}

void ChronojumpModel::start_capture() {
  send("Starting capture...\r\n");
  capturing_ = true;
  capture_start_us_ = now_us();
  next_sample_us_ = static_cast<double>(now_us());
  sample_count_ = 0;
  tape_at_ = 0;
  puller_.start_script(now_us());
}

void ChronojumpModel::sample_of_tape() {
  const TapeSample now = tape_[std::min(tape_at_, tape_.size() - 1)];
  const bool over = tape_at_ + 1 >= tape_.size();
  const auto step_us = over ? kSampleUs : static_cast<double>(tape_[tape_at_ + 1].stamp_us - now.stamp_us);
  const auto since_us = static_cast<uint32_t>(next_sample_us_ - static_cast<double>(capture_start_us_));
  send(fmt::format("{};{:.2f}\r\n", tape_at_ < tape_.size() ? now.stamp_us : since_us, now.force_n));
  next_sample_us_ += step_us;
  ++tape_at_;
}

void ChronojumpModel::sample() {
  if (!tape_.empty()) return sample_of_tape();
  const int64_t t_us = static_cast<int64_t>(next_sample_us_);
  const double force = puller_.force_n(std::min(t_us, now_us()));
  follow_wear(force);
  const uint32_t stamp = static_cast<uint32_t>(t_us - capture_start_us_) + options_.first_stamp_us;
  send(fmt::format("{};{:.2f}\r\n", stamp, measured_n(force)));
  next_sample_us_ += interval_us(sample_count_);
  sample_count_ = std::min(sample_count_ + 1, 2);
  // After a pause of the host (a stopped process, a suspended machine) the missed samples are not made up
  // for.
  if (next_sample_us_ < static_cast<double>(now_us()) - 2e6) next_sample_us_ = static_cast<double>(now_us());
}

/// Each heavy pull moves the zero a little, up to −4.4 N, as recordings show.
void ChronojumpModel::follow_wear(double force_n) {
  if (force_n > kHeavyN) was_heavy_ = true;
  if (!was_heavy_ || force_n > kLetGoN) return;
  was_heavy_ = false;
  if (drift_n_ > kDriftMostN) drift_n_ = std::max(kDriftMostN, drift_n_ + kDriftEachN);
}

double ChronojumpModel::measured_n(double force_n) {
  if (std::exchange(spike_, false)) return 487.31;
  const double scale = 915.0 / calibration_factor_;
  return (force_n + drift_n_ - tared_n_) * scale + kNoiseN * random().normal();
}

}  // namespace patella::emulator
