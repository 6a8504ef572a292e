// What a touch can ask for: made by the UI, posted to the engine. Typed, by the part of the kiosk that acts on it; whoever does
// has a function for each of them, or does not compile.
#pragma once

#include <string>
#include <type_traits>
#include <variant>

#include "session/staff_screens.hpp"
#include "session/visit_views.hpp"

namespace patella::session {

namespace taps {

// ---- before a session: home, who is it, the offer to go on

struct OpenStation {
  std::string id;
  std::string exercise = {};  ///< of those that it offers; "" = the first
};
struct ChooseGuest {};
struct ChooseClient {
  std::string ref;
};
struct GoOn {};              ///< with the session that was cut off
struct CloseInterrupted {};  ///< that session
struct BackHome {};
using Front = std::variant<OpenStation, ChooseGuest, ChooseClient, GoOn, CloseInterrupted, BackHome>;

// ---- in a session

struct SetPain {
  int value = 0;  ///< 0…10: screening, pain_stop, after
};
struct Answer {
  std::string question;  ///< id
  bool yes = false;
};
struct SetPainPlace {
  std::string place;  ///< one of Snapshot::pain_places
};
struct SetEffort {
  int value = 0;  ///< 0…10
};
struct Next {};           ///< the main button of screening, pain_stop, after, summary
struct SkipQuestions {};  ///< screening, pain_stop, after: on, with nothing answered that was not; where nobody can be asked
struct MoreTime {};       ///< after: the questions wait longer for an answer
struct Back {};           ///< screening, start_gate, set_up
struct StaffStart {};     ///< on start_gate: staff are here and let it start
struct Start {};          ///< on set_up
struct Pause {};
struct Resume {};
struct SkipRest {};
struct AskEnd {};      ///< the button *End*
struct KeepGoing {};   ///< the other answer to the question whether to end
struct EndSession {};  ///< at once: the answer to that question, or a command
struct PainStop {};
struct CallStaff {};
using InSession = std::variant<SetPain, Answer, SetPainPlace, SetEffort, Next, SkipQuestions, MoreTime, Back, StaffStart, Start,
                               Pause, Resume, SkipRest, AskEnd, KeepGoing, EndSession, PainStop, CallStaff>;

// ---- anywhere: is somebody there?

struct Touch {};       ///< the glass was touched where nothing is
struct StillThere {};  ///< while asked
struct LeaveNow {};    ///< while asked: close at once
using Presence = std::variant<Touch, StillThere, LeaveNow>;

}  // namespace taps

using Tap = std::variant<taps::Front, taps::Visit, taps::InSession, taps::Presence, StaffTap>;

/// The tap of this type, whatever part it belongs to; null: it is another one.
template <class One, class... Parts>
const One* tap_if(const std::variant<Parts...>& tap) {
  return std::visit(
      []<class Part>(const Part& part) -> const One* {
        if constexpr (std::is_same_v<Part, One>)
          return &part;
        else if constexpr (requires { std::variant_size<Part>::value; })
          return tap_if<One>(part);
        else
          return nullptr;
      },
      tap);
}

/// Functions of several types as one, for std::visit.
template <class... Each>
struct Overloaded : Each... {
  using Each::operator()...;
};
template <class... Each>
Overloaded(Each...) -> Overloaded<Each...>;

}  // namespace patella::session
