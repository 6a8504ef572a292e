#include "driver.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace patella::tacx_1932 {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kVersionUs = 500 * kMs;
constexpr int64_t kCycleUs = 250 * kMs;
constexpr int kTries = 4;
constexpr int64_t kSilenceUs = 3'000 * kMs;
constexpr const char* kSilent =
    PATELLA_TEXT("The trainer does not answer. Check that its mains plug is in, then plug its USB cable in again");
constexpr const char* kNothingNew = PATELLA_TEXT(
    "The trainer answers, but measures nothing. Check that its mains plug is in, then plug its USB cable in "
    "again");

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING);
  data_us_ = t_us;
  ask_version(t_us);
}

bool Driver::send(std::span<const uint8_t> packet) {
  const bool queued = host_.write(packet);
  if (!queued) host_.log(PATELLA_LOG_WARNING, "a packet could not be sent");
  return queued;
}

void Driver::ask_version(int64_t t_us) {
  step_ = Step::asking_version;
  ++unanswered_;
  send(kAskVersion);
  host_.set_deadline(t_us + kVersionUs);
}

void Driver::cycle(int64_t t_us) {
  ++unanswered_;
  send(ask_data(pedal_event_));
  host_.set_deadline(t_us + kCycleUs);
}

void Driver::tick(int64_t t_us) {
  const bool answers = answer_us_ >= 0 && t_us - answer_us_ < kSilenceUs;
  if (t_us - data_us_ >= kSilenceUs) status_.report(PATELLA_DEVICE_SILENT, answers ? kNothingNew : kSilent);
  if (step_ == Step::cycling && unanswered_ < kTries) return cycle(t_us);
  // It may have restarted: then its cadence stays 0 until it is asked for its version.
  if (step_ == Step::cycling) unanswered_ = 0;
  ask_version(t_us);
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  const Reply reply = read_reply(bytes);
  switch (reply.kind) {
    case Reply::nothing_new:
      answer_us_ = t_us;
      return;
    case Reply::unknown:
      return status_.note_garbage();
    case Reply::version:
      if (step_ != Step::asking_version) return;
      answer_us_ = t_us;
      note_firmware(reply);
      step_ = Step::cycling;
      unanswered_ = 0;
      return cycle(t_us);
    case Reply::data:
      if (step_ == Step::cycling) take_data(reply, t_us);
      return;
  }
}

/// Once: it is asked again after each silence.
void Driver::note_firmware(const Reply& reply) {
  std::string firmware =
      "head unit, firmware " + std::to_string(reply.firmware) + ", number " + std::to_string(reply.serial_number);
  if (firmware == firmware_) return;
  firmware_ = std::move(firmware);
  host_.log(PATELLA_LOG_INFO, firmware_);
}

void Driver::take_data(const Reply& reply, int64_t t_us) {
  unanswered_ = 0;
  data_us_ = answer_us_ = t_us;
  pedal_event_ = reply.pedal_event;
  if (reply.calibrates)
    return status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The trainer calibrates itself: do not pedal until it is done"));
  status_.report(PATELLA_DEVICE_LIVE);
  if (const auto rpm = cadence_.take(reply.cadence_rpm)) host_.emit(kCadence, t_us, *rpm);
  // Not below zero: when the motor drives, the rider does no work.
  host_.emit(kPower, t_us, std::max(0.0, reply.brake_force_n * reply.speed_m_s));
  if (reply.speed_m_s <= kChannels[kSpeed].max) host_.emit(kSpeed, t_us, reply.speed_m_s);
  host_.emit(kBrakeForce, t_us, reply.brake_force_n);
  if (reply.heart_rate_bpm >= kChannels[kHeartRate].min) host_.emit(kHeartRate, t_us, reply.heart_rate_bpm);
}

void Driver::disconnected(uint32_t reason, int64_t) {
  if (reason == PATELLA_DISCONNECT_CLOSED) send(ask_data(false));
}

}  // namespace patella::tacx_1932
