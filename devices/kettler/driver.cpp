#include "driver.hpp"

#include <algorithm>

namespace patella::kettler {
namespace {

constexpr int64_t kMs = 1000;
constexpr int64_t kListenUs = 1'500 * kMs;
// A late answer to somebody who asked before is shorter; what streams by itself or prints a boot text is no
// bike.
constexpr std::size_t kUnaskedBytes = 80;
constexpr int64_t kIdUs = 700 * kMs;
constexpr int kIdTries = 4;              // twice in capitals, twice in small letters
constexpr int64_t kPauseUs = 200 * kMs;  // between commands; the bike needs 150 ms
constexpr int64_t kPollUs = 500 * kMs;   // the shortest that the bike keeps up with
constexpr int64_t kAnswerUs = 1'000 * kMs;
constexpr int kMissedUntilEnter = 2;
constexpr int kRoundsUntilSilent = 2;  // and until a port is given back that never gave a status
constexpr int kUnreadableUntilTold = 3;

}  // namespace

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING);
  go(Step::listening, t_us + kListenUs);
}

void Driver::go(Step step, int64_t deadline_us) {
  step_ = step;
  host_.set_deadline(deadline_us);
}

void Driver::give_back(const char* why) {
  status_.report(PATELLA_DEVICE_NOT_MINE, why);
  go(Step::given_back, sdk::kNever);
}

void Driver::ask(std::string_view command) {
  std::string text(command);
  if (small_letters_)
    for (char& c : text) c = static_cast<char>(c + ('a' - 'A'));
  if (!host_.write(text + "\r\n")) host_.log(PATELLA_LOG_WARNING, "could not be sent: " + text);
}

void Driver::ask_id(int64_t t_us) {
  small_letters_ = tries_ >= kIdTries / 2;
  ++tries_;
  ask("ID");
  go(Step::asking_id, t_us + kIdUs);
}

/// PC mode: without it some bikes do not answer.
void Driver::enter(int64_t t_us) {
  ++tries_;
  missed_ = 0;
  ask("CM");
  go(Step::entering, t_us + kPauseUs);
}

void Driver::poll(int64_t t_us) {
  next_poll_us_ = t_us + kPollUs;
  ask("ST");
  go(Step::polling, t_us + kAnswerUs);
}

void Driver::tick(int64_t t_us) {
  switch (step_) {
    case Step::listening:
      return ask_id(t_us);
    case Step::dozing:
      tries_ = 0;
      return ask_id(t_us);
    case Step::asking_id:
      if (tries_ < kIdTries) return ask_id(t_us);
      if (!stranger_.has_answered()) return doze(t_us);
      return give_back(PATELLA_TEXT("This device is not a Kettler bike, or its line speed differs from the one set here"));
    case Step::entering:
    case Step::resting:
      return poll(t_us);
    case Step::polling:
      return missed(t_us);
    case Step::given_back:
      return;
  }
}

/// Nobody answered. That does not say that nobody is there: a bike may be switched on later.
void Driver::doze(int64_t t_us) {
  status_.report(PATELLA_DEVICE_SILENT,
                 PATELLA_TEXT("Nothing answers at this port. Is the bike switched on, and line_speed the one of its model?"));
  unasked_bytes_ = 0;
  stranger_.forget();
  go(Step::dozing, t_us + driver_kit::kAskAgainUs);
}

void Driver::missed(int64_t t_us) {
  if (++missed_ < kMissedUntilEnter) return poll(t_us);
  if (tries_ >= kRoundsUntilSilent && !known_)
    return stranger_.has_answered() ? give_back(PATELLA_TEXT("The device that answered is not a Kettler bike")) : doze(t_us);
  if (tries_ >= kRoundsUntilSilent)
    status_.report(PATELLA_DEVICE_SILENT,
                   PATELLA_TEXT("The bike does not answer. Is it switched on, and its USB cable plugged in?"));
  enter(t_us);
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (step_ == Step::given_back) return;
  const bool unasked = step_ == Step::listening || step_ == Step::dozing;
  if (unasked && (unasked_bytes_ += bytes.size()) > kUnaskedBytes)
    return give_back(PATELLA_TEXT("This device sends without being asked, so it is not a Kettler bike"));
  if (step_ == Step::asking_id) stranger_.bytes(bytes.size());
  lines_.feed(bytes, [&](std::string_view line) {
    if (step_ != Step::given_back) take(line, t_us);
  });
}

void Driver::take(std::string_view line, int64_t t_us) {
  if (const auto status = read_status(line)) return take_status(*status, t_us);
  if (step_ == Step::asking_id) {
    // Any readable answer tells which letters it wants; an error means the other ones.
    if (read_answer(line) == Answer::error) return stranger_.line();
    host_.log(PATELLA_LOG_INFO, "answers to ID: " + driver_kit::printable(line.substr(0, 40)));
    tries_ = 0;
    stranger_.forget();
    return enter(t_us);
  }
  if (step_ != Step::entering && step_ != Step::polling && step_ != Step::resting) return;
  // Not in PC mode, most likely: as no answer, so that PC mode is asked for again.
  if (known_ && read_answer(line) == Answer::error) return;
  const bool acknowledged = read_answer(line) == Answer::acknowledged;
  if (known_ && !acknowledged) return take_unreadable(t_us);
  if (looks_like_status(line)) return take_unreadable(t_us);
  if (!acknowledged) stranger_.line();
}

/// An answer, if not one that can be read: it is there, and it is asked again in its time.
void Driver::take_unreadable(int64_t t_us) {
  known_ = true;
  status_.note_garbage();
  if (++unreadable_ >= kUnreadableUntilTold)
    status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The bike answers, but its values cannot be read. Switch it off and on"));
  if (step_ != Step::polling) return;
  tries_ = missed_ = 0;
  go(Step::resting, std::max(next_poll_us_, t_us + kPauseUs));
}

void Driver::take_status(const Status& status, int64_t t_us) {
  if (step_ == Step::listening) return;  // asked for by somebody else
  if (step_ == Step::asking_id || step_ == Step::dozing) return;
  known_ = true;
  tries_ = missed_ = unreadable_ = 0;
  status_.report(PATELLA_DEVICE_LIVE);
  host_.emit(kCadence, t_us, status.cadence_rpm);
  host_.emit(kPower, t_us, status.power_w);
  if (status.heart_rate_bpm >= kChannels[kHeartRate].min) host_.emit(kHeartRate, t_us, status.heart_rate_bpm);
  host_.emit(kSpeed, t_us, status.speed_m_s);
  host_.emit(kDistance, t_us, status.distance_m);
  host_.emit(kTime, t_us, status.time_s);
  host_.emit(kTarget, t_us, status.target_w);
  host_.emit(kEnergy, t_us, status.energy_kj);
  if (step_ == Step::polling) go(Step::resting, std::max(next_poll_us_, t_us + kPauseUs));
}

}  // namespace patella::kettler
