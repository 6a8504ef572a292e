// The store: one SQLite file, one process, one connection, used from one thread. Schema: docs/store.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/record.hpp"
#include "base/result.hpp"
#include "notices/notice.hpp"
#include "session/log_event.hpp"
#include "session/session_end.hpp"

namespace patella::store {

/// How a channel's samples came in a session: session/channel_quality.hpp says what the figures mean.
struct ChannelFigures {
  int64_t samples = 0;
  double rate_hz = 0, jitter_ms = 0;
  int64_t lost = -1;  ///< −1: cannot be told, the device sends only on change
  bool operator==(const ChannelFigures&) const = default;
};

/// A channel as the module numbers it, and the device that filled it.
struct StoredChannel {
  int index = 0;
  std::string key, unit;
  std::string driver, serial;  ///< "" when the exercise ran without it
  /// The last two are read from the session's events "calibration" and "quality"; begin_session() ignores them.
  std::string calibration = {};                          ///< id of the one in force; "" = none
  std::optional<ChannelFigures> figures = std::nullopt;  ///< none: the session did not come to an exercise
};

/// Everything fixed when a session begins. With the records it is all a replay needs.
struct SessionHead {
  std::string id;  ///< UUIDv7
  std::string station_id, station_title;
  std::string client_ref;  ///< "guest" or a pseudonym
  int64_t started_utc_us = 0;
  int32_t zone_offset_min = 0;
  int64_t started_mono_us = 0;
  std::string boot_id;
  std::string module_id, module_version, plugin;  ///< plugin: name of its folder
  std::string params_json;   ///< the exact patella_value list: [{"key":…,"row":…,"number":…|"text":…}, …]
  std::string station_json;  ///< the station as it was in force (a station revision; stored once for equal text)
  uint64_t seed = 0;
  uint32_t present = 0;  ///< bit c = channel c was bound
  std::vector<StoredChannel> channels;
};

struct SessionListRow {
  SessionHead head;
  std::string outcome;  ///< "" = still open or cut off
  double duration_s = 0;
  int pain_before = -1, pain_after = -1, effort = -1;
  int sets = 0, reps = 0, reps_not_counted = 0, holds = 0, gaps = 0;
  bool damaged = false;  ///< its check sum failed: what stands here may not be what was stored
};

struct SetRow {
  int set = 0;
  std::string side;  ///< "left", "right", ""
  double start_s = 0, end_s = 0;
  int reps = 0;
  std::string ended;  ///< "" = to its end, else the reason
};

struct RepRow {
  int set = 0, n = 0;
  std::string side;
  bool counted = false;
  std::string reason;
  double t_s = 0;
  std::vector<std::pair<std::string, double>> figures;  ///< peak_n, mean_n, hold_s, …
};

/// The ordered input of a session as it was, and what was told about it.
struct StoredSession {
  SessionListRow row;
  std::vector<Record> records;            ///< by seq
  std::vector<session::LogEvent> events;  ///< by number
  std::vector<SetRow> sets;
  std::vector<RepRow> reps;
  std::vector<std::string>
      notices;  ///< what could not be read (a failed check sum), one line each, for logs and exports; usually empty
};

/// A stretch of samples of one channel, in order. Spans are valid during the callback only.
struct SampleBlock {
  int channel = 0;
  std::span<const int64_t> t_us;
  int decimals = -1;  ///< ≥ 0: value = fixed / 10^decimals exactly; −1: `values`
  std::span<const int64_t> fixed;
  std::span<const double> values;
};

/// Who did what to whose data. Rows are chained by a hash; no row is ever changed or removed.
struct AuditEntry {
  int64_t utc_us = 0;
  std::string actor;    ///< staff id, "kiosk", "command line"
  std::string action;   ///< "export", "view", "edit", "delete", "sign_in"
  std::string subject;  ///< session id, client ref, file
  std::string detail;   ///< JSON or plain text: filters, row counts, SHA-256
};

struct SessionFilter {
  std::optional<std::string> id;
  std::optional<int64_t> from_utc_us, to_utc_us;  ///< started in [from, to)
};

/// A session's place in the order of lists.
struct SessionPlace {
  int64_t started_utc_us = 0;
  std::string id;
};

struct PageRequest {
  int most = 100;  ///< rows
  bool newest_first = true;
  std::optional<SessionPlace> after;  ///< the `next` of the page before; none: from the beginning
};

struct SessionPage {
  std::vector<SessionListRow> rows;
  std::optional<SessionPlace> next;  ///< none: this was the last page
};

/// How far the samples of a session were read.
struct SamplePlace {
  int64_t stream = -1, seq0 = -1;
};

struct CalibrationPoint {
  double known = 0, reading = 0;
  bool operator==(const CalibrationPoint&) const = default;
};

/// A sensor's calibration: value = slope · reading + offset. Never changed, never removed: a session names it by id.
struct DeviceCalibration {
  std::string id;              ///< UUIDv7
  std::string driver, serial;  ///< id of the driver; the device's serial number
  std::string port;            ///< where it was: base/port_name.hpp. Older rows have it only without a serial number
  std::string channel, unit;   ///< the driver's channel
  int64_t made_utc_us = 0;
  int32_t zone_offset_min = 0;
  std::string who;
  std::vector<CalibrationPoint> points;
  double slope = 1, offset = 0, residual = 0;
  double rate_hz = 0;  ///< measured meanwhile
  bool operator==(const DeviceCalibration&) const = default;
};

/// A band stretched to two known lengths.
struct BandCheck {
  std::string id, band;
  int64_t made_utc_us = 0;
  int32_t zone_offset_min = 0;
  std::string who;
  std::string driver, serial, calibration;  ///< the sensor, and the calibration in force ("" = none)
  double length1_m = 0, force1_n = 0, length2_m = 0, force2_n = 0;
  double stiffness_n_per_m = 0;
  bool operator==(const BandCheck&) const = default;
};

/// Somebody who may sign in to the staff area.
struct StaffMember {
  std::string id;  ///< UUIDv7
  std::string name;
  std::string role;                              ///< "physio" or "staff"
  std::string pin_hash;                          ///< pin/pin.hpp; "" = no PIN
  int64_t added_utc_us = 0, removed_utc_us = 0;  ///< removed 0 = still here
  int failures = 0;                              ///< wrong PINs in a row; read only: Store::set_pin_failures() changes it
  bool operator==(const StaffMember&) const = default;
};

struct NoticeFilter {
  bool open_only = false;
  int newest = 1000;  ///< at most so many
};

/// All functions: one thread only, which may block on the disk. An Error never loses what was acknowledged.
class Store {
 public:
  struct Opened;
  /// Opens or makes the file (folder must exist), migrates an older schema, checks it after an unclean stop. A damaged
  /// file is set aside as "<name>.damaged-<utc>" and a new one begun; `notice` then says so. On a disk that is full,
  /// read-only or failing the store opens without its file: it keeps everything in memory, each commit() tries again.
  /// Error: in use by another process, not ours, from a newer Patella, folder missing.
  static Result<Opened> open(const std::filesystem::path& path);
  virtual ~Store() = default;

  virtual Status begin_session(const SessionHead& head) = 0;
  /// Hands over records (ascending seq, no hole to the earlier ones) and events. Kept in memory until commit().
  virtual Status append(const std::string& session_id, std::span<const Record> records,
                        std::span<const session::LogEvent> events) = 0;
  /// One durable transaction with everything appended so far, of all sessions. When it returns ok, it is on the disk.
  /// On an error all of it is still held and the next commit() tries again on a fresh connection.
  virtual Status commit() = 0;
  /// Commits, derives the summary rows, re-packs the samples with zstd, all in one transaction.
  /// On an error the end may be held like what was appended: end_is_held() says so.
  virtual Status end_session(const std::string& session_id, const session::SessionEnd& end) = 0;
  /// After an error of end_session(): the next commit() that succeeds stores this end. False: it was refused.
  virtual bool end_is_held(const std::string&) const { return true; }

  virtual Result<std::vector<SessionListRow>> sessions(const SessionFilter& filter) = 0;
  /// The same list a page at a time, so that nobody waits for all of it: a page of 100 takes some ms however many sessions
  /// there are. A row that should be in the page and is not (the index is damaged) is named in take_notices().
  virtual Result<SessionPage> session_page(const SessionFilter& filter, const PageRequest& request);
  virtual Result<StoredSession> load(const std::string& session_id) = 0;
  /// Sessions without an outcome, newest first: what a resume can be offered for.
  virtual Result<std::vector<SessionListRow>> open_sessions() = 0;
  /// Calls back with the records in order, a chunk at a time; stops at the first error of the callback.
  /// A chunk whose check sum fails is an Error here; load() goes on and says so in `notices`.
  virtual Status each_record(const std::string& session_id, const std::function<Status(std::span<const Record>)>& take) = 0;

  /// As load(), without the records: for lists and exports.
  virtual Result<StoredSession> load_summary(const std::string& session_id);
  /// The samples a channel after the other (each in its order of seq), without bringing the channels into one order:
  /// for exports. `damage` gets a line for each stretch left out because its check sum failed; null = that is an error.
  virtual Status each_sample_block(const std::string& session_id, const std::function<Status(const SampleBlock&)>& take,
                                   std::vector<std::string>* damage);
  /// The same in slices of about `most` samples: goes on at `place` (at first {}) and moves it. False: that was the end.
  virtual Result<bool> sample_slice(const std::string& session_id, SamplePlace& place, int64_t most,
                                    const std::function<Status(const SampleBlock&)>& take, std::vector<std::string>* damage);
  /// Held until commit() like everything else.
  virtual Status audit(const AuditEntry& entry);
  /// Newest last, committed rows only. Error: the chain of hashes is broken, and at which row.
  virtual Result<std::vector<AuditEntry>> audit_rows();
  /// Held until commit(). Error: no id, an invalid number.
  virtual Status add_calibration(const DeviceCalibration& calibration);
  virtual Status add_band_check(const BandCheck& check);
  /// Committed rows, oldest first. One whose check sum fails is left out and named in take_notices().
  virtual Result<std::vector<DeviceCalibration>> calibrations();
  virtual Result<std::vector<BandCheck>> band_checks();
  /// Committed rows, those not removed, by name.
  virtual Result<std::vector<StaffMember>> staff();
  /// A new member, or the same id again, with a new PIN too: the count of wrong PINs stays as it is, that of a new member is 0.
  /// Held until commit(). Error: no id, no name, an unknown role.
  virtual Status put_staff(const StaffMember& member);
  /// StaffMember::failures of this member. Held until commit(): the last one counts; nothing for an id that is nobody's.
  /// Error: no id, a count below 0.
  virtual Status set_pin_failures(const std::string& member_id, int failures);
  /// A new notice to staff, or the same id again: its detail and its acknowledgement change. Held until commit(). Error: no id.
  virtual Status put_notice(const notices::Notice& notice);
  /// Committed rows, oldest first. One whose check sum fails is left out and named in take_notices().
  virtual Result<std::vector<notices::Notice>> notices_to_staff(const NoticeFilter& filter);
  /// What staff should know since the last call: a damaged file set aside while running, a session whose check failed.
  virtual Messages take_notices() { return {}; }
};

/// The calibrations in the file of another process or of none, oldest first, for a look from outside: nothing
/// is locked, written, migrated or set aside. Error: no such file, one in use or not left in order (its
/// newest rows are not in it yet), damaged, or of another version's schema.
Result<std::vector<DeviceCalibration>> look_at_calibrations(const std::filesystem::path& path);

struct Store::Opened {
  std::unique_ptr<Store> store;
  Messages notice;     ///< what staff should know; empty = nothing
  std::string engine;  ///< "SQLite 3.40.1", for the start line of the log
};

}  // namespace patella::store
