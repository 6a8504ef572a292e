#include "driver.hpp"

#include <algorithm>
#include <utility>

namespace patella::openscale {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kListenUs = 4'500 * kMs;  // boot loader, boot text, the first readings
constexpr int kForeignLines = 20;
constexpr int kWeightlessUntilTold = 3;
constexpr int kUnreadableUntilTold = 20;     // more lines than its boot text or its menu has
constexpr int64_t kBootedUs = 4'000 * kMs;   // then it waits for a trigger
constexpr int64_t kSilenceUs = 3'000 * kMs;  // a board that is set to one report in 2 s is still read
constexpr int64_t kPollUs = 100 * kMs;
constexpr int64_t kUnaskedUs = 1'200 * kMs;  // a board as delivered gives two readings in that time
constexpr int64_t kWakeUs = 2'000 * kMs;
constexpr int kWakesUntilSilent = 2;
constexpr int64_t kEscapeUs = 1'000 * kMs;
constexpr int64_t kMenuUs = 3'000 * kMs;
constexpr int64_t kTareUs = 10'000 * kMs;
constexpr std::string_view kSilent = PATELLA_TEXT("The scale sends nothing. Check its USB cable, or plug it in again");
constexpr char kTrigger = '!', kMenu = 'x', kTare = '1', kPrompt = '>';

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING);
  go(Step::listening, t_us + kListenUs);
}

void Driver::go(Step step, int64_t deadline_us) {
  step_ = step;
  host_.set_deadline(deadline_us);
}

bool Driver::send(char letter) {
  const bool queued = host_.write(std::string_view(&letter, 1));
  if (!queued) host_.log(PATELLA_LOG_WARNING, std::string("could not be sent: ") + letter);
  last_sent_ = letter;
  if (letter == kTrigger) triggered_ = true;
  return queued;
}

void Driver::tick(int64_t t_us) {
  switch (step_) {
    case Step::listening:
      if (readings_ == 0 && stranger_.has_answered()) return give_back();
      // Single spikes in hours are no answer.
      stranger_.forget();
      foreign_lines_ = 0;
      // Nothing is written to what may be anybody's. It goes on listening.
      status_.report(PATELLA_DEVICE_SILENT,
                     PATELLA_TEXT("Nothing comes from this port. Check the scale's cable, or plug it in again"));
      return go(Step::listening, t_us + driver_kit::kAskAgainUs);
    case Step::measuring:
      if (answers_trigger_ && wakes_ == 0) return trigger(t_us);
      if (weightless_ >= kWeightlessUntilTold) {
        status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
        // Waking it would gain nothing, so its menu stays closed. In trigger mode it would stay silent for good without one.
        if (answers_trigger_) return trigger(t_us);
        return host_.set_deadline(t_us + kSilenceUs);
      }
      wakes_ = 0;
      return wake(t_us);
    case Step::booted:
      wakes_ = 0;
      return wake(t_us);
    case Step::waking:
      return wake(t_us);
    case Step::opening_menu:
      return fail_tare(PATELLA_TEXT("The scale did not open its menu, so it was not tared. Try again"), t_us);
    case Step::taring:
      return fail_tare(PATELLA_TEXT("The scale did not confirm the tare. Try again"), t_us);
    case Step::leaving_menu:
      return fail_tare(PATELLA_TEXT("The scale did not go on measuring after the tare. Try again"), t_us);
    case Step::given_back:
      return;
  }
}

void Driver::give_back() {
  status_.report(PATELLA_DEVICE_NOT_MINE,
                 PATELLA_TEXT("This device is not an OpenScale, or its line speed differs from the one set here"));
  go(Step::given_back, sdk::kNever);
}

void Driver::trigger(int64_t t_us) {
  ++wakes_;
  sure_of_trigger_ = true;
  send(kTrigger);
  host_.set_deadline(t_us + kSilenceUs);
}

/// It waits for a trigger, or hangs in its menu: a trigger character is harmless in either; the menu's letter
/// leaves the menu, or opens it, and then its prompt comes and it is left again.
void Driver::wake(int64_t t_us) {
  if (wakes_ >= kWakesUntilSilent) status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
  send(wakes_++ % 2 == 0 ? kTrigger : kMenu);
  go(Step::waking, t_us + kWakeUs);
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (step_ == Step::given_back) return;
  const uint64_t overlong = lines_.overlong();
  if (step_ == Step::listening) stranger_.bytes(bytes.size());
  // The prompt has no line end.
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    lines_.feed(bytes.subspan(i, 1), [&](std::string_view line) { take(read_line(line), t_us); });
    if (bytes[i] == kPrompt) take_prompt(t_us);
  }
  if (lines_.overlong() != overlong) take_unreadable(t_us);
}

void Driver::take_prompt(int64_t t_us) {
  switch (step_) {
    case Step::opening_menu:
      send(kTare);
      return go(Step::taring, t_us + kTareUs);
    case Step::taring:
      send(kMenu);
      if (answers_trigger_) send(kTrigger);
      return go(Step::leaving_menu, t_us + kMenuUs);
    case Step::waking:
      unreadable_ = 0;  // the lines were its menu
      if (t_us < next_escape_us_) return;
      next_escape_us_ = t_us + kEscapeUs;
      send(kMenu);
      return host_.set_deadline(t_us + kWakeUs);
    default:
      return;
  }
}

void Driver::take(const Line& line, int64_t t_us) {
  switch (line.kind) {
    case Line::reading:
    case Line::no_weight:
      return take_reading(line, t_us);
    case Line::boot_text:
      time_.restart();
      stranger_.forget();
      if (step_ == Step::listening) return go(Step::booted, t_us + kBootedUs);
      if (step_ == Step::booted || step_ == Step::waking) return host_.set_deadline(t_us + kBootedUs);
      return;
    case Line::unknown:
      take_unreadable(t_us);
      if (step_ == Step::listening && readings_ == 0 && ++foreign_lines_ >= kForeignLines) give_back();
      return;
  }
}

/// Lines all the same: it is neither silent nor does it hang, so nothing is sent to it but the trigger it waits for.
void Driver::take_unreadable(int64_t t_us) {
  switch (step_) {
    case Step::measuring:
      status_.note_garbage();
      if (!answers_trigger_)
        host_.set_deadline(t_us + kSilenceUs);
      else if (std::exchange(wakes_, 0) > 0)  // once for each trigger: many lines must not hold the next one up
        host_.set_deadline(t_us + kPollUs);
      break;
    case Step::booted:
      host_.set_deadline(t_us + kBootedUs);
      break;
    case Step::waking:
      host_.set_deadline(t_us + kWakeUs);
      break;
    default:
      return;
  }
  if (++unreadable_ >= kUnreadableUntilTold)
    status_.report(PATELLA_DEVICE_NOTICE,
                   PATELLA_TEXT("The scale's readings cannot be read. Check its cable, or plug it in again"));
}

/// Readings all the same: the board is there and measures, so nothing is sent to it.
void Driver::take_no_weight() {
  status_.note_garbage();
  if (++weightless_ < kWeightlessUntilTold) return;
  status_.report(PATELLA_DEVICE_NOTICE,
                 PATELLA_TEXT("The scale is not calibrated: its readings are not weights. Calibrate it in its own menu, with "
                              "a known weight"));
}

void Driver::take_reading(const Line& line, int64_t t_us) {
  ++readings_;
  switch (step_) {
    case Step::listening:
      if (readings_ < 2) return;  // one could be chance
      break;
    case Step::waking:
      // It hung in its menu when something had to be sent after the trigger.
      answers_trigger_ = last_sent_ == kTrigger;
      sure_of_trigger_ = false;
      break;
    case Step::leaving_menu:
      if (line.kind == Line::reading)
        answer_tare(true, PATELLA_TEXT("The scale is tared"));
      else
        answer_tare(false, PATELLA_TEXT("The scale is not calibrated, so it was not tared"));
      break;
    case Step::opening_menu:
    case Step::taring:
    case Step::given_back:
      return;
    case Step::measuring:
      if (!triggered_) answers_trigger_ = false;  // readings come by themselves
      break;
    case Step::booted:
      break;
  }
  wakes_ = unreadable_ = 0;
  triggered_ = false;
  // The first trigger waits until readings that come by themselves would have come.
  go(Step::measuring, t_us + (!answers_trigger_ ? kSilenceUs : sure_of_trigger_ ? kPollUs : kUnaskedUs));
  const auto& range = kChannels[0];
  if (line.kind == Line::no_weight || line.force_n < range.min || line.force_n > range.max) return take_no_weight();
  int64_t measured_us = t_us;
  if (line.device_ms) {
    // Milliseconds roll over where these microseconds do, too: 2³² ms is a multiple of 2³² µs.
    const auto mapped = time_.map(*line.device_ms * 1000u, t_us);
    if (!mapped.usable) return status_.note_garbage();
    measured_us = mapped.t_us;
  }
  weightless_ = 0;
  status_.report(PATELLA_DEVICE_LIVE);
  tare_.take(t_us, line.force_n);
  // Milliseconds that come and go with the board's settings must not turn the order round.
  last_sample_us_ = std::max(last_sample_us_, measured_us);
  host_.emit(0, last_sample_us_, line.force_n);
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  // Only between sets: the board stops measuring for a few seconds.
  if (name != "tare" || step_ != Step::measuring) return false;
  if (const std::string why = tare_.refusal(t_us); !why.empty()) {
    host_.command_done("tare", false, why);
    return true;
  }
  if (!send(kMenu)) return false;
  tare_.reset();
  tare_open_ = true;
  status_.report(PATELLA_DEVICE_STARTING, PATELLA_TEXT("The scale is being tared. Leave it without load"));
  go(Step::opening_menu, t_us + kMenuUs);
  return true;
}

void Driver::fail_tare(const std::string& text, int64_t t_us) {
  answer_tare(false, text);
  wakes_ = 0;
  wake(t_us);
}

void Driver::disconnected(uint32_t reason, int64_t) {
  // A board left in its menu would be silent for the next one who opens it.
  const bool in_menu = step_ == Step::taring || step_ == Step::opening_menu;
  if (reason == PATELLA_DISCONNECT_CLOSED && in_menu) send(kMenu);
  answer_tare(false, PATELLA_TEXT("The scale went away before it was tared"));
}

void Driver::answer_tare(bool ok, const std::string& text) {
  if (!std::exchange(tare_open_, false)) return;
  host_.command_done("tare", ok, text);
}

}  // namespace patella::openscale
