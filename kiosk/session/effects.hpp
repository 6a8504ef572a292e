// What the session core asks of the world. It does nothing itself: the app carries these out, in order.
#pragma once

#include <string>
#include <vector>

#include "notices/notice.hpp"
#include "session/log_event.hpp"
#include "session/stream.hpp"

namespace patella::session {

struct Effect {
  enum class Kind {
    begin = 1,     ///< a session begins: write its head. Client in `text`
    record,        ///< append to the log and feed the module
    event,         ///< append to the log
    start_module,  ///< make the module's child
    stop_module,
    end,               ///< write the session's end; `event` carries outcome, pain and effort
    cue,               ///< speak or chime: `text`
    notice,            ///< something for staff: `raised`
    resume,            ///< load the session that was left open, its id in `text`, and go on with it
    close_interrupted  ///< end the session that was left open, its id in `text`, as interrupted
  } kind = Kind::event;
  Record record;
  LogEvent event;
  std::string text;
  notices::Raised raised = {};
};

}  // namespace patella::session
