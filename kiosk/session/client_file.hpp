// What a client who signs in brings along: the plan's items for today, resolved from the store or the configuration by whoever loads
// it, and what is known of earlier visits. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/message.hpp"
#include "params/value.hpp"
#include "session/snapshot.hpp"

namespace patella::session {

/// One item of the plan that is due today.
struct PlannedItem {
  std::string id;        ///< of the plan's item
  std::string exercise;  ///< id in the library
  std::string place;     ///< id of a place; "" = any that offers the exercise
  params::Values dose;   ///< over what the place has for the exercise; empty = as the place has it
  Messages dose_lines;   ///< the whole dose in words; empty = not known yet, or as the place has it
  int minutes = 0;       ///< that it takes, rounded up; 0 = not known
  Message name;          ///< for an exercise that no place offers; else the place's name of it is shown
};

/// One figure of an earlier visit.
struct PastFigure {
  std::string key;  ///< of the metric
  double value = 0;
};

struct ClientFile {
  ClientEntry entry;
  Message plan_title;  ///< empty = no plan
  int week = 0, weeks = 0;
  int visit_of_week = 0, visits_a_week = 0;
  bool waits_for_physio = false;  ///< the next phase begins when the physio says so
  bool set_by_physio = false;
  std::string set_by;
  std::vector<PlannedItem> items;  ///< in the plan's order
  std::array<VisitDay, 7> days = TodayView{}.days;
  Message next_visit;                                      ///< after this one: "Saturday"; empty = not known
  std::map<std::string, std::vector<PastFigure>> history;  ///< by exercise, oldest first
  std::string last_visit;                                  ///< id of the last one; "" = none
  int64_t last_visit_ago_us = -1;                          ///< from its end to the sign-in; −1 = none
  bool day_after_answered = false;                         ///< of the last one
  Message last_time;                                       ///< "Yesterday: knee extension, wall sit"
};

}  // namespace patella::session
