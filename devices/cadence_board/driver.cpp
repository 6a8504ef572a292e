#include "driver.hpp"

namespace patella::cadence_board {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kListenUs = 3'500 * kMs;  // boot loader, and two heartbeats
constexpr int64_t kVersionUs = 1'500 * kMs;
constexpr int kVersionTries = 3;  // 3.5 s + 3 × 1.5 s = 8 s until the port is given back to who answers otherwise
// Somebody else's stream: ours has two heartbeats and at most four revolutions a second, and is known by
// them.
constexpr int kForeignLines = 20;
constexpr int kUnreadableUntilTold = 10;     // 5 s of heartbeats
constexpr int64_t kSilenceUs = 2'000 * kMs;  // four heartbeats
constexpr int64_t kCheckUs = 2'500 * kMs;
constexpr uint32_t kKnotUs = 500'000;

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING);
  host_.set_deadline(t_us + kListenUs);
}

void Driver::ask_version(Step step, int64_t t_us, int64_t wait_us) {
  step_ = step;
  ++tries_;
  if (!host_.write("version:")) host_.log(PATELLA_LOG_WARNING, "could not be sent: version:");
  host_.set_deadline(t_us + wait_us);
}

void Driver::give_back() {
  step_ = Step::given_back;
  status_.report(PATELLA_DEVICE_NOT_MINE, PATELLA_TEXT("The device on this port is not a cadence board"));
  host_.set_deadline(sdk::kNever);
}

void Driver::tick(int64_t t_us) {
  switch (step_) {
    case Step::asking:
      // Nobody there is not somebody else: the board may be plugged into its bridge later.
      if (!stranger_.has_answered()) {
        status_.report(PATELLA_DEVICE_SILENT,
                       PATELLA_TEXT("Nothing comes from this port. Check the cadence board's cable, or plug it in again"));
        step_ = Step::listening;
        tries_ = 0;
        // Single spikes in hours are no answer.
        stranger_.forget();
        foreign_lines_ = 0;
        return host_.set_deadline(t_us + driver_kit::kAskAgainUs);
      }
      [[fallthrough]];
    case Step::listening:
      if (tries_ >= kVersionTries) return give_back();
      return ask_version(Step::asking, t_us, kVersionUs);
    case Step::measuring:
      answered_ = false;
      return ask_version(Step::checking, t_us, kCheckUs);
    case Step::checking:
      status_.report(PATELLA_DEVICE_SILENT,
                     answered_ ? PATELLA_TEXT("The cadence board answers, but sends no heartbeat. Plug it in again")
                               : PATELLA_TEXT("The cadence board sends nothing. Check its USB cable, or plug it in again"));
      return ask_version(Step::checking, t_us, kCheckUs);
    case Step::given_back:
      return;
  }
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  const uint64_t overlong = lines_.overlong();
  if (step_ == Step::listening || step_ == Step::asking) stranger_.bytes(bytes.size());
  lines_.feed(bytes, [&](std::string_view line) {
    if (step_ != Step::given_back) take(read_line(line), t_us);
  });
  if (lines_.overlong() != overlong && step_ != Step::given_back) take_unknown(t_us);
}

void Driver::take(const Line& line, int64_t t_us) {
  switch (line.kind) {
    case Line::version:
      if (line.firmware != firmware_) host_.log(PATELLA_LOG_INFO, "cadence board, firmware " + line.firmware);
      firmware_ = line.firmware;
      answered_ = true;
      // Only a heartbeat tells that it measures.
      if (step_ == Step::measuring || step_ == Step::checking) return;
      step_ = Step::measuring;
      return host_.set_deadline(t_us + kSilenceUs);
    case Line::heartbeat:
      return take_time(line, t_us);
    case Line::revolution:
      // Numbers with a semicolon between them could be anybody's: only what is known already counts.
      if (step_ == Step::measuring || step_ == Step::checking) return take_time(line, t_us);
      return;
    case Line::unknown:
      return take_unknown(t_us);
  }
}

void Driver::take_unknown(int64_t t_us) {
  const bool known = step_ == Step::measuring || step_ == Step::checking;
  if (known) return take_unreadable(t_us);
  if (++foreign_lines_ >= kForeignLines) give_back();
}

/// Lines all the same: it is not silent, so it is not asked because of them.
void Driver::take_unreadable(int64_t t_us) {
  status_.note_garbage();
  host_.set_deadline(t_us + (step_ == Step::checking ? kCheckUs : kSilenceUs));
  if (++unreadable_ >= kUnreadableUntilTold)
    status_.report(PATELLA_DEVICE_NOTICE,
                   PATELLA_TEXT("The cadence board's lines cannot be read. Check its cable, or plug it in again"));
}

void Driver::take_time(const Line& line, int64_t t_us) {
  step_ = Step::measuring;
  unreadable_ = 0;
  host_.set_deadline(t_us + kSilenceUs);
  // A revolution that falls between a heartbeat's time and its line is printed after it.
  const bool overtaken = last_device_us_ - line.device_us < kKnotUs;
  if (!overtaken) last_device_us_ = line.device_us;
  const auto mapped = time_.map(last_device_us_, t_us);
  if (!mapped.usable) {
    // A spoilt digit, or the board restarted: three in a row and its clock is taken as it is.
    crank_.restart();
    return status_.note_garbage();
  }
  status_.report(PATELLA_DEVICE_LIVE);
  if (line.kind == Line::heartbeat) {
    if (const auto rpm = crank_.heartbeat(line.device_us)) host_.emit(0, mapped.t_us, *rpm);
    return;
  }
  const Crank::Seen seen = crank_.revolution(line.device_us, line.revolutions);
  if (seen.rpm) host_.emit(0, mapped.t_us, *seen.rpm);
}

}  // namespace patella::cadence_board
