#include "emulator/linescale3_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr double kNewtonPerKgf = 9.80665, kNewtonPerLbf = 4.448222;
constexpr double kNoiseN = 1.5;
constexpr double kSpikeN = 4870;

double newtons(LineScale3Model::Unit unit) {
  if (unit == LineScale3Model::Unit::kilonewton) return 1000;
  return unit == LineScale3Model::Unit::kilogram_force ? kNewtonPerKgf : kNewtonPerLbf;
}

}  // namespace

LineScale3Model::LineScale3Model(const Options& options)
    : SerialModel({0x1a86, 0x7523, "QinHeng Electronics", "USB Serial", options.serial}, options.seed, options.baud),
      options_(options),
      puller_(options.seed, options.automatic),
      unit_(options.unit),
      streaming_(options.streaming),
      deaf_(options.deaf),
      battery_percent_(options.battery_percent) {}

bool LineScale3Model::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_n_ += act.a;
  return true;
}

int LineScale3Model::set_rate_hz() const { return rate_ == 'S' ? 10 : rate_ == 'F' ? 40 : rate_ == 'M' ? 640 : 1280; }

double LineScale3Model::step_us() const { return 1e6 / (options_.clock * set_rate_hz()); }

void LineScale3Model::on_opened() {
  command_.clear();
  torn_ = streaming_;
  if (streaming_ && next_us_ <= 0) puller_.start_script(now_us());
  next_us_ = static_cast<double>(now_us());
}

int64_t LineScale3Model::next_event_us() const {
  return is_open() && on_ && streaming_ ? static_cast<int64_t>(std::ceil(next_us_)) : kNever;
}

void LineScale3Model::on_tick() {
  if (!is_open() || !on_ || !streaming_) return;
  // After a pause of the host the missed frames are not made up for.
  if (next_us_ < static_cast<double>(now_us()) - 2e6) next_us_ = static_cast<double>(now_us());
  for (; next_us_ <= static_cast<double>(now_us()); next_us_ += step_us()) frame();
}

/// Four bytes: letter, CR, LF, sum. Anything else is skipped until it fits.
void LineScale3Model::on_received(std::span<const uint8_t> bytes) {
  if (!on_) return;
  command_.append(bytes.begin(), bytes.end());
  while (command_.size() >= 4) {
    const auto sum = static_cast<uint8_t>(static_cast<uint8_t>(command_[0]) + 0x0D + 0x0A);
    const bool whole = command_[1] == '\r' && command_[2] == '\n' && static_cast<uint8_t>(command_[3]) == sum;
    const char letter = command_[0];
    command_.erase(0, whole ? 4 : 1);
    if (!whole) continue;
    if (deaf_ > 0)
      --deaf_;
    else
      obey(letter);
  }
}

void LineScale3Model::obey(char letter) {
  if (options_.menu && letter != 'O' && letter != 'Z') return;
  if (options_.locked && letter != 'A' && letter != 'E') return;
  switch (letter) {
    case 'A':
      if (!streaming_) {
        puller_.start_script(now_us());
        next_us_ = static_cast<double>(now_us());
      }
      streaming_ = true;
      rate_ = 'F';
      return;
    case 'E':
      streaming_ = false;
      return;
    case 'O':
      on_ = false;
      return;
    default:
      return obey_setting(letter);
  }
}

void LineScale3Model::obey_setting(char letter) {
  switch (letter) {
    case 'Z':  // the present force becomes the zero of the mode that is on
      (relative_ ? reference_n_ : absolute_zero_n_) = last_raw_n_;
      puller_.start_script(now_us());  // who sees the zero on a screen lets go
      return;
    case 'T':
      absolute_zero_n_ = last_raw_n_;
      return;
    case 'X':
      if (!relative_) reference_n_ = last_raw_n_;
      relative_ = true;
      return;
    case 'Y':
      relative_ = false;
      return;
    case 'L':
      relative_ = !relative_;
      return;
    case 'N':
      unit_ = Unit::kilonewton;
      return;
    case 'G':
      unit_ = Unit::kilogram_force;
      return;
    case 'B':
      unit_ = Unit::pound_force;
      return;
    case 'S':
    case 'F':
    case 'M':
    case 'Q':
      rate_ = letter;
      return;
    default:
      return;
  }
}

/// Six characters with two decimals: 000.63, -32.84.
std::string LineScale3Model::number(double force_n) const {
  double value = std::clamp(std::round(force_n / newtons(unit_) * 100) / 100, -999.0, 9999.0);
  if (value == 0) value = 0;  // no "-0.00"
  std::string text = std::abs(value) < 99.995 || (value > 0 && value < 999.995) ? fmt::format("{:06.2f}", value)
                                                                                : fmt::format("{:06.1f}", value);
  text.resize(6, '0');
  return text;
}

void LineScale3Model::frame() {
  const auto t_us = static_cast<int64_t>(next_us_);
  const double pulled_n = std::exchange(spike_, false) ? kSpikeN : puller_.force_n(std::min(t_us, now_us()));
  const double raw_n = pulled_n + drift_n_ + kNoiseN * random().normal();
  last_raw_n_ = pulled_n + drift_n_;
  // At 230400 baud every other frame of the fastest rate is lost.
  half_ = rate_ == 'Q' && options_.baud < 460'800 && !half_;
  if (half_) return;
  const double zero_n = relative_ ? reference_n_ : absolute_zero_n_;
  std::string text = raw_n > kMaxN ? "O" : "R";
  text += number(raw_n - zero_n);
  text += relative_ ? 'Z' : 'N';
  text += number(relative_ ? reference_n_ : 0);
  text += static_cast<char>(0x20 + battery_percent_ / 2);
  text += "NGB"[static_cast<int>(unit_)];
  text += rate_;
  unsigned sum = 0;
  for (const char c : text) sum += static_cast<uint8_t>(c);
  text += fmt::format("{:02d}\r", sum % 100);
  send(std::exchange(torn_, false) ? std::string_view(text).substr(7) : std::string_view(text));
}

}  // namespace patella::emulator
