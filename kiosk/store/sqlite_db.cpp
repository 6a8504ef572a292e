#include "store/sqlite_db.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>

#include "store/row_check.hpp"

namespace patella::store {

namespace {
Failure failure_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Failure::damaged;
    case SQLITE_FULL:
      return Failure::disk_full;
    case SQLITE_READONLY:
      return Failure::read_only;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Failure::in_use;
    case SQLITE_IOERR:
      return Failure::io;
    default:
      return Failure::other;
  }
}

/// Of a path only letters, digits and what a path is made of stand for themselves in an SQLite URI.
std::string in_uri(const std::string& path) {
  std::string text;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                       c == '-' || c == '_';
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}
}  // namespace

Error describe(int code, const std::string& detail, const std::string& where) {
  switch (failure_of(code)) {
    case Failure::damaged:
      return {"the store's file is damaged: " + detail,
              where,
              "Restart the kiosk: it sets the file aside and begins a new one",
              {Message("The session log is damaged"), Message("Restart the kiosk: it sets the file aside and begins a new one")}};
    case Failure::disk_full:
      return {"the disk is full",
              where,
              "Free some space; everything is kept in memory until then",
              {Message("The disk is full"), Message("Free some space: everything is kept in memory until then")}};
    case Failure::read_only:
      return {"the disk or the file is read-only",
              where,
              "Make it writable again; everything is kept in memory until then",
              {Message("The disk or the file of the session log is read-only"),
               Message("Make it writable again: everything is kept in memory until then")}};
    case Failure::in_use:
      return {"the store is in use by another process",
              where,
              "Ask the running kiosk, or end the other program",
              {Message("The session log is in use by another program"), Message("End the other program")}};
    case Failure::io:
      return {"the disk reports an error: " + detail,
              where,
              "Check the disk and its cable; everything is kept in memory until it works again",
              {Message("The disk reports an error"),
               Message("Check the disk and its cable: everything is kept in memory until it works again")}};
    default:
      return {"the store cannot do it: " + detail, where, "Check the disk, the folder and its permissions"};
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::keep(int code) {
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

Statement& Statement::bind(int index, int64_t value) {
  keep(sqlite3_bind_int64(statement_.get(), index, value));
  return *this;
}
Statement& Statement::bind(int index, std::string_view text) {
  keep(sqlite3_bind_text64(statement_.get(), index, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes) {
  keep(sqlite3_bind_blob64(statement_.get(), index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_TRANSIENT));
  return *this;
}
Statement& Statement::bind_real(int index, double value) {
  keep(sqlite3_bind_double(statement_.get(), index, value));
  return *this;
}
Statement& Statement::bind_null(int index) {
  keep(sqlite3_bind_null(statement_.get(), index));
  return *this;
}

Result<bool> Statement::step() {
  if (bind_code_ != SQLITE_OK) return db_->fail(bind_code_);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return db_->fail(code);
}

Status Statement::run() {
  for (;;) {
    const Result<bool> row = step();
    if (!row) {
      reset();
      return row.error();
    }
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_code_ = SQLITE_OK;
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::string Statement::text(int column) const { return std::string(blob(column)); }

std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes ? std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : std::string_view();
}

Result<std::unique_ptr<Db>> Db::open(const std::filesystem::path& path, const std::string& vfs, Failure& failure) {
  return open_with(path, path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs, failure);
}

Result<std::unique_ptr<Db>> Db::open_immutable(const std::filesystem::path& path) {
  Failure ignored = Failure::none;
  return open_with(path, "file:" + in_uri(std::filesystem::absolute(path).string()) + "?mode=ro&immutable=1",
                   SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, "", ignored);
}

Result<std::unique_ptr<Db>> Db::open_with(const std::filesystem::path& path, const std::string& name, int flags,
                                          const std::string& vfs, Failure& failure) {
  sqlite3* raw = nullptr;
  flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Db> db(new Db(raw, path));
  if (code != SQLITE_OK) {
    failure = failure_of(code);
    return describe(code, raw ? sqlite3_errmsg(raw) : "out of memory", path.string());
  }
  add_row_crc(raw);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  failure = Failure::none;
  return db;
}

void Db::keep_log(bool keep) { sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr); }

Db::~Db() { sqlite3_close_v2(db_); }

Error Db::fail(int code) {
  failure_ = failure_of(code);
  saw_damage_ = saw_damage_ || failure_ == Failure::damaged;
  return describe(code, sqlite3_errmsg(db_), path_.string());
}

Status Db::exec(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : Status(fail(code));
}

Result<Statement> Db::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) return fail(code);
  return Statement(this, raw);
}

Result<int64_t> Db::integer(const std::string& sql) {
  Result<Statement> query = prepare(sql);
  if (!query) return query.error();
  const Result<bool> row = query->step();
  if (!row) return row.error();
  return *row ? query->integer(0) : int64_t{0};
}

Result<std::string> Db::text(const std::string& sql) {
  Result<Statement> query = prepare(sql);
  if (!query) return query.error();
  const Result<bool> row = query->step();
  if (!row) return row.error();
  return *row ? query->text(0) : std::string();
}

bool Db::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
int64_t Db::last_insert() const { return sqlite3_last_insert_rowid(db_); }
int64_t Db::changes() const { return sqlite3_changes64(db_); }
std::string Db::engine() { return std::string("SQLite ") + sqlite3_libversion(); }

}  // namespace patella::store
