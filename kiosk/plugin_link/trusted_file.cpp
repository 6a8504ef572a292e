#include "plugin_link/trusted_file.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include <fmt/format.h>

namespace patella::plugin_link {
namespace {

namespace fs = std::filesystem;

std::string name_of(uid_t user) {
  std::vector<char> room(4096);
  passwd entry{}, *found = nullptr;
  if (getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found) return found->pw_name;
  return fmt::format("number {}", user);
}

Status check_writable_by_all(const fs::path& path, const struct stat& found) {
  // In a folder with the sticky bit, as /tmp, nobody can rename or remove what is another's.
  const bool all = (found.st_mode & S_IWOTH) != 0 && !(S_ISDIR(found.st_mode) && (found.st_mode & S_ISVTX));
  if (!all) return {};
  return Error{"Every user of this machine may change it, so no plugin is loaded from there", path.string(),
               fmt::format("Install the plugin again, then run: chmod o-w '{}'", path.string())};
}

Status check_owner(const fs::path& path, const struct stat& found) {
  if (found.st_uid == 0 || found.st_uid == geteuid()) return {};
  return Error{
      fmt::format("It belongs to another user ({}), who could change what the kiosk runs, so no plugin is loaded from there",
                  name_of(found.st_uid)),
      path.string(), fmt::format("Install the plugin again, or run: chown root '{}'", path.string())};
}

Status check_way(const fs::path& file) {
  int steps = 0;
  for (fs::path path = file;; path = path.parent_path(), ++steps) {
    struct stat found {};
    if (stat(path.c_str(), &found) == 0) {
      if (Status status = check_writable_by_all(path, found); !status) return status;
      // The file and its folder. Whose the folders above are is between root and whoever built this program there.
      if (steps < 2)
        if (Status status = check_owner(path, found); !status) return status;
    }
    if (path == path.root_path() || path.empty()) return {};
  }
}

}  // namespace

Status check_trusted(const fs::path& file) {
  std::error_code error;
  const fs::path here = fs::absolute(file, error).lexically_normal();
  if (Status status = check_way(here); !status) return status;
  const fs::path there = fs::weakly_canonical(here, error);
  return error || there == here ? Status() : check_way(there);
}

}  // namespace patella::plugin_link
