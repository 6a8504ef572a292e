#include "store/wal_guard.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "store/vfs_file.hpp"
#include "store/wal_image.hpp"

namespace patella::store {

namespace {
using Kind = VfsFile::Kind;
// The log is cut to 4 MiB after each checkpoint; the end of a very long session makes it longer for a moment.
constexpr int64_t kMaxLog = int64_t{256} << 20;

std::filesystem::path log_of(const std::filesystem::path& path) { return path.string() + "-wal"; }

uint32_t page_size_of(VfsFile& database) {
  const auto bytes = database.read(16, 2);
  if (!bytes || bytes->size() != 2) return 0;
  const uint32_t size =
      static_cast<uint32_t>(static_cast<unsigned char>((*bytes)[0])) << 8 | static_cast<unsigned char>((*bytes)[1]);
  return size == 1 ? 65536 : size;
}

Status replace_log(const std::filesystem::path& path, const std::string& vfs, std::string_view bytes) {
  const auto log = VfsFile::open(vfs, log_of(path), Kind::log, true);
  if (!log) return Error{"the log cannot be written", log_of(path).string(), "Check the folder and its permissions"};
  Status done = log->write(0, bytes);
  if (done) done = log->truncate(static_cast<int64_t>(bytes.size()));
  if (done) done = log->sync();
  return done;
}

/// The pair under another name: first the database, the log takes its permissions from it.
Status copy_pair(const std::filesystem::path& path, const std::filesystem::path& to, const std::string& vfs) {
  // For its owner alone; SQLite would let others read it.
  if (vfs.empty()) UniqueFd(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)).reset();
  Status done = vfs_copy(vfs, path, to, Kind::database);
  if (done) done = vfs_copy(vfs, log_of(path), log_of(to), Kind::log);
  if (done) return done;
  vfs_delete(vfs, to);
  vfs_delete(vfs, log_of(to));
  return done;
}

Status put_in_place(const std::filesystem::path& path, const std::string& vfs, WalFinding& finding) {
  const WalVerdict verdict = inspect_wal(finding.original, finding.page_size, finding.way == 0);
  finding.whole = verdict.whole && finding.way < 2;
  finding.check_all = !verdict.exact;
  if (finding.whole) return replace_log(path, vfs, verdict.image);
  if (finding.way > 0)
    if (Status done = replace_log(path, vfs, finding.original); !done) return done;
  if (verdict.image.empty()) return {};
  finding.rest = path.string() + ".recovering";
  for (const auto& old : {log_of(finding.rest), finding.rest}) vfs_delete(vfs, old);
  Status done = copy_pair(path, finding.rest, vfs);
  if (done) done = replace_log(finding.rest, vfs, verdict.image);
  return done;
}
}  // namespace

std::filesystem::path name_aside(const std::filesystem::path& path, const std::string& vfs) {
  std::string utc = utc_text(SystemClock().wall().utc_us);
  std::erase_if(utc, [](char c) { return c == '-' || c == ':'; });
  std::filesystem::path target = path.string() + ".damaged-" + utc;
  for (int n = 2; vfs_exists(vfs, target); ++n) target = fmt::format("{}.damaged-{}-{}", path.string(), utc, n);
  return target;
}

Result<WalFinding> guard_log(const std::filesystem::path& path, const std::string& vfs) {
  WalFinding finding;
  const auto log = VfsFile::open(vfs, log_of(path), Kind::log, false);
  if (!log || log->size().value_or(0) == 0 || log->size().value_or(0) > kMaxLog) return finding;
  const auto database = VfsFile::open(vfs, path, Kind::database, false);
  if (!database || !database->lock()) return finding;
  std::optional<std::string> bytes = log->read(0, kMaxLog);
  if (!bytes) return finding;
  finding.original = std::move(*bytes);
  finding.page_size = page_size_of(*database);
  if (!inspect_wal(finding.original, finding.page_size, true).damaged) return finding;

  const std::filesystem::path aside = name_aside(path, vfs);
  if (Status done = copy_pair(path, aside, vfs); !done) return done.error();
  finding.damaged = true;
  finding.aside = aside.filename().string();
  if (Status done = put_in_place(path, vfs, finding); !done) return done.error();
  return finding;
}

Result<bool> guard_again(const std::filesystem::path& path, const std::string& vfs, WalFinding& finding) {
  if (!finding.damaged || finding.way == 2) return false;
  ++finding.way;
  if (Status done = put_in_place(path, vfs, finding); !done) return done.error();
  return true;
}

}  // namespace patella::store
