#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace patella::store {

namespace {
constexpr const char* kSchema1 = R"sql(
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL) STRICT;

CREATE TABLE client(
  ref          TEXT PRIMARY KEY,
  name         TEXT NOT NULL DEFAULT '',
  added_utc_us INTEGER NOT NULL) STRICT;

CREATE TABLE staff(
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL DEFAULT '',
  role         TEXT NOT NULL DEFAULT '',
  added_utc_us INTEGER NOT NULL) STRICT;

CREATE TABLE station_revision(
  key               INTEGER PRIMARY KEY,
  hash              TEXT NOT NULL UNIQUE,
  station_id        TEXT NOT NULL,
  station_json      TEXT NOT NULL,
  params_json       TEXT NOT NULL,
  first_used_utc_us INTEGER NOT NULL) STRICT;

CREATE TABLE session(
  key              INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  station_id       TEXT NOT NULL,
  station_title    TEXT NOT NULL,
  client_ref       TEXT NOT NULL,
  started_utc_us   INTEGER NOT NULL,
  zone_offset_min  INTEGER NOT NULL,
  started_mono_us  INTEGER NOT NULL,
  boot_id          TEXT NOT NULL,
  module_id        TEXT NOT NULL,
  module_version   TEXT NOT NULL,
  plugin           TEXT NOT NULL,
  revision_key     INTEGER NOT NULL REFERENCES station_revision(key),
  seed             INTEGER NOT NULL,
  present          INTEGER NOT NULL,
  outcome          TEXT NOT NULL DEFAULT '',
  end_us           INTEGER NOT NULL DEFAULT 0,
  pain_before      INTEGER NOT NULL DEFAULT -1,
  pain_after       INTEGER NOT NULL DEFAULT -1,
  effort           INTEGER NOT NULL DEFAULT -1,
  last_seq         INTEGER NOT NULL DEFAULT 0,
  last_event       INTEGER NOT NULL DEFAULT 0,
  last_us          INTEGER NOT NULL DEFAULT 0,
  sets             INTEGER NOT NULL DEFAULT 0,
  reps             INTEGER NOT NULL DEFAULT 0,
  reps_not_counted INTEGER NOT NULL DEFAULT 0,
  holds            INTEGER NOT NULL DEFAULT 0,
  gaps             INTEGER NOT NULL DEFAULT 0,
  sealed           INTEGER NOT NULL DEFAULT 0,
  crc32c           INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX session_started ON session(started_utc_us);
CREATE INDEX session_open ON session(outcome) WHERE outcome = '';

CREATE TABLE session_channel(
  session_key INTEGER NOT NULL REFERENCES session(key),
  idx         INTEGER NOT NULL,
  key         TEXT NOT NULL,
  unit        TEXT NOT NULL,
  driver      TEXT NOT NULL,
  serial      TEXT NOT NULL,
  UNIQUE(session_key, idx)) STRICT;

CREATE TABLE event(
  session_key INTEGER NOT NULL REFERENCES session(key),
  number      INTEGER NOT NULL,
  after_seq   INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  origin      INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  fields      TEXT NOT NULL,
  crc32c      INTEGER NOT NULL,
  UNIQUE(session_key, number)) STRICT;

CREATE TABLE input(
  session_key INTEGER NOT NULL REFERENCES session(key),
  seq         INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  channel     INTEGER NOT NULL,
  code        INTEGER NOT NULL,
  reserved    INTEGER NOT NULL,
  value_bits  INTEGER NOT NULL,
  crc32c      INTEGER NOT NULL,
  UNIQUE(session_key, seq)) STRICT;

CREATE TABLE chunk(
  session_key INTEGER NOT NULL REFERENCES session(key),
  channel     INTEGER NOT NULL,
  seq0        INTEGER NOT NULL,
  t0_us       INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  codec       INTEGER NOT NULL,
  crc32c      INTEGER NOT NULL,
  data        BLOB NOT NULL,
  UNIQUE(session_key, channel, seq0)) STRICT;

CREATE TABLE exercise_set(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  set_no      INTEGER NOT NULL,
  side        TEXT NOT NULL,
  start_us    INTEGER NOT NULL,
  end_us      INTEGER NOT NULL,
  reps        INTEGER NOT NULL,
  ended       TEXT NOT NULL,
  UNIQUE(session_key, event)) STRICT;

CREATE TABLE rep(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  set_no      INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  side        TEXT NOT NULL,
  counted     INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  t_us        INTEGER NOT NULL,
  figures     TEXT NOT NULL,
  UNIQUE(session_key, event)) STRICT;

CREATE TABLE calibration(
  session_key INTEGER NOT NULL REFERENCES session(key),
  event       INTEGER NOT NULL,
  t_us        INTEGER NOT NULL,
  fields      TEXT NOT NULL,
  UNIQUE(session_key, event)) STRICT;

CREATE TABLE second_row(
  session_key INTEGER NOT NULL REFERENCES session(key),
  channel     INTEGER NOT NULL,
  second      INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  mean        REAL,
  min         REAL,
  max         REAL,
  UNIQUE(session_key, channel, second)) STRICT;

CREATE VIEW second_view AS
  SELECT s.id AS session, c.key AS channel, c.unit, r.second, r.n, r.mean, r.min, r.max
  FROM second_row r JOIN session s ON s.key = r.session_key
  LEFT JOIN session_channel c ON c.session_key = r.session_key AND c.idx = r.channel;

CREATE TABLE audit(
  number INTEGER PRIMARY KEY,
  utc_us INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash   BLOB NOT NULL) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;

INSERT INTO meta VALUES('clean_shutdown', 'no'), ('opened', '0');
)sql";

// Calibrations of sensors and checks of bands; what each channel of a session was like. `calibration` of schema 1 is
// the copy of a session's own events "calibration" and stays what it is.
constexpr const char* kSchema2 = R"sql(
CREATE TABLE device_calibration(
  id              TEXT NOT NULL UNIQUE,
  driver          TEXT NOT NULL,
  serial          TEXT NOT NULL,
  port            TEXT NOT NULL,
  channel         TEXT NOT NULL,
  unit            TEXT NOT NULL,
  made_utc_us     INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  who             TEXT NOT NULL,
  points          TEXT NOT NULL,
  slope           REAL NOT NULL,
  offset          REAL NOT NULL,
  residual        REAL NOT NULL,
  rate_hz         REAL NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE INDEX device_calibration_of ON device_calibration(driver, serial, channel);

CREATE TABLE band_check(
  id              TEXT NOT NULL UNIQUE,
  band            TEXT NOT NULL,
  made_utc_us     INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  who             TEXT NOT NULL,
  driver          TEXT NOT NULL,
  serial          TEXT NOT NULL,
  calibration     TEXT NOT NULL,
  length1_m       REAL NOT NULL,
  force1_n        REAL NOT NULL,
  length2_m       REAL NOT NULL,
  force2_n        REAL NOT NULL,
  stiffness_n_per_m REAL NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE INDEX band_check_of ON band_check(band);

ALTER TABLE session_channel ADD COLUMN calibration TEXT NOT NULL DEFAULT '';
ALTER TABLE session_channel ADD COLUMN samples INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session_channel ADD COLUMN rate_hz REAL;
ALTER TABLE session_channel ADD COLUMN jitter_ms REAL;
ALTER TABLE session_channel ADD COLUMN lost INTEGER;
)sql";

// Staff sign in with a PIN. `failures` counts the wrong ones of each member since the last right one.
constexpr const char* kSchema3 = R"sql(
ALTER TABLE staff ADD COLUMN pin_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN removed_utc_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
)sql";

// Every table has a check sum in each row: row_crc() (row_check.hpp) over its columns in order. Copies for people that an
// older version wrote have none (NULL): to make one now would say that they are as they were. `tally` shows rows that are
// gone: of small tables it has the count and the sum of the check sums, kept by triggers. A list of sessions goes by
// (start, id), the end of one looks for the next to be packed: each has its index.
constexpr const char* kSchema4 = R"sql(
ALTER TABLE meta ADD COLUMN crc32c INTEGER NOT NULL DEFAULT 0;
ALTER TABLE client ADD COLUMN crc32c INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN crc32c INTEGER NOT NULL DEFAULT 0;
ALTER TABLE station_revision ADD COLUMN crc32c INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session_channel ADD COLUMN crc32c INTEGER NOT NULL DEFAULT 0;
UPDATE meta SET crc32c=row_crc(key,value);
UPDATE client SET crc32c=row_crc(ref,name,added_utc_us);
UPDATE staff SET crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,failures);
UPDATE station_revision SET crc32c=row_crc(hash,station_id,station_json,params_json,first_used_utc_us);
UPDATE session_channel SET crc32c=row_crc(session_key,idx,key,unit,driver,serial,calibration,samples,rate_hz,jitter_ms,lost);

ALTER TABLE exercise_set ADD COLUMN crc32c INTEGER;
ALTER TABLE rep ADD COLUMN crc32c INTEGER;
ALTER TABLE calibration ADD COLUMN crc32c INTEGER;
ALTER TABLE second_row ADD COLUMN crc32c INTEGER;

CREATE TABLE tally(
  name TEXT PRIMARY KEY,
  rows INTEGER NOT NULL,
  sum  INTEGER NOT NULL) STRICT;
INSERT INTO tally SELECT 'staff', count(*), ifnull(sum(crc32c),0) FROM staff;
INSERT INTO tally SELECT 'device_calibration', count(*), ifnull(sum(crc32c),0) FROM device_calibration;
INSERT INTO tally SELECT 'band_check', count(*), ifnull(sum(crc32c),0) FROM band_check;
CREATE TRIGGER staff_added AFTER INSERT ON staff BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='staff';
END;
CREATE TRIGGER staff_changed AFTER UPDATE ON staff BEGIN
  UPDATE tally SET sum=sum-old.crc32c+new.crc32c WHERE name='staff';
END;
CREATE TRIGGER device_calibration_added AFTER INSERT ON device_calibration BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='device_calibration';
END;
CREATE TRIGGER band_check_added AFTER INSERT ON band_check BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='band_check';
END;

DROP INDEX session_started;
CREATE INDEX session_started ON session(started_utc_us, id);
CREATE INDEX session_unpacked ON session(sealed) WHERE sealed=0 AND outcome<>'';

-- Notices to staff, until somebody acknowledges them.
CREATE TABLE notice(
  id              TEXT NOT NULL UNIQUE,
  utc_us          INTEGER NOT NULL,
  zone_offset_min INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  station_id      TEXT NOT NULL,
  session_id      TEXT NOT NULL,
  client_ref      TEXT NOT NULL,
  detail          TEXT NOT NULL,
  acknowledged_utc_us INTEGER NOT NULL,
  acknowledged_by TEXT NOT NULL,
  crc32c          INTEGER NOT NULL) STRICT;
CREATE INDEX notice_open ON notice(utc_us) WHERE acknowledged_utc_us=0;
CREATE INDEX notice_raised ON notice(utc_us);
INSERT INTO tally VALUES('notice',0,0);
CREATE TRIGGER notice_added AFTER INSERT ON notice BEGIN
  UPDATE tally SET rows=rows+1, sum=sum+new.crc32c WHERE name='notice';
END;
CREATE TRIGGER notice_changed AFTER UPDATE ON notice BEGIN
  UPDATE tally SET sum=sum-old.crc32c+new.crc32c WHERE name='notice';
END;
)sql";

constexpr std::array kMigrations{Migration{1, kSchema1}, Migration{2, kSchema2}, Migration{3, kSchema3}, Migration{4, kSchema4}};
}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Status migrate(Db& db, std::span<const Migration> steps, const std::string& where) {
  const Result<int64_t> application = db.integer("PRAGMA application_id");
  if (!application) return application.error();
  const Result<int64_t> version = db.integer("PRAGMA user_version");
  if (!version) return version.error();
  const Result<int64_t> tables = db.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const bool empty = *application == 0 && *version == 0 && *tables == 0;
  if (!empty && *application != kApplicationId)
    return Error{"is a database of another program", where, "Name another file for the store, or move this one away"};
  const int newest = steps.empty() ? 0 : steps.back().to_version;
  if (*version > newest)
    return Error{fmt::format("was written by a newer Patella (schema {}, this one knows {})", *version, newest), where,
                 "Install the newer Patella again"};

  for (const Migration& step : steps) {
    if (step.to_version <= *version) continue;
    const std::string sql = fmt::format("BEGIN IMMEDIATE;{}\nPRAGMA application_id={};PRAGMA user_version={};COMMIT;", step.sql,
                                        kApplicationId, step.to_version);
    if (Status done = db.exec(sql); !done) {
      if (db.in_transaction()) (void)db.exec("ROLLBACK");
      return Error{fmt::format("cannot be brought to schema {}: {}", step.to_version, done.error().what), where,
                   done.error().remedy};
    }
  }
  return {};
}

}  // namespace patella::store
