#include "driver.hpp"

#include <utility>

namespace patella::chronojump_force {
namespace {

constexpr int64_t kMs = 1000;
// The firmware reads a command until nothing came for its time-out of 1 s: no answer can come sooner.
constexpr int64_t kVersionUs = 1'600 * kMs;
constexpr int kVersionTries = 3;  // 3 s + 3 × 1.6 s = 7.8 s until the port is given back to who answers otherwise
constexpr int kForcelessUntilTold = 20;
constexpr int kUnreadableUntilTold = 20;
constexpr int64_t kStartUs = 3'000 * kMs;
constexpr int kStartTries = 3;
constexpr int64_t kEndUs = 3'000 * kMs;
constexpr int64_t kTareUs = 4'000 * kMs;  // 50 readings take 0.6 s
constexpr int64_t kSilenceUs = 1'000 * kMs;
constexpr int64_t kCheckUs = 2'500 * kMs;  // between tries while it is silent
constexpr std::string_view kSilent = PATELLA_TEXT("The force sensor sends nothing. Check its USB cable, or plug it in again");

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params)
    : host_(host), boot_us_(static_cast<int64_t>(params.real("boot", 3) * 1e6)) {}

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING, "");
  go(Step::booting, t_us + boot_us_);
}

void Driver::go(Step step, int64_t deadline_us) {
  if (step != step_) tries_ = 0;
  step_ = step;
  host_.set_deadline(deadline_us);
}

bool Driver::send(std::string_view text) {
  const bool queued = host_.write(text);
  if (!queued) host_.log(PATELLA_LOG_WARNING, "could not be sent: " + std::string(text));
  return queued;
}

void Driver::ask_version(int64_t t_us) {
  send("get_version:");
  go(Step::asking_version, t_us + kVersionUs);
  ++tries_;
}

void Driver::start_capture(int64_t t_us) {
  send("start_capture:");
  time_.restart();
  tare_.reset();
  go(Step::starting, t_us + kStartUs);
  ++tries_;
}

void Driver::tick(int64_t t_us) {
  switch (step_) {
    case Step::booting:
      if (streams_) {
        send("end_capture:");
        return go(Step::stopping_old, t_us + kVersionUs);
      }
      return ask_version(t_us);
    case Step::stopping_old:
      return ask_version(t_us);
    case Step::dozing:
      return ask_version(t_us);
    case Step::asking_version:
      // Nobody there is not somebody else: it may be switched on later.
      if (!stranger_.has_answered()) {
        status_.report(PATELLA_DEVICE_SILENT,
                       PATELLA_TEXT("Nothing answers at this port. Check the force sensor's USB cable, or plug it in again"));
        stranger_.forget();  // single spikes in hours are no answer
        return go(Step::dozing, t_us + driver_kit::kAskAgainUs);
      }
      if (tries_ < kVersionTries) return ask_version(t_us);
      status_.report(PATELLA_DEVICE_NOT_MINE, PATELLA_TEXT("The device that answered is not a Chronojump force sensor"));
      return go(Step::given_back, sdk::kNever);
    case Step::starting:
      if (tries_ >= kStartTries) status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      return start_capture(t_us);
    case Step::capturing:
      send("get_version:");
      go(Step::checking, t_us + kCheckUs);
      return;
    case Step::checking:
      status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      send("get_version:");
      return go(Step::checking, t_us + kCheckUs);
    case Step::tare_ending:
      answer_tare(false, PATELLA_TEXT("The force sensor did not stop measuring, so it was not tared. Try again"));
      return start_capture(t_us);
    case Step::taring:
      answer_tare(false, PATELLA_TEXT("The force sensor did not confirm the tare. Try again"));
      return start_capture(t_us);
    case Step::given_back:
      return;
  }
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (step_ == Step::given_back) return;
  if (step_ == Step::asking_version || step_ == Step::dozing) stranger_.bytes(bytes.size());
  const uint64_t overlong = lines_.overlong();
  lines_.feed(bytes, [&](std::string_view line) { take(read_line(line), t_us); });
  if (lines_.overlong() != overlong) take_unreadable(t_us);
}

void Driver::take(const Line& line, int64_t t_us) {
  switch (line.kind) {
    case Line::sample:
    case Line::no_force:
      return take_sample(line, t_us);
    case Line::trigger:
      return;
    case Line::version:
      if (step_ != Step::asking_version && step_ != Step::checking && step_ != Step::dozing) return;
      stranger_.forget();
      if (!known_) host_.log(PATELLA_LOG_INFO, "force sensor, firmware " + line.firmware);
      known_ = true;
      return start_capture(t_us);
    case Line::capturing:
      time_.restart();
      if (step_ == Step::starting) go(Step::capturing, t_us + kSilenceUs);
      return;
    case Line::capture_ended:
      if (step_ == Step::stopping_old) return ask_version(t_us);
      if (step_ != Step::tare_ending) return;
      send("tare:");
      return go(Step::taring, t_us + kTareUs);
    case Line::tared:
      if (step_ != Step::taring) return;
      answer_tare(true, PATELLA_TEXT("The force sensor is tared"));
      return start_capture(t_us);
    case Line::not_valid:
      return;
    case Line::unknown:
      return take_unreadable(t_us);
  }
}

/// Lines all the same: it is not silent, so nothing is sent because of them.
void Driver::take_unreadable(int64_t t_us) {
  switch (step_) {
    case Step::capturing:
      status_.note_garbage();
      host_.set_deadline(t_us + kSilenceUs);
      break;
    case Step::starting:
      host_.set_deadline(t_us + kStartUs);
      break;
    case Step::checking:
      host_.set_deadline(t_us + kCheckUs);
      break;
    default:  // boot text and half lines are usual until it is known
      return;
  }
  if (++unreadable_ >= kUnreadableUntilTold)
    status_.report(PATELLA_DEVICE_NOTICE,
                   PATELLA_TEXT("The force sensor's readings cannot be read. Check its cable, or plug it in again"));
}

void Driver::take_sample(const Line& line, int64_t t_us) {
  switch (step_) {
    case Step::booting:
      streams_ = true;
      return;
    case Step::stopping_old:
    case Step::asking_version:
    case Step::dozing:
    case Step::taring:
    case Step::given_back:
      return;
    case Step::starting:  // the line "Starting capture" was lost
    case Step::checking:
      go(Step::capturing, t_us + kSilenceUs);
      break;
    case Step::capturing:
      host_.set_deadline(t_us + kSilenceUs);
      break;
    case Step::tare_ending:
      break;
  }
  unreadable_ = 0;
  const auto& range = kChannels[0];
  const driver_kit::DeviceTime::Mapped mapped = time_.map(line.device_us, t_us);
  if (line.kind == Line::no_force || line.force_n < range.min || line.force_n > range.max) return take_no_force();
  if (!mapped.usable) return status_.note_garbage();
  forceless_ = 0;
  if (step_ == Step::capturing) status_.report(PATELLA_DEVICE_LIVE, "");
  tare_.take(t_us, line.force_n);
  host_.emit(0, mapped.t_us, line.force_n);
}

/// A sensor that measures, but whose samples are no force: it is neither silent nor another product.
void Driver::take_no_force() {
  status_.note_garbage();
  if (++forceless_ < kForcelessUntilTold) return;
  status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The force sensor is not calibrated: its readings are not forces. "
                                                     "Calibrate it with its maker's program"));
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  // Only between sets: the firmware stops measuring for 2 to 4 s.
  if (name != "tare" || step_ != Step::capturing) return false;
  if (const std::string why = tare_.refusal(t_us); !why.empty()) {
    host_.command_done("tare", false, why);
    return true;
  }
  if (!send("end_capture:")) return false;
  tare_open_ = true;
  status_.report(PATELLA_DEVICE_STARTING, PATELLA_TEXT("The force sensor is being tared. Leave it without load"));
  go(Step::tare_ending, t_us + kEndUs);
  return true;
}

void Driver::disconnected(uint32_t reason, int64_t) {
  answer_tare(false, PATELLA_TEXT("The force sensor went away before it was tared"));
  // So that a board that keeps its power does not fill the port for nobody.
  if (reason == PATELLA_DISCONNECT_CLOSED && known_) send("end_capture:");
}

void Driver::answer_tare(bool ok, const std::string& text) {
  if (!std::exchange(tare_open_, false)) return;
  host_.command_done("tare", ok, text);
}

}  // namespace patella::chronojump_force
