#include "store/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

namespace patella::store {

namespace {
// EXCLUSIVE first: no -shm file, so a full disk is an error and not a SIGBUS. EXTRA before the switch to WAL: else the
// journal of the switch can come back after a power cut and undo what was committed since.
Status set_pragmas(Db& db, const OpenOptions& options, const std::string& where) {
  const std::string first = fmt::format("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous={}", options.before_log);
  if (Status done = db.exec(first); !done) return done;
  const Result<std::string> mode = db.text("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") return Error{"the write-ahead log cannot be used, the journal is " + *mode, where, "Use a local disk"};
  return db.exec(fmt::format("PRAGMA synchronous={}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                             "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=256;"
                             "PRAGMA journal_size_limit=4194304; PRAGMA temp_store=MEMORY", options.synchronous));
}

struct Attempt {
  std::unique_ptr<Db> db;
  std::string notice;
  Failure failure = Failure::none;
  std::optional<Error> error;
};

Failure failure_or_other(const Db& db) { return db.failure() == Failure::none ? Failure::other : db.failure(); }

Status check_after_unclean_stop(Db& db, const std::string& where, Failure& failure) {
  const Result<std::string> clean = db.text("SELECT value FROM meta WHERE key='clean_shutdown' AND crc32c=row_crc(key,value)");
  if (!clean) return clean.error();
  if (*clean == "yes") return {};
  const Result<std::string> verdict = db.text("PRAGMA integrity_check(1)");
  if (!verdict) return verdict.error();
  if (*verdict == "ok") return {};
  failure = Failure::damaged;
  return Error{"the store's file is damaged: " + *verdict, where, ""};
}

/// Its own notes have check sums, too. A damaged one costs nothing but a look at the whole file, yet it is a sign.
Status check_notes(Db& db, std::string& notice) {
  const Result<std::string> damaged = db.text("SELECT group_concat(key,', ') FROM meta WHERE crc32c<>row_crc(key,value)");
  if (!damaged) return damaged.error();
  if (!damaged->empty()) notice = "A note in the session log was damaged (" + *damaged + "). Check the disk";
  return {};
}

Attempt attempt(const std::filesystem::path& path, const OpenOptions& options) {
  Attempt result;
  Result<std::unique_ptr<Db>> db = Db::open(path, options.vfs, result.failure);
  if (!db) {
    result.error = db.error();
    return result;
  }
  const auto step = [&](const Status& done) {
    if (done.ok() || result.error) return done.ok() && !result.error;
    result.error = done.error();
    if (result.failure == Failure::none) result.failure = failure_or_other(**db);
    return false;
  };
  if (step(set_pragmas(**db, options, path.string())) && step(migrate(**db, options.steps, path.string())) &&
      step(check_after_unclean_stop(**db, path.string(), result.failure)) && step(check_notes(**db, result.notice)) &&
      step(mark_opened(**db)))
    result.db = std::move(*db);
  return result;
}

std::string compact_utc() {
  std::string text = utc_text(SystemClock().wall().utc_us);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// The log goes along under the same name, so that the pair can still be opened and recovered from.
Result<std::filesystem::path> set_aside(const std::filesystem::path& path) {
  std::filesystem::path target = path.string() + ".damaged-" + compact_utc();
  for (int n = 2; std::filesystem::exists(target); ++n)
    target = fmt::format("{}.damaged-{}-{}", path.string(), compact_utc(), n);
  for (const char* ending : {"-wal", "-journal", ""}) {
    const std::filesystem::path from = path.string() + ending;
    if (!std::filesystem::exists(from)) continue;
    if (::rename(from.c_str(), (target.string() + ending).c_str()) != 0)
      return Error{std::string("the damaged file cannot be set aside: ") + std::strerror(errno), from.string(),
                   "Check the folder and its permissions"};
  }
  const std::filesystem::path folder = path.parent_path();
  const UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) (void)::fsync(fd.get());
  return target;
}

bool may_pass(Failure failure) {
  return failure == Failure::disk_full || failure == Failure::read_only || failure == Failure::io;
}
}  // namespace

// The count makes sure that something is written: a disk that is full or read-only is told now, not at the first rep.
Status mark_opened(Db& db) {
  return db.exec("UPDATE meta SET value=value+1, crc32c=row_crc(key,CAST(value+1 AS TEXT)) WHERE key='opened';"
                 "UPDATE meta SET value='no', crc32c=row_crc(key,'no') WHERE key='clean_shutdown'");
}

Status mark_clean(Db& db) {
  return db.exec("UPDATE meta SET value='yes', crc32c=row_crc(key,'yes') WHERE key='clean_shutdown'");
}

Result<OpenedFile> open_file(const std::filesystem::path& path, const OpenOptions& options) {
  Attempt first = attempt(path, options);
  if (first.db) return OpenedFile{std::move(first.db), std::nullopt, std::move(first.notice)};
  if (may_pass(first.failure)) return OpenedFile{nullptr, first.error, ""};
  if (first.failure != Failure::damaged) return *first.error;

  const Result<std::filesystem::path> aside = set_aside(path);
  if (!aside) return aside.error();
  Attempt second = attempt(path, options);
  if (!second.db && !may_pass(second.failure)) return *second.error;
  return OpenedFile{std::move(second.db), second.error, fmt::format("The session log was damaged ({}). It is kept as {} and a new one "
                                                      "has begun", first.error->what, aside->filename().string())};
}

}  // namespace patella::store
