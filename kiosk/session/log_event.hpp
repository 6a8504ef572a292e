// One occurrence of a session, in the form in which it is stored, printed and exported.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace patella::session {

enum class Origin : uint8_t {
  session = 1,  ///< the session's own: states, answers, pain, outcome, device and plugin troubles
  module = 2    ///< from the exercise module: a replay must give the same again
};

struct LogEvent {
  using Value = std::variant<double, std::string>;
  uint64_t number = 0;     ///< 1, 2, 3, … within a session, over both origins
  uint64_t after_seq = 0;  ///< the last input record that came before it; of a module's event, the one that caused it
  uint32_t ordinal = 0;    ///< module events: 0, 1, 2, … over the whole session, the identity a replay compares by
  int64_t t_us = 0;        ///< session time
  Origin origin = Origin::session;
  std::string kind;  ///< "state", "rep", "hold", "set_start", "gap", "pain", "answer", "metric", "note", …
  std::vector<std::pair<std::string, Value>> fields;  ///< in order: ("n",3) ("counted","yes") ("side","left") ("peak_n",61.2)

  bool operator==(const LogEvent&) const = default;
};

}  // namespace patella::session
