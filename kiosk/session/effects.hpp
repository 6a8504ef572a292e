// What the session core asks of the world. It does nothing itself: the engine carries these out, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/record.hpp"
#include "notices/notice.hpp"
#include "session/log_event.hpp"
#include "session/session_end.hpp"

namespace patella::session {

/// Write the session's head: nothing of it is in the log before.
struct BeginSession {
  std::string client_ref;
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

/// A Record is appended to the log and fed to the module; a LogEvent is appended to the log; Raised is a notice to staff; once a
/// SessionEnd has been written, Session::end_stored() says so.
using Effect = std::variant<Record, LogEvent, notices::Raised, BeginSession, StartModule, StopModule, SessionEnd, Cue,
                            ResumeSession, CloseInterrupted>;

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
