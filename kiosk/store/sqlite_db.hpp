// The thin edge to SQLite: one connection and its statements, errors as values. Included by this folder only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace patella::store {

/// What an SQLite result means for us.
enum class Failure { none = 1, damaged, disk_full, read_only, in_use, io, other };

/// What an SQLite result code means, in words. `detail`: SQLite's own words. The messages for the screen leave out both the path and
/// `detail`: they are in the log.
Error describe(int code, const std::string& detail, const std::string& where);

class Db;

class Statement {
 public:
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  Statement& bind(int index, int64_t value);
  Statement& bind(int index, std::string_view text);  ///< copied
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_real(int index, double value);  ///< NaN becomes NULL
  Statement& bind_null(int index);
  /// True = a row is there, false = done.
  Result<bool> step();
  /// Steps to the end and makes it ready for the next values.
  Status run();
  void reset();

  int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  std::string_view blob(int column) const;  ///< until the next step

 private:
  friend class Db;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(Db* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  void keep(int code);

  Db* db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_code_ = 0;  // the first bind that failed is told by step()
};

class Db {
 public:
  /// `vfs` "" = the system's. Read and write, made when it does not exist.
  static Result<std::unique_ptr<Db>> open(const std::filesystem::path& path, const std::string& vfs, Failure& failure);
  /// To be read as it lies there: nothing is locked or written, a write-ahead log beside it is not looked at.
  /// The file may not change meanwhile; if it does, what is read may be nonsense.
  static Result<std::unique_ptr<Db>> open_immutable(const std::filesystem::path& path);
  ~Db();
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  /// True: closing leaves the write-ahead log as it is. False, and at first: closing folds it into the file.
  void keep_log(bool keep);
  Status exec(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  /// First column of the first row; 0 or "" when there is none.
  Result<int64_t> integer(const std::string& sql);
  Result<std::string> text(const std::string& sql);
  bool in_transaction() const;
  int64_t last_insert() const;
  int64_t changes() const;                         ///< rows that the last statement changed
  Failure failure() const { return failure_; }     ///< of the last error
  bool saw_damage() const { return saw_damage_; }  ///< some error was "damaged"
  void set_failure(Failure failure) { failure_ = failure; }
  static std::string engine();  ///< "SQLite 3.40.1"

 private:
  friend class Statement;
  static Result<std::unique_ptr<Db>> open_with(const std::filesystem::path& path, const std::string& name, int flags,
                                               const std::string& vfs, Failure& failure);
  Db(sqlite3* db, std::filesystem::path path) : db_(db), path_(std::move(path)) {}
  Error fail(int code);

  sqlite3* db_;
  std::filesystem::path path_;
  Failure failure_ = Failure::none;
  bool saw_damage_ = false;
};

}  // namespace patella::store
