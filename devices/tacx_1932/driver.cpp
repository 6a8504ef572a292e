#include "driver.hpp"

#include <algorithm>
#include <string>

namespace patella::tacx_1932 {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kVersionUs = 500 * kMs;
constexpr int64_t kCycleUs = 250 * kMs;
constexpr int kTries = 4;

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  teller_.tell(PATELLA_DEVICE_STARTING);
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
  if (step_ == Step::cycling && unanswered_ < kTries) return cycle(t_us);
  if (step_ == Step::asking_version && unanswered_ >= kTries)
    teller_.tell(
        PATELLA_DEVICE_SILENT,
        "The trainer does not answer. Check that its mains plug is in, then plug its USB cable in again");
  // It may have begun anew: then its cadence stays 0 until it was asked for its version.
  if (step_ == Step::cycling) unanswered_ = 0;
  ask_version(t_us);
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  const Reply reply = read_reply(bytes);
  switch (reply.kind) {
    case Reply::nothing_new:
      return;
    case Reply::unknown:
      return teller_.note_garbage();
    case Reply::version:
      if (step_ != Step::asking_version) return;
      host_.log(PATELLA_LOG_INFO, "head unit, firmware " + std::to_string(reply.firmware) + ", number " +
                                      std::to_string(reply.serial_number));
      step_ = Step::cycling;
      unanswered_ = 0;
      return cycle(t_us);
    case Reply::data:
      if (step_ == Step::cycling) take_data(reply, t_us);
      return;
  }
}

void Driver::take_data(const Reply& reply, int64_t t_us) {
  unanswered_ = 0;
  pedal_event_ = reply.pedal_event;
  teller_.tell(PATELLA_DEVICE_LIVE);
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
