#include "emulator/go_direct_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

namespace patella::emulator {

namespace {

constexpr uint8_t kCommandFrame = 0x58, kReplyFrame = 0x98, kMeasurementFrame = 0x20;
constexpr uint8_t kStatus = 0x10, kStart = 0x18, kStop = 0x19, kInit = 0x1A, kPeriod = 0x1B, kSensorInfo = 0x50,
                  kAvailable = 0x51, kDisconnect = 0x54, kInfo = 0x55, kDefaults = 0x56;
constexpr uint8_t kNormalFloats = 0x06, kDropped = 0x0D;
constexpr uint8_t kRefused = 0x01;
constexpr int64_t kReplyAfterUs = 3'000;
constexpr uint32_t kMinUs = 10'000;
constexpr std::size_t kEndpointReports = 32;  // more than a real one: here the host's machine may be late

/// One vendor-defined page, 64 bytes each way, no report ids.
Bytes report_descriptor() {
  return {0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
          0x95, 0x40, 0x09, 0x02, 0x81, 0x02, 0x95, 0x40, 0x09, 0x03, 0x91, 0x02, 0xC0};
}

const char* code_of(GoDirectModel::Product product) {
  switch (product) {
    case GoDirectModel::Product::force:
      return "GDX-FOR";
    case GoDirectModel::Product::temperature:
      return "GDX-TMP";
    default:
      return "GDX-HD";
  }
}

UsbIdentity identity_of(const GoDirectModel::Options& options) {
  return {0x08F7, 0x0010, "Vernier Software & Technology", std::string(code_of(options.product)) + " " + options.serial,
          options.serial};
}

void put(Bytes& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void put_double(Bytes& out, double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  put(out, bits, 8);
}
void put_float(Bytes& out, double value) {
  const float narrow = static_cast<float>(value);
  uint32_t bits = 0;
  std::memcpy(&bits, &narrow, sizeof bits);
  put(out, bits, 4);
}
void put_field(Bytes& out, std::string_view text, std::size_t room) {
  for (std::size_t i = 0; i < room; ++i) out.push_back(i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
}
uint32_t u32(const Bytes& bytes, std::size_t at) {
  return static_cast<uint32_t>(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16) | static_cast<uint32_t>(bytes[at + 3]) << 24;
}
uint8_t sum_of(const Bytes& frame) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < frame.size(); ++i) sum += i == 3 ? 0u : frame[i];
  return static_cast<uint8_t>(sum);
}

}  // namespace

std::vector<GoDirectModel::Sensor> GoDirectModel::sensors_of(Product product) {
  if (product == Product::temperature)
    return {{1, "Temperature",
             "\xC2\xB0"
             "C",
             -40, 125}};
  std::vector<Sensor> sensors = {{1, "Force", "N", -50, 50},
                                 {2, "X-axis acceleration", "m/s\xC2\xB2", -157, 157},
                                 {3, "Y-axis acceleration", "m/s\xC2\xB2", -157, 157},
                                 {4, "Z-axis acceleration", "m/s\xC2\xB2", -157, 157}};
  if (product == Product::hand_dynamometer) {
    sensors[0].min = 0;
    sensors[0].max = 600;
    return sensors;
  }
  for (int axis = 0; axis < 3; ++axis)
    sensors.push_back({5 + axis, axis == 0 ? "X-axis gyro" : axis == 1 ? "Y-axis gyro" : "Z-axis gyro", "rad/s", -35, 35});
  return sensors;
}

GoDirectModel::GoDirectModel(const Options& options)
    : UsbModel(hid_descriptors(identity_of(options), report_descriptor(), {{kIn, 3, 64, 1}, {kOut, 3, 64, 1}}), options.seed),
      options_(options),
      puller_(options.seed, options.automatic),
      sensors_(sensors_of(options.product)) {}

bool GoDirectModel::act(const Act& act, int64_t now_us) {
  if (puller_.act(act, now_us)) return true;
  if (act.gesture == Gesture::miss) return drop_next_ = true;
  if (act.gesture == Gesture::spike) return spike_ = true;
  if (act.gesture != Gesture::drift) return false;
  drift_n_ += act.a;
  return true;
}

void GoDirectModel::on_out(uint8_t, const Bytes& data) {
  if (data.size() < 3 || data[0] == 0 || data[0] >= data.size()) return;
  const auto end = data.begin() + 1 + data[0];
  if (partial_.empty() && data[1] != kCommandFrame) return;
  partial_.insert(partial_.end(), data.begin() + 1, end);
  if (partial_.size() < 5 || partial_.size() < partial_[1]) return;
  const Bytes frame(partial_.begin(), partial_.begin() + partial_[1]);
  partial_.clear();
  if (frame.size() >= 5 && sum_of(frame) == frame[3]) take_command(frame);
}

void GoDirectModel::take_command(const Bytes& frame) {
  commands_.push_back(frame);
  const Bytes payload = payload_of(frame);
  reply(frame, payload);
  if (frame[4] == kStart && payload[0] == 0) begin(u32(frame, 7));
}

Bytes GoDirectModel::payload_of(const Bytes& command) {
  const std::size_t length = command.size();
  Bytes out;
  switch (command[4]) {
    case kInit:
    case kStop:
    case kDisconnect:
      measuring_ = false;
      queue_.clear();
      return {0};
    case kStatus:
      return {0, 0, 1, 8, 0x0C, 0, 1, 5, 3, 0, static_cast<uint8_t>(options_.battery_percent), options_.charger};
    case kInfo:
      return device_info();
    case kAvailable:
      for (uint32_t mask = 0; const Sensor& sensor : sensors_) {
        mask |= 1u << sensor.number;
        out.clear();
        put(out, mask, 4);
      }
      return out;
    case kDefaults:
      put(out, 2, 4);
      return out;
    case kSensorInfo:
      return length > 5 ? sensor_info(command[5]) : Bytes{kRefused};
    case kPeriod: {
      if (length < 11) return {kRefused};
      const uint32_t wanted_us = u32(command, 7);
      if (wanted_us < (options_.refuses_fast ? 100'000 : kMinUs)) return {kRefused};
      period_us_ = wanted_us;
      return {0};
    }
    case kStart:
      return {length >= 11 && u32(command, 7) != 0 ? uint8_t{0} : kRefused};
    default:
      return {kRefused};
  }
}

Bytes GoDirectModel::device_info() const {
  const std::string code = code_of(options_.product);
  Bytes out;
  put_field(out, code, 16);
  put_field(out, options_.serial, 16);
  put_field(out, code + " " + options_.serial, 32);
  put(out, 0x0001, 2);
  put(out, 2021, 2);
  const Bytes rest = {5, 17, 1, 8, 0x0C, 0, 1, 5, 3, 0, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};
  out.insert(out.end(), rest.begin(), rest.end());
  put(out, 1u << 20, 4);
  put_field(out, "Go Direct sensor, emulated", 64);
  return out;
}

Bytes GoDirectModel::sensor_info(int number) const {
  for (const Sensor& sensor : sensors_) {
    if (sensor.number != number) continue;
    Bytes out = {static_cast<uint8_t>(number), 0};
    put(out, 1000u + static_cast<uint32_t>(number), 4);
    out.push_back(0);  // float
    out.push_back(0);  // periodic
    put_field(out, sensor.name, 60);
    put_field(out, sensor.unit, 32);
    put_double(out, 0.1);
    put_double(out, sensor.min);
    put_double(out, sensor.max);
    put(out, kMinUs, 4);
    put(out, 3'600'000'000u, 8);
    put(out, 50'000, 4);
    put(out, 1'000, 4);
    put(out, 0, 4);
    return out;
  }
  return Bytes(148, 0);
}

void GoDirectModel::reply(const Bytes& command, const Bytes& payload) {
  Bytes frame = {kReplyFrame, static_cast<uint8_t>(6 + payload.size()), counter_++, 0, command[4], command[2]};
  frame.insert(frame.end(), payload.begin(), payload.end());
  frame[3] = options_.fills_checksums ? sum_of(frame) : 0;
  replies_.push_back({now_us() + kReplyAfterUs, std::move(frame)});
}

void GoDirectModel::begin(uint32_t mask) {
  measuring_ = true;
  mask_ = mask;
  start_us_ = now_us();
  sample_ = 0;
  rows_.clear();
  filled_ = 0;
  queue_.clear();
  drop_pending_ = false;
  next_send_us_ = start_us_;
  blocked_until_us_ = options_.backlog ? taken_us(static_cast<int64_t>(kQueueFrames) * options_.rows - 1) : start_us_;
  if (options_.stall_every_s > 0) next_stall_us_ = start_us_ + static_cast<int64_t>(options_.stall_every_s * 1e6);
  if (!started_) puller_.start_script(start_us_);
  started_ = true;
}

int64_t GoDirectModel::taken_us(int64_t n) const {
  const double exact_us = static_cast<double>(period_us_) * (1 + options_.clock_ppm * 1e-6);
  return start_us_ + static_cast<int64_t>(std::llround(static_cast<double>(n + 1) * exact_us));
}

double GoDirectModel::value_of(int sensor, int64_t at_us) {
  if (sensor == 1 && options_.product != Product::temperature) {
    if (std::exchange(spike_, false)) return 99'999;
    return true_force_n(at_us) + 0.05 * random().normal();
  }
  if (sensor >= 2 && sensor <= 4) return (sensor == 4 ? 9.81 : 0) + 0.02 * random().normal();
  return sensor == 1 ? 21.5 : 0;
}

void GoDirectModel::take_sample() {
  const int64_t at_us = taken_us(sample_++);
  if (std::exchange(drop_next_, false)) {
    ++dropped_;
    drop_pending_ = options_.tells_drops;
    return;
  }
  for (const Sensor& sensor : sensors_)
    if (mask_ >> sensor.number & 1u) put_float(rows_, value_of(sensor.number, at_us));
  if (++filled_ < options_.rows) return;
  Bytes body = {kNormalFloats};
  put(body, mask_, 2);
  body.push_back(static_cast<uint8_t>(filled_));
  body.push_back(0);
  body.insert(body.end(), rows_.begin(), rows_.end());
  rows_.clear();
  filled_ = 0;
  push_frame(std::move(body));
}

void GoDirectModel::push_frame(Bytes body) {
  if (queue_.size() >= kQueueFrames) {
    queue_.pop_front();
    dropped_ += static_cast<uint64_t>(options_.rows);
    drop_pending_ = options_.tells_drops;
  }
  queue_.push_back(std::move(body));
}

int64_t GoDirectModel::send_due_us() const { return queue_.empty() ? kNever : std::max(blocked_until_us_, next_send_us_); }

/// What waited leaves 7 to 13 ms apart, faster when the samples come faster.
void GoDirectModel::send_one(int64_t at_us) {
  Bytes body = {kDropped, 0, 0, 0, 0};
  if (!std::exchange(drop_pending_, false)) {
    body = std::move(queue_.front());
    queue_.pop_front();
  }
  Bytes frame = {kMeasurementFrame, static_cast<uint8_t>(4 + body.size()), counter_, 0};
  if (options_.counts_frames) ++counter_;
  frame.insert(frame.end(), body.begin(), body.end());
  frame[3] = options_.fills_checksums ? sum_of(frame) : 0;
  put_frame(std::move(frame));
  const int64_t frame_us = period_us_ * options_.rows;
  next_send_us_ = at_us + std::min<int64_t>(static_cast<int64_t>(random().between(7'000, 13'000)), frame_us / 2);
}

void GoDirectModel::put_frame(Bytes frame) {
  for (std::size_t at = 0; at < frame.size(); at += 63) {
    const std::size_t length = std::min<std::size_t>(63, frame.size() - at);
    Bytes report = {static_cast<uint8_t>(length)};
    report.insert(report.end(), frame.begin() + static_cast<std::ptrdiff_t>(at),
                  frame.begin() + static_cast<std::ptrdiff_t>(at + length));
    report.resize(64, 0);
    put_report(kIn, std::move(report), kEndpointReports);
  }
}

void GoDirectModel::on_tick() {
  while (!replies_.empty() && replies_.front().due_us <= now_us()) {
    put_frame(std::move(replies_.front().frame));
    replies_.pop_front();
  }
  // Event by event, so that a machine that was late itself loses nothing.
  while (measuring_) {
    const int64_t sample_us = taken_us(sample_), send_us = send_due_us();
    if (std::min({sample_us, send_us, next_stall_us_}) > now_us()) return;
    if (next_stall_us_ <= std::min(sample_us, send_us)) {
      blocked_until_us_ = next_stall_us_ + kStallUs;
      next_stall_us_ += static_cast<int64_t>(options_.stall_every_s * 1e6);
    } else if (send_us <= sample_us) {
      send_one(send_us);
    } else {
      take_sample();
    }
  }
}

int64_t GoDirectModel::next_event_us() const {
  const int64_t next_us = replies_.empty() ? kNever : replies_.front().due_us;
  if (!measuring_) return next_us;
  return std::min({next_us, taken_us(sample_), next_stall_us_, send_due_us()});
}

/// The checksum stands behind the report's own length byte.
void GoDirectModel::spoil(Bytes& report) {
  if (report.size() > 4) report[4] = static_cast<uint8_t>(report[4] ^ 0x40u);
}

}  // namespace patella::emulator
