// What a client's screens outside of an exercise show: signing in, the question of the day after, today's plan, the library, the summary
// of the visit; and what can be touched on them. Plain values, made by the session thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/figure.hpp"
#include "base/message.hpp"
#include "session/keypad_key.hpp"

namespace patella::session {

// ---- signing in: Screen::sign_in

enum class SignInMeans { code = 1, name };

/// The names are Snapshot::clients, which is null where the site shows none.
struct ClientSignInView {
  SignInMeans means = SignInMeans::code;
  bool can_code = true, can_name = false, can_card = false;  ///< what the site allows and has
  int code_length = 6;                                       ///< the longest; at this length the code is tried by itself
  int typed = 0;                                             ///< how many digits
  enum class State { typing = 1, checking, wrong, slowed } state = State::typing;
  int64_t slowed_until_us = 0;  ///< monotonic; of `slowed`: until then the keys are off
  bool can_accept = false;
  Messages trouble = {};  ///< it could not be looked up: what the client reads; empty = nothing
};

// ---- the question of the day after: Screen::day_after

struct DayAfterView {
  int answer = -1;    ///< 0…10; −1 = none yet
  Message last_time;  ///< "Yesterday: knee extension, wall sit"
};

// ---- today: Screen::today

struct TodayItem {
  std::string id;  ///< of the plan's item
  std::string exercise;
  Message name;
  Messages dose;  ///< "3 sets of 10 each side", …: one line each
  std::shared_ptr<const Figure> figure;
  int minutes = 0;  ///< that it takes, rounded up; 0 = not known
  enum class State {
    open = 1,
    done,
    not_done,     ///< begun and stopped: `why` says it
    not_possible  ///< now: `why` says it
  } state = State::open;
  Message why;
  Message station_title;   ///< where it is done
  bool elsewhere = false;  ///< the client has to walk there from where the last one was
};

enum class VisitDay { none = 1, planned, done, today };

struct TodayView {
  Message title;  ///< of the plan; empty = there is none
  int week = 0, weeks = 0;
  int visit_of_week = 0, visits_a_week = 0;
  std::vector<TodayItem> items;
  int next = -1;  ///< index; −1: all done, or nothing possible
  std::array<VisitDay, 7> days{VisitDay::none, VisitDay::none, VisitDay::none, VisitDay::none,
                               VisitDay::none, VisitDay::none, VisitDay::none};  ///< Monday first
  int minutes_left = 0;
  bool waits_for_physio = false;  ///< the next phase begins when the physio says so
  bool set_by_physio = false;
  std::string set_by;
};

// ---- the library: Screen::library

struct LibraryCard {
  std::string exercise;
  Message name;
  Messages dose;
  std::shared_ptr<const Figure> figure;
  bool in_plan = false;
  bool can_start = true;
  bool needs_go_ahead = false;  ///< and has none: cannot be started
  Message why_not;              ///< when it cannot
  Message station_title;
};

struct LibraryTab {
  std::string id;  ///< "warm_up", …
  Message name;
  int exercises = 0;
};

struct LibraryView {
  std::vector<LibraryTab> tabs;
  std::string group;  ///< the tab that is open
  std::vector<LibraryCard> cards;
  std::string explained;  ///< exercise that was touched and cannot be started: its `why_not` is said large
  bool guest = false;
};

// ---- the summary of the visit: Screen::visit_summary

struct VisitExercise {
  Message name;
  std::shared_ptr<const Figure> figure;
  bool done = false;
  Message what;  ///< "3 × 10, 9 min"; of one not done: why
};

/// One exercise of this visit beside the last visits' with the same measure.
struct VisitComparison {
  Message exercise, measure;
  std::string unit;
  int decimals = 0;
  std::vector<double> values;  ///< oldest first, at most four; the last one is today's
  std::vector<Message> when;   ///< the day of each value but the last: "23"; empty = not said
};

struct VisitSummaryView {
  std::vector<VisitExercise> exercises;
  std::vector<VisitComparison> comparisons;
  int pain_before = -1, pain_after = -1, effort = -1;
  bool stopped_for_pain = false;
  std::string pain_place;
  Messages told_staff;         ///< what they were told
  Message next_visit;          ///< "Saturday"; empty = not known
  std::string qr_text;         ///< plain text of the summary, at most 300 bytes; empty = no code
  bool stored = false;         ///< everything of the visit is on the disk
  int64_t sign_out_at_us = 0;  ///< monotonic; 0 = not counting
};

// ---- what can be touched

namespace taps {

struct SignIn {};       ///< home: the large button
struct GoOnAsGuest {};  ///< home: without a name, to the library
struct ShowMeans {
  SignInMeans means = SignInMeans::code;
};
struct TypeCode {
  KeypadKey key;
};
struct TryCode {};
struct SetDayAfter {
  int value = 0;  ///< 0…10
};
struct SkipDayAfter {};
struct MakeNext {
  std::string item;  ///< TodayItem::id
};
struct StartNext {};      ///< today: the next one
struct SomethingElse {};  ///< today: to the library
struct OpenGroup {
  std::string group;
};
struct TouchCard {
  std::string exercise;  ///< starts it, or explains why it cannot be
};
struct BackToToday {};
struct StopForToday {};
struct SignOut {};
struct SetLanguage {
  std::string language;  ///< "de"
};
struct SetVolume {
  int level = 0;  ///< 0…7
};
using Visit = std::variant<SignIn, GoOnAsGuest, ShowMeans, TypeCode, TryCode, SetDayAfter, SkipDayAfter, MakeNext, StartNext,
                           SomethingElse, OpenGroup, TouchCard, BackToToday, StopForToday, SignOut, SetLanguage, SetVolume>;

}  // namespace taps

}  // namespace patella::session
