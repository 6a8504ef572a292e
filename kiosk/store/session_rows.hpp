// Rows of sessions and events, to and from the tables. All run inside the caller's transaction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session/log_event.hpp"
#include "store/derived.hpp"
#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

/// One row of `session` with its channels.
struct SessionState {
  int64_t key = 0;  ///< 0 = not in the file yet
  SessionListRow row;
  int64_t end_us = 0;
  uint64_t last_seq = 0, last_event = 0;
  int64_t last_us = 0;  ///< newest session time of any record or event
  int sealed = 0;       ///< 0 live chunks, 1 packed into blocks, 2 ended but left as it is, since a chunk is damaged
  bool check_ok = true;
};

/// `where` is SQL after WHERE with at most one text parameter ?1.
Result<std::vector<SessionState>> read_sessions(Db& db, const std::string& where, const std::string& parameter = "");

/// Inserts the head (station revision, client, channels) and sets `key`.
Status insert_session(Db& db, SessionState& state);
/// Everything that changes while a session runs, and the check sum over the whole row.
Status update_session(Db& db, const SessionState& state);

Status insert_events(Db& db, int64_t session_key, const std::vector<session::LogEvent>& events);
/// In order of number. Rows whose check fails are left out and named in `notices`.
Result<std::vector<session::LogEvent>> read_events(Db& db, int64_t session_key, std::vector<std::string>& notices);

/// Which calibration each channel had and how its samples came, as the events say it. The columns of session_channel are
/// a copy for lists and people; what is loaded comes from the events.
void note_channels(std::vector<StoredChannel>& channels, const std::vector<session::LogEvent>& events);
/// The serial number of the sensor that a channel has now: its row keeps the last one, the log each.
void note_serials(std::vector<StoredChannel>& channels, const std::vector<session::LogEvent>& events);
Status update_channels(Db& db, int64_t session_key, const std::vector<session::LogEvent>& events);

/// The tables for people: rows from `first_rep` on, all sets.
Status write_derived(Db& db, int64_t session_key, const Derived& derived, std::size_t first_rep);

}  // namespace patella::store
