#include "runtime/state_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/unique_fd.hpp"

namespace patella::runtime {

namespace fs = std::filesystem;

namespace {
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

/// patella.db-wal, patella.db.damaged-…, kiosk.2.log: what the kiosk writes here. Not the secret for PINs: one that was open to others
/// is refused until somebody has looked at it (pin/pepper.cpp).
bool is_own_name(const std::string& name) { return name.starts_with("patella.db") || name.ends_with(".log"); }

bool is_home(const fs::path& folder) {
  const char* home = std::getenv("HOME");
  std::error_code ignored;
  return folder == "/" || (home && *home && fs::equivalent(folder, home, ignored));
}

/// Others share a folder with the sticky bit, and one that holds things of others too.
bool is_kiosks_alone(const fs::path& folder, const struct stat& status) {
  if (status.st_uid != ::geteuid() || (status.st_mode & S_ISVTX) != 0 || is_home(folder)) return false;
  std::error_code failure;
  const fs::directory_iterator entries(folder, failure);
  if (failure) return false;
  return entries == fs::directory_iterator() || fs::exists(folder / "patella.db", failure);
}

std::string told(const fs::path& path, mode_t before, int code) {
  const std::string could = fmt::format("{}: other users could use it (mode {:03o})", path.string(), before & 0777u);
  return code == 0 ? could + "; now its owner alone can"
                   : fmt::format("{}, and that cannot be changed: {}. Set it to its owner alone", could, std::strerror(code));
}
}  // namespace

std::vector<std::string> keep_to_owner(const fs::path& folder) {
  std::vector<std::string> lines;
  const UniqueFd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!dir || ::fstat(dir.get(), &status) != 0) return lines;
  if ((status.st_mode & kOthers) != 0 && is_kiosks_alone(folder, status))
    lines.push_back(told(folder, status.st_mode, ::fchmod(dir.get(), status.st_mode & 0700u) == 0 ? 0 : errno));
  std::error_code failure;
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    if (std::string name = at->path().filename().string(); is_own_name(name)) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    // By name and not opened: closing a file drops the locks that this process has on it. A link is not followed.
    if (::fstatat(dir.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    if (status.st_uid != ::geteuid() || (status.st_mode & kOthers) == 0) continue;
    lines.push_back(
        told(folder / name, status.st_mode, ::fchmodat(dir.get(), name.c_str(), status.st_mode & 0700u, 0) == 0 ? 0 : errno));
  }
  return lines;
}

Status may_write(const Paths& paths) {
  const fs::path database = database_file(paths);
  const fs::path* barred = ::access(paths.state.c_str(), W_OK | X_OK) != 0 ? &paths.state : nullptr;
  if (!barred && ::access(database.c_str(), R_OK | W_OK) != 0 && errno != ENOENT) barred = &database;
  if (!barred) return {};
  if (errno == EROFS)
    return Error{"nothing can be stored, its disk is read-only", barred->string(),
                 "Make it writable, or give another folder with --state"};
  if (errno == EACCES)
    return Error{"this user may not write there, and the session log needs that also to be read", barred->string(),
                 "Run this as the user that runs the kiosk, or give another folder with --state"};
  return Error{fmt::format("the state folder cannot be used: {}", std::strerror(errno)), barred->string(),
               "Give another one with --state"};
}

bool make_state_folder(const Paths& paths) {
  const std::string where = paths.state.string();
  std::error_code error;
  const bool made = fs::create_directories(paths.state, error);
  if (made && !error) fs::permissions(paths.state, fs::perms::owner_all, error);
  if (error) {
    fmt::print(stderr, "{}: the state folder cannot be made: {}. Give another one with --state\n", where, error.message());
    return false;
  }
  if (Status writable = may_write(paths); !writable) {
    fmt::print(stderr, "{}\n", writable.error().text());
    return false;
  }
  for (const std::string& line : keep_to_owner(paths.state)) fmt::print(stderr, "{}\n", line);
  return true;
}

fs::path database_file(const Paths& paths) { return paths.state / "patella.db"; }
fs::path control_file(const Paths& paths) { return paths.state / "control.sock"; }
fs::path answers_file(const Paths& paths) { return paths.state / "plugins.known"; }

}  // namespace patella::runtime
