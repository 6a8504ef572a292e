#include "store/store.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "store/audit.hpp"
#include "store/device_rows.hpp"
#include "store/notice_rows.hpp"
#include "store/open_file.hpp"
#include "store/record_rows.hpp"
#include "store/session_pages.hpp"
#include "store/session_rows.hpp"
#include "store/staff_rows.hpp"
#include "store/take_over.hpp"
#include "store/vfs_file.hpp"

namespace patella::store {

namespace {
using session::LogEvent;

/// A session that is being written: its row as the file has it, and what the file does not have yet.
struct OpenSession {
  SessionState saved;  ///< acknowledged
  SessionState now;    ///< with everything handed over
  std::vector<Record> records;
  std::vector<LogEvent> events;
  Derived derived;  ///< of all events, also the acknowledged
  std::size_t saved_reps = 0;
  bool ended = false;

  bool pending() const { return saved.key == 0 || !records.empty() || !events.empty() || ended; }
};

Error no_session(const std::string& id) {
  return {"there is no session " + id, "session log", "Check the id in the list of sessions"};
}

Error no_file() {
  return in_words(Message("The session log cannot be read now: its disk is full, read-only or failing"), "",
                  Message("Free some space or check the disk; everything is kept in memory until then"));
}

class FileStore final : public Store {
 public:
  FileStore(std::filesystem::path path, OpenOptions options, std::unique_ptr<Db> db)
      : path_(std::move(path)), options_(std::move(options)), db_(std::move(db)) {
    if (db_) note_audit();
  }
  ~FileStore() override;

  Status begin_session(const SessionHead& head) override;
  Status append(const std::string& session_id, std::span<const Record> records, std::span<const LogEvent> events) override;
  Status commit() override;
  Status end_session(const std::string& session_id, const session::SessionEnd& end) override;
  bool end_is_held(const std::string& session_id) const override;
  Result<std::vector<SessionListRow>> sessions(const SessionFilter& filter) override;
  Result<SessionPage> session_page(const SessionFilter& filter, const PageRequest& request) override;
  Result<StoredSession> load(const std::string& session_id) override;
  Result<StoredSession> load_summary(const std::string& session_id) override;
  Result<std::vector<SessionListRow>> open_sessions() override;
  Status each_record(const std::string& session_id, const std::function<Status(std::span<const Record>)>& take) override;
  Status each_sample_block(const std::string& session_id, const std::function<Status(const SampleBlock&)>& take,
                           std::vector<std::string>* damage) override;
  Result<bool> sample_slice(const std::string& session_id, SamplePlace& place, int64_t most,
                            const std::function<Status(const SampleBlock&)>& take, std::vector<std::string>* damage) override;
  Status audit(const AuditEntry& entry) override;
  Result<std::vector<AuditEntry>> audit_rows() override;
  Status add_calibration(const DeviceCalibration& calibration) override;
  Status add_band_check(const BandCheck& check) override;
  Result<std::vector<DeviceCalibration>> calibrations() override;
  Result<std::vector<BandCheck>> band_checks() override;
  Result<std::vector<StaffMember>> staff() override;
  Status put_staff(const StaffMember& member) override;
  Status set_pin_failures(const std::string& member_id, int failures) override;
  Status put_notice(const notices::Notice& notice) override;
  Result<std::vector<notices::Notice>> notices_to_staff(const NoticeFilter& filter) override;
  Messages take_notices() override { return std::exchange(notices_, {}); }

 private:
  Result<OpenSession*> find_open(const std::string& id);
  Result<SessionState> stored(const std::string& id);
  Result<StoredSession> summary(SessionState state);
  Result<std::vector<SessionListRow>> list(const std::string& where, const std::string& parameter);
  std::vector<SessionListRow> rows_of(std::vector<SessionState>& states);
  bool pending() const;
  Status reopen();
  Status settle(OpenSession& session);
  Status settle_audit();
  void note_audit();
  Status pack_one();
  Status transaction(bool seal);
  Status write_all(bool seal);
  Status write(OpenSession& session, bool seal);
  void acknowledge();

  std::filesystem::path path_;
  OpenOptions options_;
  std::unique_ptr<Db> db_;
  std::map<std::string, OpenSession> open_;
  std::vector<AuditEntry> audit_;
  std::vector<DeviceCalibration> calibrations_;  ///< not acknowledged yet; written again they are the same rows
  std::vector<BandCheck> band_checks_;
  std::vector<StaffMember> staff_;                 ///< in the order handed over; the last of an id counts
  std::map<std::string, int> pin_failures_;        ///< by member
  std::vector<notices::Notice> notices_to_staff_;  ///< in the order handed over; the last of an id counts
  int64_t audit_saved_ = -1;  ///< rows in the file at the last acknowledgement; −1 = the file was never open
  Messages notices_;
};

FileStore::~FileStore() {
  if (!db_) return;
  // What nobody committed was never promised; the mark says only that the file was left in order.
  if (!(db_->saw_damage() ? mark_suspect(*db_) : mark_clean(*db_))) return;
  (void)db_->exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

Status FileStore::begin_session(const SessionHead& head) {
  if (head.id.empty()) return Error{"a session needs an id", "session log", ""};
  if (open_.count(head.id) != 0) return Error{"the session has already begun", head.id, ""};
  if (db_) {
    const Result<SessionState> before = stored(head.id);
    if (before) return Error{"the session is already in the log", head.id, ""};
  }
  OpenSession session;
  session.now.row.head = head;
  session.saved = session.now;
  open_.emplace(head.id, std::move(session));
  return {};
}

Result<SessionState> FileStore::stored(const std::string& id) {
  if (!db_) return no_file();
  Result<std::vector<SessionState>> states = read_sessions(*db_, "s.id=?1", id);
  if (!states) return states.error();
  if (states->empty()) return no_session(id);
  return std::move(states->front());
}

/// The session as it is being written; one from before a restart is taken up again from the file.
Result<OpenSession*> FileStore::find_open(const std::string& id) {
  if (const auto found = open_.find(id); found != open_.end()) {
    if (found->second.ended) return Error{"the session has ended", id, ""};
    return &found->second;
  }
  Result<SessionState> state = stored(id);
  if (!state) return state.error();
  if (!state->row.outcome.empty()) return Error{"the session has ended", id, ""};
  OpenSession session;
  session.saved = session.now = std::move(*state);
  std::vector<std::string> damage;
  const Result<std::vector<LogEvent>> events = read_events(*db_, session.saved.key, damage);
  if (!events) return events.error();
  if (!damage.empty()) notices_.push_back(Message("Events of session {0} are damaged and were left out", Name{id}));
  for (const LogEvent& event : *events) session.derived.take(event);
  session.saved_reps = session.derived.reps.size();
  return &open_.emplace(id, std::move(session)).first->second;
}

Status FileStore::append(const std::string& session_id, std::span<const Record> records, std::span<const LogEvent> events) {
  Result<OpenSession*> found = find_open(session_id);
  if (!found) return found.error();
  OpenSession& session = **found;
  uint64_t seq = session.now.last_seq, number = session.now.last_event;
  for (const Record& record : records)
    if (record.seq != ++seq)
      return Error{fmt::format("record {} does not follow {}", record.seq, seq - 1), session_id,
                   "Hand over each record once, in order"};
  for (const LogEvent& event : events) {
    if (event.number <= number)
      return Error{fmt::format("event {} does not follow {}", event.number, number), session_id,
                   "Hand over each event once, in order"};
    number = event.number;
  }

  SessionState& now = session.now;
  for (const Record& record : records) {
    now.last_us = std::max(now.last_us, record.t_us);
    if (record.kind == RecordKind::gap && record.code == 1) ++now.row.gaps;
  }
  for (const LogEvent& event : events) {
    now.last_us = std::max(now.last_us, event.t_us);
    session.derived.take(event);
  }
  now.last_seq = seq;
  now.last_event = number;
  now.row.sets = session.derived.set_count();
  now.row.reps = session.derived.reps_counted;
  now.row.reps_not_counted = session.derived.reps_not_counted;
  now.row.holds = session.derived.holds;
  session.records.insert(session.records.end(), records.begin(), records.end());
  session.events.insert(session.events.end(), events.begin(), events.end());
  return {};
}

Status FileStore::end_session(const std::string& session_id, const session::SessionEnd& end) {
  if (end.outcome.empty()) return Error{"a session needs an outcome to end", session_id, ""};
  Result<OpenSession*> found = find_open(session_id);
  if (!found) return found.error();
  OpenSession& session = **found;
  session.now.row.outcome = end.outcome;
  session.now.row.pain_before = end.pain_before;
  session.now.row.pain_after = end.pain_after;
  session.now.row.effort = end.effort;
  session.now.end_us = end.t_us;
  session.ended = true;
  return commit();
}

bool FileStore::end_is_held(const std::string& session_id) const {
  const auto found = open_.find(session_id);
  return found != open_.end() && found->second.ended;
}

Status FileStore::audit(const AuditEntry& entry) {
  audit_.push_back(entry);
  return {};
}

bool FileStore::pending() const {
  for (const auto& [id, session] : open_)
    if (session.pending()) return true;
  return !audit_.empty() || !calibrations_.empty() || !band_checks_.empty() || !staff_.empty() || !pin_failures_.empty() ||
         !notices_to_staff_.empty();
}

Status FileStore::commit() {
  if (!db_)
    if (Status done = reopen(); !done) return done;
  if (!pending()) return {};
  Status done = transaction(true);
  // Packing needs room of its own. On a full disk the session and its outcome come first, packing can wait.
  if (!done && db_->failure() == Failure::disk_full && !db_->in_transaction()) done = transaction(false);
  if (done) {
    acknowledge();
    return {};
  }
  // After a failed write or sync the kernel may have dropped what it held, and another sync would report success for it.
  // So the connection goes; the next commit begins with a fresh one.
  db_.reset();
  return done;
}

/// A fresh connection after an error. A transaction whose sync failed can still be seen in the log through the page cache
/// without being on the disk. The checkpoint writes all of it again, into the main file, and syncs that: only then is what
/// the file shows believed. The old log is shorter now, but not yet for sure on the disk: brought back by a power cut it
/// would put old pages over new ones. So a small commit, with its sync, begins the new log before anything is acknowledged.
Status FileStore::reopen() {
  Result<OpenedFile> file = open_file(path_, options_);
  if (!file) return file.error();
  notices_.insert(notices_.end(), file->notice.begin(), file->notice.end());
  if (!file->db) return *file->held_up;
  db_ = std::move(file->db);
  Status done = db_->exec("PRAGMA wal_checkpoint(TRUNCATE)");
  if (done) done = mark_opened(*db_);
  for (auto& [id, session] : open_)
    if (done) done = settle(session);
  if (done) done = settle_audit();
  if (!done) {
    db_.reset();
    return done;
  }
  std::erase_if(open_, [](const auto& entry) { return !entry.second.saved.row.outcome.empty(); });
  return {};
}

void FileStore::note_audit() {
  const Result<int64_t> rows = db_->integer("SELECT max(number) FROM audit");
  if (rows) audit_saved_ = *rows;
}

Status FileStore::settle_audit() {
  const Result<int64_t> rows = db_->integer("SELECT max(number) FROM audit");
  if (!rows) return rows.error();
  const int64_t landed = audit_saved_ < 0 ? 0 : std::max<int64_t>(0, *rows - audit_saved_);
  audit_.erase(audit_.begin(), audit_.begin() + std::min<int64_t>(landed, static_cast<int64_t>(audit_.size())));
  audit_saved_ = *rows;
  return {};
}

/// Compares a session with the file: a transaction whose end was not reported is there as a whole or not at all.
Status FileStore::settle(OpenSession& session) {
  Result<std::vector<SessionState>> states = read_sessions(*db_, "s.id=?1", session.now.row.head.id);
  if (!states) return states.error();
  if (states->empty()) {  // not written yet, or the file was set aside: what is still held goes into the new one
    session.saved.key = session.now.key = 0;
    session.saved_reps = 0;
    return {};
  }
  SessionState& in_file = states->front();
  std::erase_if(session.records, [&](const Record& record) { return record.seq <= in_file.last_seq; });
  std::erase_if(session.events, [&](const LogEvent& event) { return event.number <= in_file.last_event; });
  session.now.key = in_file.key;
  if (!in_file.row.outcome.empty()) session.ended = false;
  session.saved = std::move(in_file);
  return {};
}

Status FileStore::transaction(bool seal) {
  if (Status begun = db_->exec("BEGIN IMMEDIATE"); !begun) return begun;
  Status done = write_all(seal);
  if (done && db_->saw_damage()) done = mark_suspect(*db_);
  if (done) done = db_->exec("COMMIT");
  if (!done && db_->in_transaction()) {
    const Failure cause = db_->failure();
    if (!db_->exec("ROLLBACK")) return done;
    db_->set_failure(cause);
  }
  return done;
}

Status FileStore::write_all(bool seal) {
  for (auto& [id, session] : open_) {
    if (!session.pending()) continue;
    if (Status done = write(session, seal); !done) return done;
  }
  if (Status done = insert_calibrations(*db_, calibrations_); !done) return done;
  if (Status done = insert_band_checks(*db_, band_checks_); !done) return done;
  if (Status done = write_staff(*db_, staff_); !done) return done;
  if (Status done = write_pin_failures(*db_, pin_failures_); !done) return done;
  if (Status done = write_notices(*db_, notices_to_staff_); !done) return done;
  return insert_audit(*db_, audit_);
}

Status FileStore::write(OpenSession& session, bool seal) {
  SessionState& now = session.now;
  now.key = session.saved.key;
  now.sealed = 0;
  if (now.key == 0)
    if (Status done = insert_session(*db_, now); !done) return done;
  note_serials(now.row.head.channels, session.events);
  if (Status done = insert_records(*db_, now.key, session.records); !done) return done;
  if (Status done = insert_events(*db_, now.key, session.events); !done) return done;
  if (Status done = update_channels(*db_, now.key, session.events); !done) return done;
  if (!session.events.empty())
    if (Status done = write_derived(*db_, now.key, session.derived, session.saved_reps); !done) return done;
  if (session.ended && seal)
    if (Status done = seal_records(*db_, now.key, now.sealed); !done) return done;
  return update_session(*db_, now);
}

void FileStore::acknowledge() {
  bool ended = false;
  for (auto at = open_.begin(); at != open_.end();) {
    OpenSession& session = at->second;
    ended = ended || session.ended;
    if (!session.now.row.outcome.empty()) {
      at = open_.erase(at);
      continue;
    }
    session.saved = session.now;
    session.saved_reps = session.derived.reps.size();
    session.records.clear();
    session.events.clear();
    ++at;
  }
  if (!audit_.empty()) note_audit();
  audit_.clear();
  calibrations_.clear();
  band_checks_.clear();
  staff_.clear();
  pin_failures_.clear();
  notices_to_staff_.clear();
  if (!ended) return;
  // Between sessions nobody waits: an older session that could not be packed gets its turn, and the log is folded into
  // the file. A failure here costs nothing, everything is on the disk already; the next end of a session tries again.
  if (!pack_one() && db_->in_transaction()) (void)db_->exec("ROLLBACK");
  (void)db_->exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

Status FileStore::pack_one() {
  Result<std::vector<SessionState>> waiting = read_sessions(*db_, "s.outcome<>'' AND s.sealed=0 LIMIT 1");
  if (!waiting) return waiting.error();
  if (waiting->empty()) return {};
  SessionState& state = waiting->front();
  if (Status done = db_->exec("BEGIN IMMEDIATE"); !done) return done;
  if (!state.check_ok) {  // a damaged row must not get a fresh check sum
    if (Status done = db_->exec(fmt::format("UPDATE session SET sealed=2 WHERE key={}", state.key)); !done) return done;
    return db_->exec("COMMIT");
  }
  if (Status done = seal_records(*db_, state.key, state.sealed); !done) return done;
  if (Status done = update_session(*db_, state); !done) return done;
  return db_->exec("COMMIT");
}

std::vector<SessionListRow> FileStore::rows_of(std::vector<SessionState>& states) {
  std::vector<SessionListRow> rows;
  for (SessionState& state : states) {
    if (!state.check_ok) notices_.push_back(Message("The row of session {0} is damaged", Name{state.row.head.id}));
    state.row.damaged = !state.check_ok;
    rows.push_back(std::move(state.row));
  }
  return rows;
}

Result<std::vector<SessionListRow>> FileStore::list(const std::string& where, const std::string& parameter) {
  if (!db_) return no_file();
  Result<std::vector<SessionState>> states = read_sessions(*db_, where, parameter);
  if (!states) return states.error();
  return rows_of(*states);
}

Result<std::vector<SessionListRow>> FileStore::sessions(const SessionFilter& filter) {
  std::vector<SessionListRow> rows;
  PageRequest request{1000, false, std::nullopt};
  for (;;) {
    Result<SessionPage> page = session_page(filter, request);
    if (!page) return page.error();
    rows.insert(rows.end(), std::make_move_iterator(page->rows.begin()), std::make_move_iterator(page->rows.end()));
    if (!page->next) return rows;
    request.after = std::move(page->next);
  }
}

Result<SessionPage> FileStore::session_page(const SessionFilter& filter, const PageRequest& request) {
  if (!db_) return no_file();
  Result<std::vector<SessionState>> states = read_session_page(*db_, filter, request);
  if (!states) return states.error();
  if (Status done = find_missing(*db_, filter, request, *states, notices_); !done) return done.error();
  SessionPage page;
  if (!states->empty() && states->size() >= static_cast<std::size_t>(request.most))
    page.next = {states->back().row.head.started_utc_us, states->back().row.head.id};
  page.rows = rows_of(*states);
  return page;
}

Result<std::vector<SessionListRow>> FileStore::open_sessions() {
  return list("s.outcome='' ORDER BY s.started_utc_us DESC, s.id DESC", "");
}

Result<StoredSession> FileStore::summary(SessionState state) {
  StoredSession session;
  if (!state.check_ok) session.notices.push_back("the row of the session is damaged");
  Result<std::vector<LogEvent>> events = read_events(*db_, state.key, session.notices);
  if (!events) return events.error();
  if (events->size() != state.last_event)
    session.notices.push_back(fmt::format("{} of {} events can be read", events->size(), state.last_event));
  session.events = std::move(*events);
  Derived derived;
  for (const LogEvent& event : session.events) derived.take(event);
  session.sets = std::move(derived.sets);
  session.reps = std::move(derived.reps);
  session.row = std::move(state.row);
  note_channels(session.row.head.channels, session.events);
  return session;
}

Result<StoredSession> FileStore::load_summary(const std::string& session_id) {
  Result<SessionState> state = stored(session_id);
  if (!state) return state.error();
  return summary(std::move(*state));
}

Result<StoredSession> FileStore::load(const std::string& session_id) {
  const Result<SessionState> state = stored(session_id);
  if (!state) return state.error();
  Result<StoredSession> loaded = summary(*state);
  if (!loaded) return loaded;
  StoredSession& session = *loaded;
  const auto collect = [&](std::span<const Record> records) {
    session.records.insert(session.records.end(), records.begin(), records.end());
    return Status();
  };
  if (Status done = read_records(*db_, state->key, state->last_seq, collect, &session.notices); !done) return done.error();
  return loaded;
}

Status FileStore::each_record(const std::string& session_id, const std::function<Status(std::span<const Record>)>& take) {
  const Result<SessionState> state = stored(session_id);
  if (!state) return state.error();
  return read_records(*db_, state->key, state->last_seq, take, nullptr);
}

Status FileStore::each_sample_block(const std::string& session_id, const std::function<Status(const SampleBlock&)>& take,
                                    std::vector<std::string>* damage) {
  const Result<SessionState> state = stored(session_id);
  if (!state) return state.error();
  SamplePlace place;
  const Result<bool> more = read_sample_slice(*db_, state->key, place, std::numeric_limits<int64_t>::max(), take, damage);
  return more ? Status() : Status(more.error());
}

Result<bool> FileStore::sample_slice(const std::string& session_id, SamplePlace& place, int64_t most,
                                     const std::function<Status(const SampleBlock&)>& take, std::vector<std::string>* damage) {
  const Result<SessionState> state = stored(session_id);
  if (!state) return state.error();
  return read_sample_slice(*db_, state->key, place, most, take, damage);
}

Status FileStore::add_calibration(const DeviceCalibration& calibration) {
  if (Status fine = check_row(calibration); !fine) return fine;
  calibrations_.push_back(calibration);
  return {};
}

Status FileStore::add_band_check(const BandCheck& check) {
  if (Status fine = check_row(check); !fine) return fine;
  band_checks_.push_back(check);
  return {};
}

Result<std::vector<DeviceCalibration>> FileStore::calibrations() {
  if (!db_) return no_file();
  return read_calibrations(*db_, notices_);
}

Result<std::vector<BandCheck>> FileStore::band_checks() {
  if (!db_) return no_file();
  return read_band_checks(*db_, notices_);
}

Result<std::vector<StaffMember>> FileStore::staff() {
  if (!db_) return no_file();
  return read_staff(*db_, notices_);
}

Status FileStore::put_staff(const StaffMember& member) {
  if (Status fine = check_row(member); !fine) return fine;
  staff_.push_back(member);
  return {};
}

Status FileStore::set_pin_failures(const std::string& member_id, int failures) {
  if (member_id.empty()) return Error{"a count of wrong PINs needs the id of a member of staff", "", ""};
  if (failures < 0) return Error{"a count of wrong PINs cannot be below 0", member_id, ""};
  pin_failures_[member_id] = failures;
  return {};
}

Status FileStore::put_notice(const notices::Notice& notice) {
  if (Status fine = check_row(notice); !fine) return fine;
  notices_to_staff_.push_back(notice);
  return {};
}

Result<std::vector<notices::Notice>> FileStore::notices_to_staff(const NoticeFilter& filter) {
  if (!db_) return no_file();
  return read_notices(*db_, filter, notices_);
}

Result<std::vector<AuditEntry>> FileStore::audit_rows() {
  if (!db_) return no_file();
  return read_audit(*db_);
}

Error not_offered(const char* what) { return {std::string("this store does not offer ") + what, "", ""}; }
}  // namespace

Result<StoredSession> Store::load_summary(const std::string& session_id) { return load(session_id); }
Status Store::each_sample_block(const std::string&, const std::function<Status(const SampleBlock&)>&, std::vector<std::string>*) {
  return not_offered("sample blocks");
}
Result<SessionPage> Store::session_page(const SessionFilter&, const PageRequest&) { return not_offered("pages"); }
Result<bool> Store::sample_slice(const std::string&, SamplePlace&, int64_t, const std::function<Status(const SampleBlock&)>&,
                                 std::vector<std::string>*) {
  return not_offered("sample slices");
}
Status Store::add_calibration(const DeviceCalibration&) { return not_offered("calibrations"); }
Status Store::add_band_check(const BandCheck&) { return not_offered("checks of bands"); }
Result<std::vector<DeviceCalibration>> Store::calibrations() { return not_offered("calibrations"); }
Result<std::vector<BandCheck>> Store::band_checks() { return not_offered("checks of bands"); }
Result<std::vector<StaffMember>> Store::staff() { return not_offered("staff"); }
Status Store::put_staff(const StaffMember&) { return not_offered("staff"); }
Status Store::set_pin_failures(const std::string&, int) { return not_offered("PINs"); }
Status Store::put_notice(const notices::Notice&) { return not_offered("notices"); }
Result<std::vector<notices::Notice>> Store::notices_to_staff(const NoticeFilter&) { return not_offered("notices"); }
Status Store::audit(const AuditEntry&) { return not_offered("an audit"); }
Result<std::vector<AuditEntry>> Store::audit_rows() { return not_offered("an audit"); }

namespace {
/// A copy of the file with all that its damaged log still holds: what is newer there is taken over, then the copy goes.
Message take_rest(const std::filesystem::path& rest, const OpenOptions& options, Store& store) {
  auto said = Message("Nothing else in them can be read");
  if (Result<Store::Opened> copy = open_store(rest, options); copy && copy->notice.empty()) {
    const Result<TakenOver> taken = take_over(*copy->store, store);
    if (taken && taken->sessions + taken->rows > 0)
      said =
          Message("Recovered from these: {0} records and {1} events of sessions ({2}), other rows: {3}. Sessions with gaps: {4}",
                  taken->records, taken->events, taken->sessions, taken->rows, taken->incomplete);
  }
  for (const char* ending : {"-wal", ""}) vfs_delete(options.vfs, rest.string() + ending);
  return said;
}
}  // namespace

Result<Store::Opened> open_store(const std::filesystem::path& path, const OpenOptions& options) {
  if (sodium_init() < 0) return Error{"the system gives no random numbers", "libsodium", "Check /dev/urandom"};
  Result<OpenedFile> file = open_file(path, options);
  if (!file) return file.error();
  Store::Opened opened;
  opened.store = std::make_unique<FileStore>(path, options, std::move(file->db));
  opened.notice = std::move(file->notice);
  if (!file->rest.empty()) opened.notice.push_back(take_rest(file->rest, options, *opened.store));
  if (file->held_up)
    for (const Message& said : file->held_up->messages()) opened.notice.push_back(said);
  opened.engine = Db::engine();
  return opened;
}

Result<Store::Opened> Store::open(const std::filesystem::path& path) { return open_store(path, {}); }

}  // namespace patella::store
