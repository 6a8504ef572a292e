// A notice: something staff should know, until somebody acknowledges it. Plain data with stable ids; words.hpp makes sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patella::notices {

enum class Kind {
  call_staff = 1,    ///< a client pressed "Call staff". screen
  pain_stop,         ///< pain stop was pressed. Once answered: pain, place
  pain_high,         ///< pain at or above the physio's number. when ("before", "after"), given ("7,3"), highest, from
  red_flag,          ///< questions answered with yes. For each its id with "yes", or with all answers in order: "yes,no"
  start_blocked,     ///< a client waits at the screen: the start needs staff. why ("pain", "questions", "pain,questions")
  exercise_stopped,  ///< a module was given up; samples are still recorded. text
  notify_failed      ///< the site's own program could not be run. program, text
};

/// "call_staff", …: in the log, in exports, for the site's program; for ever the same.
const char* id_of(Kind kind);
std::optional<Kind> kind_of(std::string_view id);

/// Keys and values in order, as the fields of an event.
using Detail = std::vector<std::pair<std::string, std::variant<double, std::string>>>;
/// A text of the detail; "" when it has none of this key.
std::string text_in(const Detail& detail, std::string_view key);
std::optional<double> number_in(const Detail& detail, std::string_view key);

struct Notice {
  std::string id;  ///< UUIDv7
  int64_t utc_us = 0;
  int32_t zone_offset_min = 0;
  Kind kind = Kind::call_staff;
  /// Of a visit between two sessions: `session` is "", and detail has "visit", the same for all that it raises.
  std::string station, session, client;  ///< ids; client: pseudonym or "guest"; each "" when it is of none
  Detail detail;
  int64_t acknowledged_utc_us = 0;  ///< 0: still open
  std::string acknowledged_by;      ///< id of a member of staff, or what was given at the command line

  bool open() const { return acknowledged_utc_us == 0; }
  bool operator==(const Notice&) const = default;
};

/// What a session has to say to staff, before it has a time and an id.
struct Raised {
  Kind kind = Kind::call_staff;
  Detail detail;
  /// It completes the newest one of its kind in this session, acknowledged or not.
  bool completes = false;
};

}  // namespace patella::notices
