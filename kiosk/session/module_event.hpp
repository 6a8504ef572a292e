// Between a module's C structs and the log's events: one place, so that a live session, a resume and a replay
// agree.
#pragma once

#include <patella/exercise.h>

#include <optional>
#include <string>

#include "session/log_event.hpp"

namespace patella::session {

/// "left", "right", "" for none.
std::string side_text(uint32_t side);
uint32_t side_from_text(const std::string& text);

/// The log's form of a module's event. Text that is not UTF-8-terminated in its field is cut there; unknown
/// kinds become "note". number is left 0.
LogEvent to_log(const patella_event& event, uint32_t ordinal, uint64_t after_seq);

/// "rep n=3 counted=yes side=left peak_n=61.2": kind and fields as the terminal and the mirror print them.
/// Texts with a blank or a quote are quoted.
std::string to_line(const LogEvent& event);

/// Same occurrence: kind, fields, time, ordinal and cause; not the number, which depends on what else was logged. A reason in an older
/// kiosk's words is the same as its id.
bool same_module_event(const LogEvent& a, const LogEvent& b);

}  // namespace patella::session
