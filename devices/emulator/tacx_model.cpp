#include "emulator/tacx_model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patella::emulator {

namespace {

constexpr uint8_t kVendorClass = 0xFF, kBulk = 2;
constexpr std::size_t kShortReply = 24;
constexpr int kNothingNewEvery = 12;
constexpr double kMetresPerRevolution = 5.6;
constexpr double kCountsPerKmH = 289.75, kCountsPerN = 137;
constexpr uint32_t kSerialNumber = 413'201'234;  // type 41, year 32, number 01234

void put16(Bytes& bytes, std::size_t at, long value) {
  bytes[at] = static_cast<uint8_t>(value);
  bytes[at + 1] = static_cast<uint8_t>(value >> 8);
}

void put32(Bytes& bytes, std::size_t at, uint32_t value) {
  put16(bytes, at, static_cast<long>(value & 0xFFFF));
  put16(bytes, at + 2, static_cast<long>(value >> 16));
}

}  // namespace

TacxModel::TacxModel(const Options& options)
    : UsbModel(emulator::descriptors({0x3561, options.product, "Tacx", "VR-Interface", options.serial}, kVendorClass, {},
                                     {{kIn, kBulk, 64, 0}, {kOut, kBulk, 64, 0}}),
               options.seed),
      options_(options),
      rider_(options.seed) {
  if (!options.automatic) rider_.pedal(0);
}

bool TacxModel::act(const Act& act, int64_t now_us) { return rider_.act(act, now_us); }

void TacxModel::on_tick() {
  rider_.advance(now_us());
  if (now_us() < reply_due_us_) return;
  reply_due_us_ = kNever;
  put_report(kIn, std::exchange(waiting_, {}), 2);
}

void TacxModel::on_out(uint8_t endpoint, const Bytes& data) {
  if (endpoint != kOut) return;
  const bool version = data.size() == 4 && data[0] == 2;
  const bool cycle = data.size() == 12 && data[0] == 1 && data[1] == 8 && data[2] == 1;
  if (!version && !cycle) return;
  if (version) {
    asked_version_ = true;
    waiting_ = version_reply();
  } else {
    pedal_echoes_ += data[6] & 1;
    was_braked_ |= data[4] != 0 || data[5] != 0 || data[8] != 0;
    waiting_ = data_reply();
  }
  reply_due_us_ = now_us() + kReplyUs;
}

Bytes TacxModel::version_reply() const {
  Bytes reply(options_.product == 0x1932 ? 64 : 48, 0);
  put32(reply, 24, 0x0C03);
  put32(reply, 28, 0x00000401);
  put32(reply, 32, kSerialNumber);
  put16(reply, 36, 0x0102);
  return reply;
}

Bytes TacxModel::data_reply() {
  if (++replies_ % kNothingNewEvery == 0) return Bytes(kShortReply, 0);
  Bytes reply(options_.product == 0x1932 ? 64 : 48, 0);
  put16(reply, 0, 0x9F20);
  reply[8] = 7;
  reply[12] = static_cast<uint8_t>(std::clamp(std::lround(rider_.heart_bpm()), 0L, 255L));
  put16(reply, 18, 0x0A0D);  // no steering frame
  const double speed_m_s = rider_.measured_rpm() / 60 * kMetresPerRevolution;
  put32(reply, 24, 0x021303);
  put32(reply, 28, static_cast<uint32_t>(rider_.distance_m()));
  put16(reply, 32, std::lround(speed_m_s * 3.6 * kCountsPerKmH));
  const double force_n = speed_m_s > 0 ? rider_.measured_power_w() / speed_m_s : 0;
  put16(reply, 38, std::lround(force_n * kCountsPerN));
  reply[42] = rider_.revolutions() != seen_revolutions_ ? 1 : 0;
  seen_revolutions_ = rider_.revolutions();
  reply[44] = told_cadence();
  return reply;
}

uint8_t TacxModel::told_cadence() {
  const auto rpm = static_cast<uint8_t>(std::clamp(std::lround(rider_.measured_rpm()), 0L, 255L));
  if (!asked_version_ || rpm == 0) return 0;
  if (!options_.spike || std::exchange(moved_, true)) return rpm;
  told_137_ = true;
  return 137;
}

void TacxModel::spoil(Bytes& report) {
  if (report.size() > kShortReply) report[kShortReply] = static_cast<uint8_t>(report[kShortReply] ^ 0x40u);
}

}  // namespace patella::emulator
