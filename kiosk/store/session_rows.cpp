#include "store/session_rows.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "session/logged.hpp"
#include "store/crc32c.hpp"
#include "store/event_text.hpp"

namespace patella::store {

namespace logged = session::logged;

namespace {
// Parts of a check sum are joined with their length, so that no two rows make the same text.
void add(std::string& text, const std::string& part) { text += fmt::format("{}:{};", part.size(), part); }
void add(std::string& text, int64_t part) { text += fmt::format("{};", part); }

int64_t signed_bits(uint64_t value) { return std::bit_cast<int64_t>(value); }
uint64_t unsigned_bits(int64_t value) { return std::bit_cast<uint64_t>(value); }

uint32_t session_check(const SessionState& state) {
  const SessionHead& head = state.row.head;
  std::string text;
  for (const std::string* part :
       {&head.id, &head.station_id, &head.station_title, &head.client_ref, &head.boot_id, &head.module_id, &head.module_version,
        &head.plugin, &head.params_json, &head.station_json, &state.row.outcome})
    add(text, *part);
  for (const int64_t part : {head.started_utc_us, int64_t{head.zone_offset_min}, head.started_mono_us, signed_bits(head.seed),
                             int64_t{head.present}, state.end_us, int64_t{state.row.pain_before}, int64_t{state.row.pain_after},
                             int64_t{state.row.effort}, signed_bits(state.last_seq), signed_bits(state.last_event), state.last_us,
                             int64_t{state.row.sets}, int64_t{state.row.reps}, int64_t{state.row.reps_not_counted},
                             int64_t{state.row.holds}, int64_t{state.row.gaps}, int64_t{state.sealed}})
    add(text, part);
  for (const StoredChannel& channel : head.channels) {
    add(text, channel.index);
    for (const std::string* part : {&channel.key, &channel.unit, &channel.driver, &channel.serial}) add(text, *part);
  }
  return crc32c(text);
}

uint32_t event_check(int64_t session_key, const session::LogEvent& event, const std::string& fields) {
  std::string text;
  for (const int64_t part : {session_key, signed_bits(event.number), signed_bits(event.after_seq), int64_t{event.ordinal},
                             event.t_us, static_cast<int64_t>(event.origin)})
    add(text, part);
  add(text, event.kind);
  add(text, fields);
  return crc32c(text);
}

std::string revision_hash(const SessionHead& head) {
  std::string text;
  add(text, head.station_json);
  add(text, head.params_json);
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  std::string hex;
  for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
  return hex;
}

Result<int64_t> revision_key(Db& db, const SessionHead& head) {
  const std::string hash = revision_hash(head);
  // A damaged row is mended: what has this hash is known.
  Result<Statement> add_row = db.prepare(
      "INSERT INTO station_revision(hash,station_id,station_json,params_json,first_used_utc_us,crc32c) "
      "VALUES(?1,?2,?3,?4,?5,row_crc(?1,?2,?3,?4,?5)) ON CONFLICT(hash) DO UPDATE SET "
      "station_id=?2, station_json=?3, params_json=?4, first_used_utc_us=?5, crc32c=row_crc(?1,?2,?3,?4,?5) "
      "WHERE crc32c<>row_crc(hash,station_id,station_json,params_json,first_used_utc_us)");
  if (!add_row) return add_row.error();
  add_row->bind(1, hash).bind(2, head.station_id).bind(3, head.station_json).bind(4, head.params_json);
  if (Status done = add_row->bind(5, head.started_utc_us).run(); !done) return done.error();
  Result<Statement> find = db.prepare("SELECT key FROM station_revision WHERE hash=?");
  if (!find) return find.error();
  const Result<bool> row = find->bind(1, hash).step();
  if (!row) return row.error();
  return find->integer(0);
}

Status insert_client(Db& db, const SessionHead& head) {
  if (head.client_ref.empty() || head.client_ref == "guest") return {};
  Result<Statement> add_row = db.prepare(
      "INSERT INTO client(ref,name,added_utc_us,crc32c) VALUES(?1,'',?2,row_crc(?1,'',?2)) ON CONFLICT(ref) DO NOTHING");
  if (!add_row) return add_row.error();
  return add_row->bind(1, head.client_ref).bind(2, head.started_utc_us).run();
}

Status insert_channels(Db& db, int64_t key, const SessionHead& head) {
  Result<Statement> add_row = db.prepare(
      "INSERT INTO session_channel(session_key,idx,key,unit,driver,serial,calibration,samples,crc32c) "
      "VALUES(?1,?2,?3,?4,?5,?6,'',0,row_crc(?1,?2,?3,?4,?5,?6,'',0,NULL,NULL,NULL))");
  if (!add_row) return add_row.error();
  for (const StoredChannel& channel : head.channels) {
    add_row->bind(1, key).bind(2, int64_t{channel.index}).bind(3, channel.key).bind(4, channel.unit);
    if (Status done = add_row->bind(5, channel.driver).bind(6, channel.serial).run(); !done) return done;
  }
  return {};
}

/// `query` as channel_query(); `sound` becomes false with a row whose check fails.
Status read_channels(Statement& query, int64_t key, SessionHead& head, bool& sound) {
  query.bind(1, key);
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) break;
    StoredChannel channel{static_cast<int>(query.integer(0)), query.text(1), query.text(2), query.text(3), query.text(4)};
    channel.calibration = query.text(5);
    if (!query.is_null(7))
      channel.figures = {query.integer(6), query.real(7), query.real(8), query.is_null(9) ? -1 : query.integer(9)};
    sound = sound && query.integer(10) == 1;
    head.channels.push_back(std::move(channel));
  }
  query.reset();
  return {};
}

Result<Statement> channel_query(Db& db) {
  return db.prepare(
      "SELECT idx,key,unit,driver,serial,calibration,samples,rate_hz,jitter_ms,lost,"
      "crc32c=row_crc(session_key,idx,key,unit,driver,serial,calibration,samples,rate_hz,jitter_ms,lost) "
      "FROM session_channel WHERE session_key=? ORDER BY rowid");
}

SessionState state_of(const Statement& query) {
  SessionState state;
  SessionHead& head = state.row.head;
  int at = 0;
  const auto whole = [&] { return query.integer(at++); };
  const auto small = [&] { return static_cast<int>(query.integer(at++)); };
  const auto text = [&] { return query.text(at++); };
  state.key = whole();
  head.id = text();
  head.station_id = text();
  head.station_title = text();
  head.client_ref = text();
  head.started_utc_us = whole();
  head.zone_offset_min = small();
  head.started_mono_us = whole();
  head.boot_id = text();
  head.module_id = text();
  head.module_version = text();
  head.plugin = text();
  head.params_json = text();
  head.station_json = text();
  head.seed = unsigned_bits(whole());
  head.present = static_cast<uint32_t>(whole());
  state.row.outcome = text();
  state.end_us = whole();
  state.row.pain_before = small();
  state.row.pain_after = small();
  state.row.effort = small();
  state.last_seq = unsigned_bits(whole());
  state.last_event = unsigned_bits(whole());
  state.last_us = whole();
  state.row.sets = small();
  state.row.reps = small();
  state.row.reps_not_counted = small();
  state.row.holds = small();
  state.row.gaps = small();
  state.sealed = small();
  state.row.duration_s = static_cast<double>(state.row.outcome.empty() ? state.last_us : state.end_us) / 1e6;
  return state;
}
}  // namespace

Result<std::vector<SessionState>> read_sessions(Db& db, const std::string& where, const std::string& parameter) {
  Result<Statement> query = db.prepare(
      "SELECT s.key,s.id,s.station_id,s.station_title,s.client_ref,s.started_utc_us,s.zone_offset_min,s.started_mono_us,"
      "s.boot_id,s.module_id,s.module_version,s.plugin,r.params_json,r.station_json,s.seed,s.present,s.outcome,s.end_us,"
      "s.pain_before,s.pain_after,s.effort,s.last_seq,s.last_event,s.last_us,s.sets,s.reps,s.reps_not_counted,s.holds,"
      "s.gaps,s.sealed,s.crc32c FROM session s LEFT JOIN station_revision r ON r.key=s.revision_key WHERE " +
      where);
  if (!query) return query.error();
  if (!parameter.empty()) query->bind(1, parameter);
  Result<Statement> channels = channel_query(db);
  if (!channels) return channels.error();
  std::vector<SessionState> states;
  for (;;) {
    const Result<bool> row = query->step();
    if (!row) return row.error();
    if (!*row) return states;
    SessionState state = state_of(*query);
    const int64_t check = query->integer(30);
    bool sound = true;
    if (Status done = read_channels(*channels, state.key, state.row.head, sound); !done) return done.error();
    state.check_ok = sound && check == int64_t{session_check(state)};
    states.push_back(std::move(state));
  }
}

Status insert_session(Db& db, SessionState& state) {
  const SessionHead& head = state.row.head;
  const Result<int64_t> revision = revision_key(db, head);
  if (!revision) return revision.error();
  if (Status done = insert_client(db, head); !done) return done;
  Result<Statement> add_row = db.prepare(
      "INSERT INTO session(id,station_id,station_title,client_ref,started_utc_us,zone_offset_min,started_mono_us,boot_id,"
      "module_id,module_version,plugin,revision_key,seed,present) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  if (!add_row) return add_row.error();
  add_row->bind(1, head.id).bind(2, head.station_id).bind(3, head.station_title).bind(4, head.client_ref);
  add_row->bind(5, head.started_utc_us).bind(6, int64_t{head.zone_offset_min}).bind(7, head.started_mono_us);
  add_row->bind(8, head.boot_id).bind(9, head.module_id).bind(10, head.module_version).bind(11, head.plugin);
  add_row->bind(12, *revision).bind(13, signed_bits(head.seed)).bind(14, int64_t{head.present});
  if (Status done = add_row->run(); !done) return done;
  const int64_t key = db.last_insert();
  if (Status done = insert_channels(db, key, head); !done) return done;
  state.key = key;
  return {};
}

Status update_session(Db& db, const SessionState& state) {
  Result<Statement> change = db.prepare(
      "UPDATE session SET outcome=?,end_us=?,pain_before=?,pain_after=?,effort=?,last_seq=?,last_event=?,last_us=?,sets=?,"
      "reps=?,reps_not_counted=?,holds=?,gaps=?,sealed=?,crc32c=? WHERE key=?");
  if (!change) return change.error();
  const SessionListRow& row = state.row;
  change->bind(1, row.outcome).bind(2, state.end_us).bind(3, int64_t{row.pain_before}).bind(4, int64_t{row.pain_after});
  change->bind(5, int64_t{row.effort}).bind(6, signed_bits(state.last_seq)).bind(7, signed_bits(state.last_event));
  change->bind(8, state.last_us).bind(9, int64_t{row.sets}).bind(10, int64_t{row.reps});
  change->bind(11, int64_t{row.reps_not_counted}).bind(12, int64_t{row.holds}).bind(13, int64_t{row.gaps});
  change->bind(14, int64_t{state.sealed}).bind(15, int64_t{session_check(state)}).bind(16, state.key);
  return change->run();
}

Status insert_events(Db& db, int64_t session_key, const std::vector<session::LogEvent>& events) {
  if (events.empty()) return {};
  Result<Statement> add_row = db.prepare("INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?)");
  if (!add_row) return add_row.error();
  Result<Statement> add_calibration = db.prepare("INSERT INTO calibration VALUES(?1,?2,?3,?4,row_crc(?1,?2,?3,?4))");
  if (!add_calibration) return add_calibration.error();
  for (const session::LogEvent& event : events) {
    const std::string fields = fields_to_text(event.fields);
    const uint32_t check = event_check(session_key, event, fields);
    add_row->bind(1, session_key).bind(2, signed_bits(event.number)).bind(3, signed_bits(event.after_seq));
    add_row->bind(4, int64_t{event.ordinal}).bind(5, event.t_us).bind(6, static_cast<int64_t>(event.origin));
    if (Status done = add_row->bind(7, event.kind).bind(8, fields).bind(9, int64_t{check}).run(); !done) return done;
    if (!logged::as<logged::Calibration>(event)) continue;
    add_calibration->bind(1, session_key).bind(2, signed_bits(event.number)).bind(3, event.t_us).bind(4, fields);
    if (Status done = add_calibration->run(); !done) return done;
  }
  return {};
}

Result<std::vector<session::LogEvent>> read_events(Db& db, int64_t session_key, std::vector<std::string>& notices) {
  Result<Statement> query =
      db.prepare("SELECT number,after_seq,ordinal,t_us,origin,kind,fields,crc32c FROM event WHERE session_key=? ORDER BY number");
  if (!query) return query.error();
  query->bind(1, session_key);
  std::vector<session::LogEvent> events;
  for (;;) {
    const Result<bool> row = query->step();
    if (!row) return row.error();
    if (!*row) return events;
    session::LogEvent event;
    event.number = unsigned_bits(query->integer(0));
    event.after_seq = unsigned_bits(query->integer(1));
    event.ordinal = static_cast<uint32_t>(query->integer(2));
    event.t_us = query->integer(3);
    event.origin = static_cast<session::Origin>(query->integer(4));
    event.kind = query->text(5);
    const std::string text = query->text(6);
    Result<Fields> fields = fields_from_text(text);
    if (int64_t{event_check(session_key, event, text)} != query->integer(7) || !fields) {
      notices.push_back(fmt::format("event {} is damaged and left out", event.number));
      continue;
    }
    event.fields = std::move(*fields);
    events.push_back(std::move(event));
  }
}

namespace {
ChannelFigures figures_of(const logged::Quality& quality) {
  return {quality.samples, quality.rate_hz, quality.jitter_ms, quality.lost.value_or(-1)};
}
}  // namespace

void note_channels(std::vector<StoredChannel>& channels, const std::vector<session::LogEvent>& events) {
  for (StoredChannel& channel : channels) {
    channel.calibration.clear();
    channel.figures.reset();
    for (const session::LogEvent& event : events) {
      if (const auto c = logged::as<logged::Calibration>(event); c && c->channel == channel.key) channel.calibration = c->id;
      if (const auto q = logged::as<logged::Quality>(event); q && q->channel == channel.key) channel.figures = figures_of(*q);
    }
  }
}

void note_serials(std::vector<StoredChannel>& channels, const std::vector<session::LogEvent>& events) {
  for (const session::LogEvent& event : events)
    if (const auto c = logged::as<logged::Calibration>(event))
      for (StoredChannel& channel : channels)
        if (c->channel == channel.key) channel.serial = c->serial;
}

Status update_channels(Db& db, int64_t session_key, const std::vector<session::LogEvent>& events) {
  const bool any = std::any_of(events.begin(), events.end(), [](const session::LogEvent& event) {
    return logged::as<logged::Calibration>(event) || logged::as<logged::Quality>(event);
  });
  if (!any) return {};
  // A damaged row stays one: it gets no fresh check sum.
  const std::string sound =
      " WHERE session_key=?3 AND key=?4 "
      "AND crc32c=row_crc(session_key,idx,key,unit,driver,serial,calibration,samples,rate_hz,jitter_ms,lost)";
  Result<Statement> calibration = db.prepare(
      "UPDATE session_channel SET calibration=?1,serial=?2,"
      "crc32c=row_crc(session_key,idx,key,unit,driver,?2,?1,samples,rate_hz,jitter_ms,lost)" +
      sound);
  if (!calibration) return calibration.error();
  Result<Statement> quality = db.prepare(
      "UPDATE session_channel SET samples=?1,rate_hz=?2,jitter_ms=?5,lost=?6,"
      "crc32c=row_crc(session_key,idx,key,unit,driver,serial,calibration,?1,?2,?5,?6)" +
      sound);
  if (!quality) return quality.error();
  for (const session::LogEvent& event : events) {
    if (const auto c = logged::as<logged::Calibration>(event)) {
      calibration->bind(1, c->id).bind(2, c->serial).bind(3, session_key).bind(4, c->channel);
      if (Status done = calibration->run(); !done) return done;
    }
    if (const auto q = logged::as<logged::Quality>(event)) {
      const ChannelFigures figures = figures_of(*q);
      quality->bind(1, figures.samples).bind_real(2, figures.rate_hz).bind_real(5, figures.jitter_ms);
      figures.lost < 0 ? quality->bind_null(6) : quality->bind(6, figures.lost);
      if (Status done = quality->bind(3, session_key).bind(4, q->channel).run(); !done) return done;
    }
  }
  return {};
}

namespace {
int64_t us(double s) { return std::llround(s * 1e6); }

Status write_sets(Db& db, int64_t session_key, const Derived& derived) {
  Result<Statement> add_row =
      db.prepare("INSERT OR REPLACE INTO exercise_set VALUES(?1,?2,?3,?4,?5,?6,?7,?8,row_crc(?1,?2,?3,?4,?5,?6,?7,?8))");
  if (!add_row) return add_row.error();
  for (std::size_t i = 0; i < derived.sets.size(); ++i) {
    const SetRow& set = derived.sets[i];
    add_row->bind(1, session_key).bind(2, signed_bits(derived.set_events[i])).bind(3, int64_t{set.set}).bind(4, set.side);
    add_row->bind(5, us(set.start_s)).bind(6, us(set.end_s)).bind(7, int64_t{set.reps});
    if (Status done = add_row->bind(8, set.ended).run(); !done) return done;
  }
  return {};
}
}  // namespace

Status write_derived(Db& db, int64_t session_key, const Derived& derived, std::size_t first_rep) {
  if (Status done = write_sets(db, session_key, derived); !done) return done;
  Result<Statement> add_row =
      db.prepare("INSERT OR REPLACE INTO rep VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,row_crc(?1,?2,?3,?4,?5,?6,?7,?8,?9))");
  if (!add_row) return add_row.error();
  for (std::size_t i = first_rep; i < derived.reps.size(); ++i) {
    const RepRow& rep = derived.reps[i];
    add_row->bind(1, session_key).bind(2, signed_bits(derived.rep_events[i])).bind(3, int64_t{rep.set});
    add_row->bind(4, int64_t{rep.n}).bind(5, rep.side).bind(6, int64_t{rep.counted}).bind(7, rep.reason);
    if (Status done = add_row->bind(8, us(rep.t_s)).bind(9, figures_to_text(rep.figures)).run(); !done) return done;
  }
  return {};
}

}  // namespace patella::store
