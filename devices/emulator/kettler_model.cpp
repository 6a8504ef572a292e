#include "emulator/kettler_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace patella::emulator {

namespace {

constexpr std::size_t kMaxLine = 64;
constexpr double kBodyEfficiency = 0.24;  // the bike shows what the rider burns
constexpr double kMetresPerRevolution = 4.4;

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

KettlerModel::KettlerModel(const Options& options)
    : SerialModel({0x0403, 0x6001, "FTDI", "FT232R USB UART", options.serial}, options.seed, options.baud),
      options_(options),
      rider_(options.seed) {
  if (!options.automatic) rider_.pedal(0);
}

bool KettlerModel::act(const Act& act, int64_t now_us) { return rider_.act(act, now_us); }

int64_t KettlerModel::next_event_us() const { return is_open() ? answer_due_us_ : kNever; }

void KettlerModel::on_tick() {
  if (advanced_us_ == 0) advanced_us_ = now_us();
  rider_.advance(now_us());
  const double passed_s = static_cast<double>(now_us() - advanced_us_) * 1e-6;
  advanced_us_ = now_us();
  energy_kj_ += rider_.power_w() * passed_s / 1000 / kBodyEfficiency;
  if (rider_.crank_rpm() > 0) worked_s_ += passed_s;
  if (now_us() < answer_due_us_) return;
  answer_due_us_ = kNever;
  send(std::exchange(waiting_, {}));
}

void KettlerModel::on_received(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    if (byte == '\n') continue;
    if (byte != '\r') {
      if (line_.size() < kMaxLine) line_ += static_cast<char>(byte);
      continue;
    }
    const std::string reply = answer(std::exchange(line_, {}));
    if (reply.empty()) continue;
    waiting_ += reply + "\r\n";
    answer_due_us_ = now_us() + kAnswerUs;
  }
}

std::string KettlerModel::answer(const std::string& command) {
  const bool small = std::any_of(command.begin(), command.end(), is_small);
  const bool capital = std::any_of(command.begin(), command.end(), is_capital);
  if (options_.letters == Letters::capitals && small) return "ERROR";
  if (options_.letters == Letters::small && capital) return "ERROR";
  std::string name = command.substr(0, 2);
  for (char& c : name)
    if (is_small(c)) c = static_cast<char>(c - ('a' - 'A'));
  const bool left = options_.leaves_after_s > 0 && now_us() - pc_since_us_ > options_.leaves_after_s * 1'000'000LL;
  if (left) pc_mode_ = false;
  if (name == "ID") return options_.id;
  if (name == "VE") return "117";
  if (name == "KI") return "bike";
  if (name == "CA") return "041";
  if (name == "CM" || name == "CD") {
    const bool was = std::exchange(pc_mode_, true);
    pc_since_us_ = now_us();
    return was ? "RUN" : "ACK";
  }
  if (name == "RS") {
    pc_mode_ = false;
    energy_kj_ = worked_s_ = 0;
    return "ACK";
  }
  if (name == "ST") return pc_mode_ ? status() : "";
  if (name == "PW") {
    if (!pc_mode_) return "ERROR";
    target_w_ = std::clamp(std::atoi(command.c_str() + 2), 25, 600);
    return status();
  }
  return "ERROR";
}

std::string KettlerModel::status() {
  const int rpm = static_cast<int>(std::lround(std::min(rider_.measured_rpm(), 199.0)));
  const double speed_km_h = rpm / 60.0 * kMetresPerRevolution * 3.6;
  const int seconds = static_cast<int>(worked_s_);
  std::string line = fmt::format("{:03d}\t{:03d}\t{:03d}\t{:03d}\t{:03d}\t{:04d}\t{:02d}:{:02d}\t{:03d}",
                                 std::lround(rider_.heart_bpm()), rpm, std::lround(speed_km_h * 10),
                                 std::lround(std::floor(rider_.distance_m() / 100)), target_w_, std::lround(energy_kj_),
                                 seconds / 60 % 100, seconds % 60, std::lround(std::min(rider_.measured_power_w(), 999.0)));
  if (options_.spaces) std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

}  // namespace patella::emulator
