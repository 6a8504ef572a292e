// What the session core asks of the world. It does nothing itself: the engine carries these out, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/record.hpp"
#include "notices/notice.hpp"
#include "params/value.hpp"
#include "session/keypad_key.hpp"
#include "session/log_event.hpp"
#include "session/session_end.hpp"

namespace patella::session {

/// Write the session's head: nothing of it is in the log before.
struct BeginSession {
  std::string client_ref;
  params::Values dose = {};  ///< over the station's numbers; empty = the station's alone
};

/// Make the child process of the exercise module. The records that follow are fed to it.
struct StartModule {};
struct StopModule {};

/// Say or chime what the module says.
struct Cue {
  std::string text;
};

/// Load the session that was left open, and go on with it.
struct ResumeSession {
  std::string id;
};
/// End the session that was left open, as interrupted.
struct CloseInterrupted {
  std::string id;
};

// ---- of a visit, and of signing in; all of them of no lane

/// Whose code is it? Answered by KioskFlow::code_checked().
struct CheckCode {
  uint64_t request = 0;
  std::vector<KeypadKey> typed;  ///< digits; each wipes itself
};
/// Answered by KioskFlow::client_loaded().
struct LoadClient {
  uint64_t request = 0;
  std::string ref;
};
struct BeginVisit {
  uint64_t visit = 0;
  std::string client_ref;
};
struct EndVisit {
  uint64_t visit = 0;
};
/// How a planned exercise's dose reads. Answered by KioskFlow::dose_described().
struct DescribeDose {
  uint64_t visit = 0;
  std::string item;
  std::size_t station = 0;
  params::Values dose;
};
struct StoreDayAfter {
  std::string client_ref, last_visit;
  int value = -1;  ///< 0…10; −1: the client skipped the question
};
/// A notice to staff from between the exercises: it belongs to no session.
struct VisitNotice {
  uint64_t visit = 0;
  std::string client_ref;
  std::string station;  ///< where the client did something last; "" = nowhere yet
  notices::Raised raised;
};
/// What the client chose for the kiosk until they leave it.
struct ChangeLanguage {
  std::string language;
};
struct ChangeVolume {
  int level = 0;
};

/// A Record is appended to the log and fed to the module; a LogEvent is appended to the log; Raised is a notice to staff; once a
/// SessionEnd has been written, Session::end_stored() says so.
using Effect = std::variant<Record, LogEvent, notices::Raised, BeginSession, StartModule, StopModule, SessionEnd, Cue,
                            ResumeSession, CloseInterrupted, CheckCode, LoadClient, BeginVisit, EndVisit, DescribeDose,
                            StoreDayAfter, VisitNotice, ChangeLanguage, ChangeVolume>;

/// One open session of the kiosk, with client and station of its own. Counts from 1, never used again.
using LaneId = uint32_t;
inline constexpr LaneId kNoLane = 0;

/// `lane`: whose; kNoLane: of the kiosk itself, before any session is open.
struct LaneEffect {
  LaneId lane = kNoLane;
  std::size_t station = 0;  ///< the lane's, which may be closed by now
  Effect effect;
};

}  // namespace patella::session
