#include "emulator/openscale_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr double kStandardGravity = 9.80665, kKgPerLb = 0.453592;
constexpr double kNoiseKg = 0.004;
constexpr double kCountsPerKg = 21'400;
constexpr int64_t kAverageUs = 150'000;  // half of four readings of a converter at 10 Hz: a value is that old
constexpr int64_t kOnTriggerUs = 100'000;

}  // namespace

OpenScaleModel::OpenScaleModel(const Options& options)
    : SerialModel({0x0403, 0x6015, "FTDI", "FT231X USB UART", options.serial}, options.seed, options.baud),
      options_(options),
      puller_(options.seed, options.automatic) {}

bool OpenScaleModel::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_kg_ += act.a / kStandardGravity;
  return true;
}

void OpenScaleModel::on_opened() {
  if (options_.resets || !powered_) reset();
  powered_ = true;
}

void OpenScaleModel::reset() {
  booted_ = in_menu_ = false;
  boot_us_ = now_us();
  next_us_ = boot_us_ + kBootUs;
  tare_due_us_ = kNever;
}

int64_t OpenScaleModel::next_event_us() const { return is_open() ? std::min(next_us_, tare_due_us_) : kNever; }

void OpenScaleModel::on_tick() {
  if (now_us() >= tare_due_us_) {
    tare_due_us_ = kNever;
    tared_kg_ = puller_.force_n(now_us()) / kStandardGravity + drift_kg_;
    ++tares_;
    send(fmt::format("\r\nTare point 1: [{}]\r\n", std::lround(tared_kg_ * kCountsPerKg)));
    menu();
  }
  while (next_us_ <= now_us()) {
    if (!booted_) {
      booted_ = true;
      boot_text();
      puller_.start_script(next_us_);
      next_us_ = options_.trigger ? kNever : next_us_ + kWarmUpUs;
      continue;
    }
    reading();
    next_us_ = options_.trigger ? kNever : next_us_ + options_.report_ms * 1000;
    // After a pause of the host the missed readings are not made up for.
    if (next_us_ < now_us() - 2'000'000) next_us_ = now_us();
  }
}

void OpenScaleModel::boot_text() {
  send("\r\nSerial Load Cell Converter version 1.2\r\n");
  send("By SparkFun Electronics\r\n");
  if (options_.temperature) send("No remote sensor found\r\n");
  send(fmt::format("Minimum time between reports: {}\r\n", options_.report_ms - 40));
  send("Press x to bring up settings\r\n");
  send("Readings:\r\n");
}

void OpenScaleModel::on_received(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes)
    if (booted_) obey(static_cast<char>(byte));
}

void OpenScaleModel::obey(char letter) {
  if (in_menu_) return obey_in_menu(letter);
  if (letter == '!' && options_.trigger) {
    next_us_ = now_us() + kOnTriggerUs;
  } else if (letter == 'x') {
    in_menu_ = true;
    next_us_ = kNever;
    menu();
  }
}

void OpenScaleModel::obey_in_menu(char letter) {
  if (tare_due_us_ != kNever) return;
  switch (letter) {
    case '1':
      puller_.start_script(now_us());  // who sees the tare on a screen lets go
      tare_due_us_ = now_us() + kTareUs;
      return;
    case '3':
      options_.timestamp = !options_.timestamp;
      break;
    case '6':
      options_.pounds = !options_.pounds;
      break;
    case '9':
      options_.temperature = !options_.temperature;
      break;
    case 'q':
      options_.raw = !options_.raw;
      break;
    case 't':
      options_.trigger = !options_.trigger;
      break;
    case 'x':
      in_menu_ = false;
      send("\r\nExiting\r\n");
      next_us_ = options_.trigger ? kNever : now_us() + options_.report_ms * 1000;
      return;
    default:
      break;
  }
  menu();
}

void OpenScaleModel::menu() {
  send("\r\nSerial Load Cell Converter\r\n");
  send("1) Tare scale to zero\r\n2) Calibrate scale\r\n");
  send(fmt::format("3) Timestamp [{}]\r\n4) Set report rate [{}]\r\n", options_.timestamp ? "On" : "Off", options_.report_ms));
  send(fmt::format("6) Change units of measure [{}]\r\n", options_.pounds ? "lbs" : "kg"));
  send("x) Exit\r\n>");
}

void OpenScaleModel::reading() {
  const double force_n = std::exchange(spike_, false) ? 890.0 : puller_.force_n(next_us_ - kAverageUs);
  const double kg = force_n / kStandardGravity + drift_kg_ - tared_kg_ + kNoiseKg * random().normal();
  std::string line;
  if (options_.timestamp)
    line += fmt::format("{},", static_cast<uint32_t>((next_us_ - boot_us_) / 1000) + options_.first_stamp_ms);
  line += fmt::format("{:.2f},{},", options_.pounds ? kg / kKgPerLb : kg, options_.pounds ? "lbs" : "kg");
  if (options_.raw) line += fmt::format("{},", std::lround((kg + tared_kg_) * kCountsPerKg));
  if (options_.temperature) line += "24.56,0.00,";
  send(line + "\r\n");
}

}  // namespace patella::emulator
