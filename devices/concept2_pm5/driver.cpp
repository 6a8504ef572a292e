#include "driver.hpp"

#include <algorithm>
#include <utility>

#include "csafe.hpp"

namespace patella::concept2_pm5 {
namespace {

constexpr int64_t kPollUs = 100'000;
constexpr int64_t kMinPauseUs = 50'000;  // between two frames to the monitor
constexpr int64_t kAnswerUs = 2'000'000;
// A lost frame must not make the values stale (1 s): the first time it is asked again soon. Answers take some
// 10 ms.
constexpr int64_t kFirstAnswerUs = 500'000;
constexpr int kUnreadableAfter = 20;  // faulty frames in a row: with the pauses between, 2 s
constexpr int kSilentAfter = 5;
constexpr int64_t kHeartRateUs = 1'000'000;
constexpr int64_t kStandstillUs = 2'000'000;
constexpr int kConcept2 = 22;

std::vector<uint8_t> request(int step) {
  switch (step) {
    case 0:
      return ask_version();
    case 1:
      return ask_serial();
    case 2:
      return ask_machine_type();
    case 3:
      return ask_status();
    default:
      return ask_values();
  }
}

/// "" for a bike, or when the monitor does not say.
std::string machine_remark(int type) {
  if (type <= 8) return PATELLA_TEXT("This monitor sits on a rower: its cadence counts strokes a minute");
  if (type == 0x80) return PATELLA_TEXT("This monitor sits on a SkiErg: its cadence counts pulls a minute");
  if (type == 0xCF) return PATELLA_TEXT("This monitor runs as a simulator");
  return "";
}

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  tell(PATELLA_DEVICE_STARTING, "");
  send(t_us);
}

void Driver::send(int64_t t_us) {
  const auto report = encode_report(request(static_cast<int>(step_)));
  if (!host_.write(report)) host_.log(PATELLA_LOG_WARNING, "a request could not be queued");
  waiting_ = true;
  sent_us_ = t_us;
  next_send_us_ = t_us + kPollUs;
  plan();
}

void Driver::plan() { host_.set_deadline(not_mine_ ? sdk::kNever : waiting_ ? answer_due_us() : next_send_us_); }

void Driver::tick(int64_t t_us) {
  if (not_mine_) return;
  if (waiting_ && t_us >= answer_due_us()) return missed(t_us);
  if (!waiting_ && t_us >= next_send_us_) return send(t_us);
  plan();
}

int64_t Driver::answer_due_us() const {
  return sent_us_ + (step_ == Step::values && misses_in_row_ == 0 ? kFirstAnswerUs : kAnswerUs);
}

/// The answer came, but spoilt: no reason to wait for another one.
void Driver::take_faulty(int64_t t_us) {
  last_toggle_.reset();
  // The first, the tenth, the hundredth …: a bad cable must not flood the log.
  uint64_t mark = 1;
  for (++faulty_frames_; mark < faulty_frames_; mark *= 10) {
  }
  if (mark == faulty_frames_) host_.log(PATELLA_LOG_WARNING, "faulty frames so far: " + std::to_string(faulty_frames_));
  if (++faulty_in_row_ == kUnreadableAfter)
    tell(PATELLA_DEVICE_SILENT, PATELLA_TEXT("The monitor's answers cannot be read. Check its USB cable, or use another one"));
  if (!waiting_) return;
  waiting_ = false;
  // A question of the start-up whose answer cannot be read twice is left out.
  if (step_ != Step::values && std::exchange(resent_, true)) next_step();
  next_send_us_ = std::max(t_us, sent_us_ + (faulty_in_row_ < kUnreadableAfter ? kMinPauseUs : kPollUs));
  plan();
}

// A bad frame is never answered, so silence is the only sign of an error: once again the same, then on to the
// next.
void Driver::missed(int64_t t_us) {
  last_toggle_.reset();
  if (++misses_in_row_ >= kSilentAfter)
    tell(PATELLA_DEVICE_SILENT, PATELLA_TEXT("The monitor does not answer. Wake it with a key, then check its USB cable"));
  if (resent_)
    next_step();
  else
    resent_ = true;
  send(t_us);
}

void Driver::next_step() {
  resent_ = false;
  if (step_ != Step::values) step_ = static_cast<Step>(static_cast<int>(step_) + 1);
}

void Driver::received(std::span<const uint8_t> report, int64_t t_us) {
  if (not_mine_) return;
  const Frame frame = decode_report(report);
  const auto answer = frame.fault == FrameFault::none ? read_answer(frame.contents) : std::nullopt;
  if (!answer) return take_faulty(t_us);
  faulty_in_row_ = 0;
  // The monitor flips the bit with each answer: unchanged, it is an old report read once more.
  if (last_toggle_ && *last_toggle_ == answer->toggle) return;
  last_toggle_ = answer->toggle;
  if (!waiting_ || !answers_step(*answer)) return;
  waiting_ = false;
  misses_in_row_ = 0;
  if (step_ == Step::values)
    take_values(*answer, t_us);
  else
    take_start_up(*answer);
  next_step();
  next_send_us_ = std::max(next_send_us_, t_us);
  plan();
}

bool Driver::answers_step(const Answer& answer) const {
  switch (step_) {
    case Step::version:
      return answer.version.has_value();
    // Some firmware refuses these: then the answer is the status byte alone, and the sequence goes on
    // without.
    case Step::serial:
      return !answer.version && !answer.has_values();
    case Step::machine_type:
      return !answer.version && !answer.serial && !answer.has_values();
    case Step::status:
      return !answer.has_values();
    case Step::values:
      return answer.has_values();
  }
  return false;
}

void Driver::take_start_up(const Answer& answer) {
  if (answer.version && answer.version->manufacturer != kConcept2) {
    not_mine_ = true;
    return tell(PATELLA_DEVICE_NOT_MINE, PATELLA_TEXT("Another maker's monitor answered"));
  }
  if (answer.version)
    host_.log(PATELLA_LOG_INFO,
              "PM" + std::to_string(answer.version->model) + ", firmware " + std::to_string(answer.version->software));
  if (answer.serial) host_.log(PATELLA_LOG_INFO, "monitor serial number " + *answer.serial);
  if (answer.machine_type) notice_ = machine_remark(*answer.machine_type);
}

void Driver::take_values(const Answer& answer, int64_t t_us) {
  if (answer.state == static_cast<uint8_t>(MachineState::error))
    tell(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The monitor reports an error. Look at its screen"));
  else if (answer.power_in_other_unit)
    tell(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The monitor reports power in a unit other than watts, so power is not shown"));
  else if (!notice_.empty())
    tell(PATELLA_DEVICE_NOTICE, notice_);
  else
    tell(PATELLA_DEVICE_LIVE, "");

  const bool turning = is_turning(answer, t_us);
  if (answer.cadence_rpm) emit(kCadence, t_us, turning ? *answer.cadence_rpm : 0);
  if (answer.power_w) emit(kPower, t_us, turning ? *answer.power_w : 0);
  if (answer.distance_m) emit(kDistance, t_us, *answer.distance_m);
  if (answer.time_s) emit(kTime, t_us, *answer.time_s);
  if (answer.workout_state) emit(kState, t_us, *answer.workout_state);
  if (answer.heart_rate_bpm.value_or(0) > 0 && t_us - kHeartRateUs >= heart_rate_us_) {
    emit(kHeartRate, t_us, *answer.heart_rate_bpm);
    heart_rate_us_ = t_us;
  }
}

/// A frame may be whole and its value impossible all the same.
void Driver::emit(uint32_t channel, int64_t t_us, double value) {
  if (value >= kChannels[channel].min && value <= kChannels[channel].max) host_.emit(channel, t_us, value);
}

// The monitor repeats the last cadence and power for seconds after the pedals stopped. They count as zero
// when
//  - the monitor is idle, paused, finished or offline, or
//  - the workout has not begun or is over (workout state 0, 10, 11, 12), or
//  - the distance has stood still for more than 2 s.
bool Driver::is_turning(const Answer& answer, int64_t t_us) {
  if (answer.distance_m && *answer.distance_m != still_at_m_) {
    still_at_m_ = *answer.distance_m;
    moved_us_ = t_us;
  }
  switch (static_cast<MachineState>(answer.state)) {
    case MachineState::idle:
    case MachineState::pause:
    case MachineState::finish:
    case MachineState::offline:
      return false;
    default:
      break;
  }
  const int workout = answer.workout_state.value_or(1);
  if (workout == 0 || (workout >= 10 && workout <= 12)) return false;
  return !answer.distance_m || answer.distance_is_coarse || t_us - moved_us_ <= kStandstillUs;
}

void Driver::tell(patella_device_state state, const std::string& text) {
  if (told_state_ == state && told_text_ == text) return;
  told_state_ = state;
  told_text_ = text;
  host_.status(state, text);
}

}  // namespace patella::concept2_pm5
