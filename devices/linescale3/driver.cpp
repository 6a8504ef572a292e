#include "driver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patella::linescale3 {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kListenUs = 500 * kMs;  // five frames at 10 Hz
constexpr int64_t kAnswerUs = 1'000 * kMs;
constexpr int kStartTries = 5;   // 0.5 s + 5 × 1 s until the port is given back to who answers otherwise
constexpr int kSilentTries = 3;  // until it is told that nobody is there
constexpr int kUnreadableUntilTold = 10;
constexpr int64_t kSilenceUs = 1'000 * kMs;
constexpr int64_t kSettingUs = 700 * kMs;
constexpr int kSettingTries = 3;
constexpr int64_t kBatteryUs = 10'000 * kMs;
constexpr int kBatteryLowPercent = 10;
constexpr int64_t kTareEarliestUs = 200 * kMs;  // frames that were under way when it was asked for
constexpr int64_t kTareUs = 3'000 * kMs;
constexpr int64_t kTareShownUs = 300 * kMs;
constexpr int kTareFrames = 3;
constexpr int64_t kZeroChangedUs = 60'000 * kMs;
constexpr const char* kUnreadable = PATELLA_TEXT("The load cell's readings cannot be read. Switch it off and on");
constexpr double kSlowClock = 0.898;  // real rate by set rate, as long measurements by others found

/// What a tared cell shows at most, on average: half a step of the kilonewton display, which is 10 N. The
/// others are finer than the noise.
double zero_n(Frame::Unit unit) { return unit == Frame::kilonewton ? 5 : 2; }

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params) : host_(host) {
  const int rate = std::clamp(params.integer("rate", 1), 0, static_cast<int>(std::size(kRatesHz)) - 1);
  wanted_rate_hz_ = kRatesHz[rate];
  const int unit = params.integer("unit", 0);
  if (unit >= 1 && unit <= 3) wanted_unit_ = static_cast<Frame::Unit>(unit - 1);
}

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING, "");
  host_.set_deadline(t_us + kListenUs);
}

bool Driver::send(char letter) {
  const auto bytes = linescale3::command(letter);
  const bool queued = host_.write(bytes);
  if (!queued) host_.log(PATELLA_LOG_WARNING, std::string("could not be sent: ") + letter);
  return queued;
}

void Driver::start(int64_t t_us) {
  send(kStart);
  ++tries_;
  host_.set_deadline(t_us + kAnswerUs);
}

void Driver::tick(int64_t t_us) {
  switch (step_) {
    case Step::listening:
    case Step::dozing:
      step_ = Step::asking;
      tries_ = 0;
      return start(t_us);
    case Step::asking:
      // Nobody there is not somebody else: it may be switched on later.
      if (tries_ >= kSilentTries && !stranger_.has_answered())
        status_.report(PATELLA_DEVICE_SILENT,
                       PATELLA_TEXT("Nothing answers at this port. Is the load cell switched on, and the cable in its port "
                                    "\"slave\"?"));
      if (tries_ < kStartTries) return start(t_us);
      if (!stranger_.has_answered()) {
        step_ = Step::dozing;
        stranger_.forget();  // single spikes in hours are no answer
        return host_.set_deadline(t_us + driver_kit::kAskAgainUs);
      }
      step_ = Step::given_back;
      return status_.report(
          PATELLA_DEVICE_NOT_MINE,
          PATELLA_TEXT("The device that answered is not a LineScale 3, or its line speed differs from the one set here"));
    case Step::streaming:
      step_ = Step::silent;
      tries_ = good_frames_ = 0;
      unframed_bytes_ = 0;
      time_.reset();
      return start(t_us);
    case Step::silent:
      answer_tare(false, PATELLA_TEXT("The load cell stopped sending before it was tared. Try again"));
      if (tries_ >= 2)
        status_.report(PATELLA_DEVICE_SILENT,
                       PATELLA_TEXT("The load cell sends nothing. Is it switched on, and the cable in its port "
                                    "\"slave\"?"));
      unframed_bytes_ = 0;
      return start(t_us);
    case Step::given_back:
      return;
  }
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (step_ == Step::given_back) return;
  if (step_ == Step::asking || step_ == Step::dozing) stranger_.bytes(bytes.size());
  bool framed = false;
  frames_.feed(bytes, [&](const Frame& frame, uint64_t skipped) {
    framed = true;
    take(frame, skipped, t_us);
  });
  if (framed)
    unframed_bytes_ = 0;
  else
    take_unframed(bytes.size(), t_us);
}

/// As many bytes as a frame has, and none: it is not silent, so it is not started because of them.
void Driver::take_unframed(std::size_t bytes, int64_t t_us) {
  if (step_ != Step::streaming && step_ != Step::silent) return;
  unframed_bytes_ += bytes;
  if (unframed_bytes_ < kFrameBytes) return;
  host_.set_deadline(t_us + kSilenceUs);
  if (unframed_bytes_ < kUnreadableUntilTold * kFrameBytes) return;
  time_.reset();
  answer_tare(false, PATELLA_TEXT("The load cell's readings could not be read, so it was not tared. Try again"));
  status_.report(PATELLA_DEVICE_NOTICE, kUnreadable);
}

void Driver::take(const Frame& frame, uint64_t skipped, int64_t t_us) {
  if (skipped > 0 && good_frames_ > 0) status_.note_garbage();
  if (++good_frames_ < 2) return;
  if (step_ != Step::streaming) {
    step_ = Step::streaming;
    next_setting_us_ = t_us;
    setting_tries_ = 0;
  }
  host_.set_deadline(t_us + kSilenceUs);
  if (frame.set_rate_hz != timed_rate_hz_ || !time_) {
    timed_rate_hz_ = frame.set_rate_hz;
    time_.emplace(1e6 / (kSlowClock * timed_rate_hz_));
  }
  // What was spoilt under way took its time all the same.
  const auto step = static_cast<int64_t>(1 + std::min<uint64_t>(skipped, 100'000) / kFrameBytes);
  const int64_t measured_us = time_->next(step, t_us);
  watch_cell(frame, t_us);
  settle(frame, t_us);
  check_tare(frame, t_us);
  if (frame.mode == Frame::capacity) return tell_present(frame);
  const auto& range = kChannels[0];
  const bool impossible = frame.force_n < range.min || frame.force_n > range.max;
  unreadable_ = frame.mode == Frame::unreadable || impossible ? unreadable_ + 1 : 0;
  if (t_us >= zero_changed_until_us_) zero_changed_until_us_ = 0;
  tell_present(frame);
  take_battery(frame, t_us);
  if (frame.mode == Frame::overload) return;  // the pull is not known, only that it is more than can be measured
  if (unreadable_ > 0) return status_.note_garbage();
  tare_.take(t_us, frame.force_n);
  host_.emit(0, measured_us, frame.force_n);
}

void Driver::take_battery(const Frame& frame, int64_t t_us) {
  if (t_us < next_battery_us_) return;
  next_battery_us_ = t_us + kBatteryUs;
  if (frame.battery_percent) host_.emit(1, t_us, *frame.battery_percent);
}

/// Somebody pressed a key of the cell. Another unit changes no force, another zero does, and only who pressed
/// it knows whether that was meant.
void Driver::watch_cell(const Frame& frame, int64_t t_us) {
  if (frame.mode == Frame::unreadable || frame.mode == Frame::capacity) return;
  const auto last = std::exchange(last_, frame);
  if (!last) return;
  if (last->unit != frame.unit) host_.log(PATELLA_LOG_INFO, "the load cell shows another unit now; the forces stay newtons");
  const bool moved = frame.relative && last->unit == frame.unit && frame.reference_n != last->reference_n;
  if (tare_open_ || (frame.relative == last->relative && !moved)) return;
  tare_.reset();
  zero_changed_until_us_ = t_us + kZeroChangedUs;
  host_.log(
      PATELLA_LOG_WARNING,
      std::string("the zero was changed at the load cell: ") +
          (frame.relative ? "relative, its reference at " + std::to_string(std::lround(frame.reference_n)) + " N" : "absolute"));
}

bool Driver::agrees(const Frame& frame) const {
  return frame.set_rate_hz == wanted_rate_hz_ && (!wanted_unit_ || frame.unit == *wanted_unit_);
}

/// Starting sets 40 Hz, and staff may turn the knobs of the cell: asked for a few times, then left as it is.
void Driver::settle(const Frame& frame, int64_t t_us) {
  if (agrees(frame) || setting_tries_ >= kSettingTries || t_us < next_setting_us_) return;
  next_setting_us_ = t_us + kSettingUs;
  // One at a time: the next frames show whether it was taken.
  const bool rate = frame.set_rate_hz != wanted_rate_hz_;
  send(rate ? rate_letter(wanted_rate_hz_) : unit_letter(*wanted_unit_));
  if (++setting_tries_ == kSettingTries)
    host_.log(PATELLA_LOG_WARNING, "the load cell does not take its rate or unit; is its screen locked?");
}

void Driver::tell_present(const Frame& frame) {
  if (frame.mode == Frame::capacity)
    return status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The load cell shows its maximum capacity: leave that mode"));
  if (frame.mode == Frame::overload)
    return status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The load cell is pulled harder than it can measure"));
  if (unreadable_ >= kUnreadableUntilTold) return status_.report(PATELLA_DEVICE_NOTICE, kUnreadable);
  if (unreadable_ > 0) return;
  if (zero_changed_until_us_ != 0)
    return status_.report(PATELLA_DEVICE_NOTICE,
                          PATELLA_TEXT("The zero was changed at the load cell: take the load off and set the zero again"));
  if (frame.battery_percent && *frame.battery_percent <= kBatteryLowPercent)
    return status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The battery of the load cell is nearly empty"));
  status_.report(PATELLA_DEVICE_LIVE, "");
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "tare" || step_ != Step::streaming || tare_open_) return false;
  if (const std::string why = tare_.refusal(t_us); !why.empty()) {
    host_.command_done("tare", false, why);
    return true;
  }
  if (!send(kZero)) return false;
  tare_.reset();
  tare_open_ = true;
  tare_sent_us_ = t_us;
  shown_ = {};
  return true;
}

/// The cell does not answer a command: what it shows afterwards is the answer. The mean of a few frames,
/// because a single one may show 0 by its noise, and because a step of the display can be most of what was to
/// be tared.
void Driver::check_tare(const Frame& frame, int64_t t_us) {
  if (!tare_open_ || t_us < tare_sent_us_ + kTareEarliestUs) return;
  if (shown_.count == 0) shown_.since_us = t_us;
  // An overload counts, too: it is no zero.
  if (frame.mode != Frame::capacity && frame.mode != Frame::unreadable) shown_.sum_n += frame.force_n, ++shown_.count;
  if (shown_.count >= kTareFrames && t_us - shown_.since_us >= kTareShownUs) {
    const double mean_n = shown_.sum_n / shown_.count;
    shown_ = {};
    if (std::abs(mean_n) <= zero_n(frame.unit)) {
      zero_changed_until_us_ = 0;
      return answer_tare(true, PATELLA_TEXT("The load cell is tared"));
    }
  }
  if (t_us >= tare_sent_us_ + kTareUs)
    answer_tare(false, PATELLA_TEXT("The load cell did not take the zero. Unlock its screen, leave its menu, and try again"));
}

void Driver::answer_tare(bool ok, const std::string& text) {
  if (!std::exchange(tare_open_, false)) return;
  host_.command_done("tare", ok, text);
}

void Driver::disconnected(uint32_t reason, int64_t) {
  answer_tare(false, PATELLA_TEXT("The load cell went away before it was tared"));
  // Its battery lasts longer so.
  if (reason == PATELLA_DISCONNECT_CLOSED && step_ == Step::streaming) send(kStop);
}

}  // namespace patella::linescale3
