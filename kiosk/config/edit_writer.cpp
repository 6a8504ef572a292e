#include "config/edit_writer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/files.hpp"
#include "base/new_file.hpp"
#include "config/edit_files.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

Error disk_error(const char* what, const fs::path& path) {
  return {fmt::format("{}: {}", what, std::strerror(errno)), path.string(),
          "Check the folder, its permissions and the free space"};
}

/// The folder and those above it up to `state`, for the kiosk's user alone, and on the disk.
Status make_folder(const fs::path& state, const fs::path& folder) {
  if (folder == state || folder == folder.parent_path()) return {};  // the state folder is there, and so is the root
  if (Status above = make_folder(state, folder.parent_path()); !above) return above;
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
  std::error_code ignored;
  if (errno == EEXIST && fs::is_directory(folder, ignored)) return {};
  return disk_error("the folder cannot be made", folder);
}

/// The file in force, kept under its number before another takes its place. A link to it needs no room.
Status keep(const fs::path& state, const Draft& draft) {
  if (draft.keep_as == 0) return {};
  const fs::path file = state / edit_file_name(draft.station), kept = state / revision_name(draft.station, draft.keep_as);
  if (Status made = make_folder(state, kept.parent_path()); !made) return made;
  struct stat found {};
  if (::lstat(file.c_str(), &found) != 0) return disk_error("cannot be looked at", file);
  if (!S_ISREG(found.st_mode)) return Error{"is no plain file of the kiosk's own", file.string(), "Move it away, then try again"};
  if (::link(file.c_str(), kept.c_str()) != 0) {
    if (errno == EEXIST) {
      if (same_bytes(file, kept)) return {};
      return Error{"is another revision than the one in force", kept.string(), "Move it away, then try again"};
    }
    const auto text = read_file(file, kMaxFile);  // a file system without such links
    if (!text) return text.error();
    if (Status copied = write_new_file(kept, *text); !copied) return copied;
  }
  return sync_folder(kept.parent_path());
}

/// Unfinished files of saves that were cut off; nobody else saves now.
void remove_left_over(const fs::path& state, const std::string& station) {
  const fs::path file = state / edit_file_name(station);
  std::error_code failure;
  std::vector<fs::path> left;
  for (fs::directory_iterator at(file.parent_path(), failure), end; !failure && at != end; at.increment(failure)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(file.filename().string() + '.') && name.ends_with(".new")) left.push_back(at->path());
  }
  for (const fs::path& path : left) ::unlink(path.c_str());
}

/// The new file beside its place, on the disk; without its name yet.
Result<NewFile> prepared(const fs::path& state, const Draft& draft) {
  const fs::path file = state / edit_file_name(draft.station);
  if (Status made = make_folder(state, file.parent_path()); !made) return made.error();
  remove_left_over(state, draft.station);
  if (Status kept = keep(state, draft); !kept) return kept.error();
  auto fresh = NewFile::make(file);
  if (!fresh) return fresh;
  if (Status written = fresh->write(draft.text); !written) return written.error();
  if (::fsync(fresh->fd()) != 0) return disk_error("cannot be written", file);
  return fresh;
}

}  // namespace

Status write_drafts(const fs::path& state, std::vector<Draft> drafts) {
  if (drafts.empty()) return {};
  std::vector<NewFile> files;
  for (const Draft& draft : drafts) {
    auto file = prepared(state, draft);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  for (NewFile& file : files)
    if (Status placed = file.finish(Existing::replace, Sync::later); !placed) return placed;
  return sync_folder(files.front().path().parent_path());
}

}  // namespace patella::config
