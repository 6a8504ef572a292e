// Sets, reps and counts, derived from the events and from nothing else: the tables are a copy for people.
#pragma once

#include <cstdint>
#include <vector>

#include "session/log_event.hpp"
#include "store/store.hpp"

namespace patella::store {

struct Derived {
  std::vector<SetRow> sets;
  std::vector<uint64_t> set_events;  ///< number of the event that began sets[i]
  std::vector<RepRow> reps;
  std::vector<uint64_t> rep_events;
  int holds = 0, reps_counted = 0, reps_not_counted = 0;

  /// Events in order of their number; unknown kinds change nothing.
  void take(const session::LogEvent& event);
  /// By their number: both sides of a set are one.
  int set_count() const;

 private:
  SetRow* open_set(int number, const std::string& side);
};

}  // namespace patella::store
