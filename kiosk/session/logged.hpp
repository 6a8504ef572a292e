// What a session writes down, typed. A LogEvent is the form that it has in the log and in older logs: kinds and keys as texts. Only
// logged.cpp knows them; everybody else writes with to_log() and reads with as<>().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/channel_quality.hpp"
#include "session/log_event.hpp"
#include "session/snapshot.hpp"

namespace patella::session::logged {

// ---- the session's own

struct ScreenShown {
  Screen screen = Screen::home;
};

/// What the client or the session did to the exercise.
struct Action {
  uint32_t action = 0;  ///< enum patella_action
};

/// The kiosk was cut off here and has gone on with the session.
struct ResumedAfterCut {};

struct GapBegan {
  std::string channel;  ///< the module's key, here and below
  std::string text;     ///< what the driver's link says of it
};
struct GapEnded {
  std::string channel;
  double lasted_s = 0;
};
/// Samples that found no room: the kiosk came too late for them.
struct Overrun {
  std::string channel;
  uint64_t samples = 0;
};

/// A device came, went, or has something to say.
struct DeviceChanged {
  std::string channel, text;
};

/// Which device fills a channel, and what is applied to its values: value = slope × reading + offset.
struct Calibration {
  std::string channel;
  std::string id;          ///< "" = none
  std::string serial;      ///< "" = the device tells none
  std::string calibrated;  ///< when, in words
  double slope = 1, offset = 0;
};

/// How a channel's samples came, at the end of the exercise.
struct Quality {
  std::string channel;
  int64_t samples = 0;
  double rate_hz = 0, jitter_ms = 0;
  std::optional<int64_t> lost;  ///< nothing: it sends only on change, so nothing can be missing
};

/// A value of the whole session, newer than what was written before under its key.
struct Metric {
  std::string key, unit;
  double value = 0;  ///< NaN: the log does not say it
};

struct OutcomeDecided {
  std::string outcome;  ///< as in SessionEnd
};

/// Whether the client is there.
struct Presence {
  enum class State { asked, there, left } state = State::asked;
};

struct StaffCalled {};
struct StaffAcknowledged {};
/// A member of staff let the exercise start.
struct StartReleased {
  std::string by, why;
};

struct PainStopped {};
struct PainAnswered {
  enum class When { before, stop, after } when = When::before;
  int value = -1;     ///< 0…10
  std::string place;  ///< of a stop: where
};
struct QuestionAnswered {
  std::string question;  ///< id
  bool yes = false;
};
struct EffortAnswered {
  int value = -1;  ///< 0…10
};

/// The exercise module's child died.
struct ModuleDown {
  bool given_up = false;
  std::string text;
};
/// A restarted or resumed module said something else than the log has.
struct ReplayDiffered {
  std::string text;
};

// ---- the exercise module's (patella_event in patella/exercise.h); `set` counts from 1, 0 = not said

using Figures = std::vector<std::pair<std::string, double>>;  ///< in the module's order

struct SetStarted {
  int set = 0;
  std::string side;  ///< "left", "right", ""
};
struct SetEnded {
  int set = 0;
  std::string side;
  std::string reason;  ///< "" = it was done as planned
};
/// A repetition or a hold that is over.
struct Judged {
  int set = 0;
  int n = 0;  ///< of a repetition that counts: which one; else 0
  std::string side;
  bool counted = false;
  std::string reason;  ///< why it does not count, as it was written; reason_id() of it is "not_released", "too_weak", …
  Figures figures;
  double figure(const char* key, double missing = 0) const;
};
/// Kiosks before December 2026 wrote reasons in words: "not released", "left the target". Their ids; any other text as it is.
std::string reason_id(const std::string& written);
struct Rep : Judged {};
struct Hold : Judged {};
struct ModulePaused {
  std::string reason;
};
struct ModuleResumed {};
struct ExerciseDone {};
/// A reading that nobody pulled; it lies among the samples at the event's time.
struct WildSample {
  double value_n = 0;
};

// ---- the codec

LogEvent to_log(const ScreenShown& shown);
LogEvent to_log(const Action& action);
LogEvent to_log(const ResumedAfterCut&);
LogEvent to_log(const GapBegan& gap);
LogEvent to_log(const GapEnded& gap);
LogEvent to_log(const Overrun& overrun);
LogEvent to_log(const DeviceChanged& device);
LogEvent to_log(const Calibration& calibration);
LogEvent to_log(const Quality& quality);
LogEvent to_log(const Metric& metric);
LogEvent to_log(const OutcomeDecided& outcome);
LogEvent to_log(const Presence& presence);
LogEvent to_log(const StaffCalled&);
LogEvent to_log(const StaffAcknowledged&);
LogEvent to_log(const StartReleased& released);
LogEvent to_log(const PainStopped&);
LogEvent to_log(const PainAnswered& pain);
LogEvent to_log(const QuestionAnswered& answer);
LogEvent to_log(const EffortAnswered& effort);
LogEvent to_log(const ModuleDown& module);
LogEvent to_log(const ReplayDiffered& difference);

/// True when the event is one; then `out` is filled. What is missing or of another type in it is at its default.
bool read(const LogEvent& event, ScreenShown& out);  ///< false also for a screen that this version does not have
bool read(const LogEvent& event, Action& out);
bool read(const LogEvent& event, Calibration& out);
bool read(const LogEvent& event, Quality& out);
bool read(const LogEvent& event, Metric& out);
bool read(const LogEvent& event, OutcomeDecided& out);
bool read(const LogEvent& event, StaffCalled& out);
bool read(const LogEvent& event, StartReleased& out);
bool read(const LogEvent& event, PainStopped& out);
bool read(const LogEvent& event, PainAnswered& out);
bool read(const LogEvent& event, QuestionAnswered& out);
bool read(const LogEvent& event, SetStarted& out);
bool read(const LogEvent& event, SetEnded& out);
bool read(const LogEvent& event, Rep& out);
bool read(const LogEvent& event, Hold& out);
bool read(const LogEvent& event, ModulePaused& out);
bool read(const LogEvent& event, ModuleResumed& out);
bool read(const LogEvent& event, ExerciseDone& out);
bool read(const LogEvent& event, WildSample& out);

template <class T>
std::optional<T> as(const LogEvent& event) {
  T out;
  if (!read(event, out)) return std::nullopt;
  return out;
}

}  // namespace patella::session::logged
