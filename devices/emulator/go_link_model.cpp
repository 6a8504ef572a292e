#include "emulator/go_link_model.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

namespace patella::emulator {

namespace {

constexpr uint8_t kStatus = 0x10, kReadOwn = 0x17, kStart = 0x18, kStop = 0x19, kInit = 0x1A, kPeriod = 0x1B, kReadProbe = 0x27,
                  kProbeId = 0x28, kInput = 0x29;
constexpr uint8_t kFirst = 0x08, kLast = 0x10;
constexpr uint8_t kUnsupported = 0x31, kCannotChange = 0x34, kBadParameter = 0x36, kBlocked = 0x39, kPoweringUp = 0x40;
constexpr uint8_t kFiveVolt = 2;
constexpr int64_t kPacketUs = 10'000;  // interval of the endpoint

Bytes report_descriptor() {
  return {0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
          0x95, 0x08, 0x09, 0x02, 0x81, 0x02, 0x95, 0x08, 0x09, 0x03, 0x91, 0x02, 0xC0};
}

void put_float_le(Bytes& record, std::size_t at, double value) {
  const float narrow = static_cast<float>(value);
  uint32_t bits = 0;
  std::memcpy(&bits, &narrow, sizeof bits);
  for (std::size_t i = 0; i < 4; ++i) record[at + i] = static_cast<uint8_t>(bits >> (8 * i));
}
void put_float_be(Bytes& record, std::size_t at, double value) {
  put_float_le(record, at, value);
  std::reverse(record.begin() + static_cast<std::ptrdiff_t>(at), record.begin() + static_cast<std::ptrdiff_t>(at) + 4);
}
void put_text(Bytes& record, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), record.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

GoLinkModel::GoLinkModel(const Options& options)
    : UsbModel(hid_descriptors({0x08F7, 0x0003, "Vernier", "Go! Link Version 1.6", options.serial}, report_descriptor(),
                               {{kIn, 3, 8, 10}}),
               options.seed),
      options_(options),
      puller_(options.seed, options.automatic) {}

bool GoLinkModel::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::miss) return drop_next_ = true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_n_ += act.a;
  return true;
}

int GoLinkModel::on_control(const Setup& setup, const Bytes& out, Bytes&) {
  if (setup.type != 0x21) return -EPIPE;
  if (setup.request == 0x0A || setup.request == 0x0B) return 0;
  const uint16_t wanted = options_.as_output ? 0x0200 : 0x0100;
  if (setup.request != 0x09 || setup.value != wanted || out.size() != 8) return -EPIPE;
  take(out);
  return 0;
}

void GoLinkModel::take(const Bytes& command) {
  commands_.push_back(command);
  const uint8_t code = command[0];
  if (code == kInit) {
    measuring_ = false;
    period_us_ = 100'000;
    if (!std::exchange(powered_, true)) ready_us_ = now_us() + options_.power_up_us;
    if (now_us() >= ready_us_) return answer(kInit, {0}, 0x80);
    if (command[1] == 1) answer(kInit, {kPoweringUp}, 0xA0);
    return;
  }
  if (!powered_ || now_us() < ready_us_) return;  // all else is ignored while it powers up
  switch (code) {
    case kStatus:
      return answer(code, {0, 0x61, 0x01, 0x00, 0x01});
    case kReadOwn:
    case kReadProbe: {
      if (measuring_) return refuse(code, kBlocked);
      const Bytes memory = code == kReadOwn ? flash_record() : probe_record();
      if (memory.empty() || command[1] + command[2] > static_cast<int>(memory.size())) return refuse(code, kBadParameter);
      const auto from = memory.begin() + command[1];
      return answer(code, Bytes(from, from + command[2]));
    }
    case kProbeId:
      return answer(code, {probe_number(), 0, 0, 0});
    case kInput:
      if (command[1] > 3) return refuse(code, kBadParameter);
      input_ = command[1];
      return answer(code, {0});
    case kPeriod: {
      if (measuring_) return refuse(code, kCannotChange);
      const uint32_t ticks = static_cast<uint32_t>(command[1] | command[2] << 8);
      if (ticks < 5) return refuse(code, kBadParameter);
      period_us_ = int64_t{ticks} * 1000;
      return answer(code, {0});
    }
    case kStart:
      answer(code, {0});
      measuring_ = true;
      start_us_ = now_us();
      sample_ = 0;
      samples_.clear();
      if (!std::exchange(started_, true)) puller_.start_script(start_us_);
      return;
    case kStop:
      measuring_ = false;
      return answer(code, {0});
    default:
      return refuse(code, kUnsupported);
  }
}

/// The first packet holds the command and six bytes, each further one seven.
void GoLinkModel::answer(uint8_t command, const Bytes& payload, uint8_t first_bits) {
  Bytes bytes = {command};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    const std::size_t end = std::min(at + 7, bytes.size());
    const uint8_t header =
        static_cast<uint8_t>((at == 0 ? first_bits | kFirst : 0x40) | (end == bytes.size() ? kLast : 0) | (end - at));
    send(header, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(end)));
  }
}

void GoLinkModel::send(uint8_t header, const Bytes& bytes) {
  Bytes packet = {header};
  packet.insert(packet.end(), bytes.begin(), bytes.end());
  packet.resize(8, 0);
  answer_us_ = std::max(answer_us_ + kPacketUs, now_us() + kPacketUs);
  answers_.push_back({answer_us_, std::move(packet)});
}

uint8_t GoLinkModel::probe_number() const {
  switch (options_.probe) {
    case ProbeKind::dynamometer:
      return 26;
    case ProbeKind::thermometer:
      return 60;
    case ProbeKind::plain:
      return 12;
    default:
      return 0;
  }
}

Bytes GoLinkModel::probe_record() const {
  const bool force = options_.probe == ProbeKind::dynamometer;
  if (!force && options_.probe != ProbeKind::thermometer) return {};
  Bytes record(128, 0);
  record[0] = 1;
  record[1] = probe_number();
  put_text(record, 8, force ? "Hand Dynamometer" : "Temperature");
  put_text(record, 28, force ? "Force" : "Temp");
  put_float_le(record, 44, 0.001);
  put_float_le(record, 48, 0.02);
  record[57] = 14;  // 0 … 5 V
  record[58] = 1;   // linear
  put_float_le(record, 59, 0);
  put_float_le(record, 63, 600);
  put_float_le(record, 70, force ? options_.a_n : 0);
  put_float_le(record, 74, force ? options_.b_n_per_v : 20);
  put_text(record, 82, force ? "(N)" : "(C)");
  for (std::size_t i = 0; i < 127; ++i) record[127] = static_cast<uint8_t>(record[127] ^ record[i]);
  return record;
}

Bytes GoLinkModel::flash_record() const {
  Bytes record(20, 0);
  record[0] = 1;
  record[1] = 0x9C;
  for (const std::size_t at : {std::size_t{4}, std::size_t{6}}) {
    record[at] = static_cast<uint8_t>(static_cast<uint16_t>(options_.offset_counts) >> 8);
    record[at + 1] = static_cast<uint8_t>(options_.offset_counts);
  }
  put_float_be(record, 8, options_.slope);
  put_float_be(record, 12, options_.slope);
  return record;
}

int64_t GoLinkModel::taken_us(int64_t n) const {
  const double exact_us = static_cast<double>(period_us_) * (1 + options_.clock_ppm * 1e-6);
  return start_us_ + static_cast<int64_t>(std::llround(static_cast<double>(n + 1) * exact_us));
}

/// What the converter gives for it, before any correction.
int GoLinkModel::raw_of(double force_n) const {
  const double voltage_v = options_.probe == ProbeKind::none ? 0 : (force_n - options_.a_n) / options_.b_n_per_v;
  const double counts = input_ == kFiveVolt ? (voltage_v - 2.5) * 32768 / 2.5 : voltage_v * 32768 / 10;
  return static_cast<int>(std::clamp(std::round(counts / options_.slope - options_.offset_counts), -32768.0, 32767.0));
}

void GoLinkModel::take_sample() {
  const int64_t at_us = taken_us(sample_++);
  int raw = raw_of(puller_.force_n(at_us) + drift_n_ + 0.05 * random().normal());
  if (std::exchange(spike_, false)) raw = 32767;
  samples_.push_back(static_cast<uint8_t>(raw));
  samples_.push_back(static_cast<uint8_t>(raw >> 8));
  if (static_cast<int>(samples_.size()) < 2 * options_.per_packet) return;
  Bytes packet = {static_cast<uint8_t>(options_.per_packet), counter_++};
  packet.insert(packet.end(), samples_.begin(), samples_.end());
  packet.resize(8, 0);
  samples_.clear();
  if (std::exchange(drop_next_, false)) {
    dropped_ += static_cast<uint64_t>(options_.per_packet);
    return;
  }
  put_report(kIn, std::move(packet), 16, WhenFull::lose_oldest);
}

void GoLinkModel::on_tick() {
  if (!std::exchange(old_put_, true))
    for (int i = 0; i < options_.old_packets; ++i) put_report(kIn, {1, static_cast<uint8_t>(i), 0x34, 0x12, 0, 0, 0, 0}, 16);
  for (; !answers_.empty() && answers_.front().due_us <= now_us(); answers_.pop_front())
    put_report(kIn, std::move(answers_.front().bytes), 32);
  if (!measuring_) return;
  while (taken_us(sample_) <= now_us()) take_sample();
}

int64_t GoLinkModel::next_event_us() const {
  const int64_t next_us = answers_.empty() ? kNever : answers_.front().due_us;
  return measuring_ ? std::min(next_us, taken_us(sample_)) : next_us;
}

}  // namespace patella::emulator
