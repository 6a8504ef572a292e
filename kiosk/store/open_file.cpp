#include "store/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "base/unique_fd.hpp"
#include "store/wal_guard.hpp"

namespace patella::store {

namespace {
constexpr int64_t kCheckedWhole = int64_t{8} << 20;  // about 100 ms

// EXCLUSIVE first: no -shm file, so a full disk is an error and not a SIGBUS. EXTRA before the switch to WAL: else the
// journal of the switch can come back after a power cut and undo what was committed since.
Status set_pragmas(Db& db, const OpenOptions& options, const std::string& where) {
  const std::string first = fmt::format("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous={}", options.before_log);
  if (Status done = db.exec(first); !done) return done;
  const Result<std::string> mode = db.text("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") return Error{"the write-ahead log cannot be used, the journal is " + *mode, where, "Use a local disk"};
  return db.exec(
      fmt::format("PRAGMA synchronous={}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                  "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=256;"
                  "PRAGMA journal_size_limit=4194304; PRAGMA temp_store=MEMORY",
                  options.synchronous));
}

struct Attempt {
  std::unique_ptr<Db> db;
  Messages notice;
  Failure failure = Failure::none;
  std::optional<Error> error;
};

Failure failure_or_other(const Db& db) { return db.failure() == Failure::none ? Failure::other : db.failure(); }

/// A small file is checked as a whole, as is one in which damage was seen. A large one would keep everybody waiting: there the
/// small tables are, which a start reads; sessions have check sums in every row, and staff are told when one fails.
Status check_after_unclean_stop(Db& db, const std::string& where, bool check_all, Failure& failure) {
  const Result<std::string> clean = db.text("SELECT value FROM meta WHERE key='clean_shutdown' AND crc32c=row_crc(key,value)");
  if (!clean) return clean.error();
  if (*clean == "yes" && !check_all) return {};
  const Result<int64_t> size = db.integer("SELECT page_count*page_size FROM pragma_page_count, pragma_page_size");
  if (!size) return size.error();
  std::vector<std::string> checks{"(1)"};
  if (*size > kCheckedWhole && !check_all && *clean != "suspect")
    checks = {"(meta)", "(client)", "(staff)", "(device_calibration)", "(band_check)", "(tally)"};
  for (const std::string& check : checks) {
    const Result<std::string> verdict = db.text("PRAGMA integrity_check" + check);
    if (!verdict) return verdict.error();
    if (*verdict == "ok") continue;
    failure = Failure::damaged;
    return Error{"the store's file is damaged: " + *verdict, where, ""};
  }
  return {};
}

/// What the log holds goes into the file, and a new log is begun: of one log all transactions but the last are then whole,
/// which is how damage is told from a torn end (wal_image.hpp).
Status fold_log(Db& db) { return db.exec("PRAGMA wal_checkpoint(TRUNCATE)"); }

/// Its own notes have check sums, too. A damaged one costs nothing but a look at the whole file, yet it is a sign.
Status check_notes(Db& db, Messages& notice) {
  const Result<std::string> damaged = db.text("SELECT group_concat(key,', ') FROM meta WHERE crc32c<>row_crc(key,value)");
  if (!damaged) return damaged.error();
  if (!damaged->empty())
    notice = {Message("A note in the session log was damaged ({0})", Name{*damaged}), Message("Check the disk")};
  return {};
}

/// Made here and not by SQLite, which would let others read it. Nothing is opened that is there: closing it would drop
/// the locks of this process.
Status prepare(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    return {};  // what is wrong with the folder is told when the file is opened
  }
  if (S_ISREG(status.st_mode)) return {};
  return Error{
      S_ISLNK(status.st_mode) ? "the session log is a link, which is not followed" : "the session log is not a plain file",
      path.string(), "Move it away, or give the folder that it leads to"};
}

Attempt attempt(const std::filesystem::path& path, const OpenOptions& options, bool check_all = false) {
  Attempt result;
  if (const Status prepared = options.vfs.empty() ? prepare(path) : Status(); !prepared) {
    result.failure = Failure::other;
    result.error = prepared.error();
    return result;
  }
  Result<std::unique_ptr<Db>> db = Db::open(path, options.vfs, result.failure);
  if (!db) {
    result.error = db.error();
    return result;
  }
  (*db)->keep_log(true);  // a damaged log is not folded into the file because we look at it and go again
  const auto step = [&](const Status& done) {
    if (done.ok() || result.error) return done.ok() && !result.error;
    result.error = done.error();
    if (result.failure == Failure::none) result.failure = failure_or_other(**db);
    return false;
  };
  if (step(set_pragmas(**db, options, path.string())) && step(migrate(**db, options.steps, path.string())) &&
      step(check_after_unclean_stop(**db, path.string(), check_all, result.failure)) && step(check_notes(**db, result.notice)) &&
      step(fold_log(**db)) && step(mark_opened(**db))) {
    (*db)->keep_log(false);
    result.db = std::move(*db);
  }
  return result;
}

/// The log goes along under the same name, so that the pair can still be opened and recovered from.
Result<std::filesystem::path> set_aside(const std::filesystem::path& path) {
  const std::filesystem::path target = name_aside(path, "");
  for (const char* ending : {"-wal", "-journal", ""}) {
    const std::filesystem::path from = path.string() + ending;
    if (!std::filesystem::exists(from)) continue;
    // An empty log was made by our own look at the file.
    if (*ending != 0 && std::filesystem::is_empty(from) && ::unlink(from.c_str()) == 0) continue;
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

Messages said_of(const WalFinding& finding) {
  if (!finding.damaged) return {};
  return {finding.whole
              ? Message("The session log was damaged on the disk; all of it could be read again")
              : Message("The session log was damaged on the disk: some of the last changes before the stop are missing"),
          Message("The damaged files are kept as {0}", Name{finding.aside}), Message("Check the disk")};
}
}  // namespace

// The count makes sure that something is written: a disk that is full or read-only is told now, not at the first rep.
Status mark_opened(Db& db) {
  return db.exec(
      "UPDATE meta SET value=value+1, crc32c=row_crc(key,CAST(value+1 AS TEXT)) WHERE key='opened';"
      "UPDATE meta SET value='no', crc32c=row_crc(key,'no') WHERE key='clean_shutdown'");
}

Status mark_suspect(Db& db) {
  return db.exec("UPDATE meta SET value='suspect', crc32c=row_crc(key,'suspect') WHERE key='clean_shutdown'");
}

Status mark_clean(Db& db) { return db.exec("UPDATE meta SET value='yes', crc32c=row_crc(key,'yes') WHERE key='clean_shutdown'"); }

Result<OpenedFile> open_file(const std::filesystem::path& path, const OpenOptions& options) {
  Result<WalFinding> log = guard_log(path, options.vfs);
  if (!log) return OpenedFile{nullptr, log.error(), {}, {}};
  Attempt first = attempt(path, options, log->check_all);
  // SQLite sees that what was put in the log's place is no good: the next way.
  while (!first.db && first.failure == Failure::damaged && log->damaged) {
    const Result<bool> another = guard_again(path, options.vfs, *log);
    if (!another) return OpenedFile{nullptr, another.error(), {}, {}};
    if (!*another) break;
    first = attempt(path, options, log->check_all);
  }
  if (first.db) {
    for (Message& said : said_of(*log)) first.notice.push_back(std::move(said));
    return OpenedFile{std::move(first.db), std::nullopt, std::move(first.notice), std::move(log->rest)};
  }
  if (may_pass(first.failure)) return OpenedFile{nullptr, first.error, said_of(*log), {}};
  if (first.failure != Failure::damaged) return *first.error;

  const Result<std::filesystem::path> aside = set_aside(path);
  if (!aside) return aside.error();
  Attempt second = attempt(path, options);
  if (!second.db && !may_pass(second.failure)) return *second.error;
  return OpenedFile{
      std::move(second.db),
      second.error,
      {Message("The session log was damaged. It is kept as {0} and a new one has begun", Name{aside->filename().string()}),
       Message("In the words of the database: {0}", Name{first.error->what})},
      log->rest};
}

}  // namespace patella::store
