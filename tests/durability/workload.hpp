// A recorder's day in small: sessions with records, reps and ends, and the exact note of what was acknowledged when.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "support/store_samples.hpp"

namespace patella::test {

/// What a session was given, whole.
struct Script {
  std::string id;
  std::vector<Record> records;
  std::vector<session::LogEvent> events;
};

/// How far each session was acknowledged at one moment.
struct Acknowledged {
  std::size_t at = 0;  ///< position in the disk's log
  struct Session {
    std::size_t records = 0, events = 0;
    bool ended = false;
  };
  std::map<std::string, Session> sessions;
  std::size_t audit = 0, calibrations = 0;
};

inline store::DeviceCalibration calibration(std::size_t n) {
  return {"c" + std::to_string(n),
          "org.patella.chronojump_force",
          "A1",
          "",
          "force",
          "N",
          static_cast<int64_t>(n),
          60,
          "M. Berg",
          {{0, 1}, {98.0665, static_cast<double>(n)}},
          1.5,
          -0.5,
          0.25,
          88.2};
}

/// About `commits` commits: a handful of records each, an event with every third, a rep with every fourth of these.
Script make_script(const std::string& id, std::size_t commits, uint64_t seed);

/// "" when the store holds a beginning of the script with at least what was acknowledged; else what is wrong.
std::string check(store::Store& store, const Script& script, const Acknowledged::Session& acknowledged);

/// A count that the long runs raise: PATELLA_<name>.
inline int count_from_environment(const char* name, int standard) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : standard;
}

}  // namespace patella::test
