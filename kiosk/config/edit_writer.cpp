#include "config/edit_writer.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include "base/files.hpp"
#include "base/new_file.hpp"
#include "config/edit_files.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

Error disk_error(const char* what, const fs::path& path) {
  return {fmt::format("{}: {}", what, std::strerror(errno)), path.string(), "Check the folder, its permissions and the free space"};
}

/// The folder and those above it up to `state`, for the kiosk's user alone, and on the disk.
Status make_folder(const fs::path& state, const fs::path& folder) {
  if (folder == state) return {};
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
  if (::link(file.c_str(), kept.c_str()) != 0 && errno != EEXIST) {
    const auto text = read_file(file, kLargestFile);  // a file system without such links
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

/// As it was before: the kept revision is in force again.
Status put_back(const fs::path& state, const Draft& draft) {
  const fs::path file = state / edit_file_name(draft.station);
  if (draft.keep_as == 0) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) return disk_error("cannot be removed", file);
    return sync_folder(file.parent_path());
  }
  const fs::path kept = state / revision_name(draft.station, draft.keep_as);
  if (same_bytes(kept, file)) return {};  // it was never in place
  const fs::path again = file.string() + ".again.new";
  ::unlink(again.c_str());
  if (::link(kept.c_str(), again.c_str()) == 0 && ::rename(again.c_str(), file.c_str()) == 0) return sync_folder(file.parent_path());
  const auto text = read_file(kept, kLargestFile);
  if (!text) return text.error();
  return save_atomically(file, *text);
}

Error put_back_all(Error error, const fs::path& state, std::span<const Draft> drafts) {
  for (const Draft& draft : drafts) {
    const Status done = put_back(state, draft);
    if (done) continue;
    error.what += fmt::format("; {} is changed and could not be put back ({})", edit_file_name(draft.station), done.error().what);
    error.remedy = fmt::format("Check the disk, then put the earlier revision in force with `patella edits {}`", draft.station);
  }
  return error;
}

}  // namespace

Status write_drafts(const fs::path& state, std::vector<Draft> drafts) {
  std::reverse(drafts.begin(), drafts.end());
  for (const Draft& draft : drafts) {
    if (Status made = make_folder(state, (state / edit_file_name(draft.station)).parent_path()); !made) return made;
    remove_left_over(state, draft.station);
    if (Status kept = keep(state, draft); !kept) return kept;
  }
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const Status saved = save_atomically(state / edit_file_name(drafts[i].station), drafts[i].text);
    // Also the one that failed: it may be in place, and its folder not synced.
    if (!saved) return put_back_all(saved.error(), state, std::span(drafts).first(i + 1));
  }
  return {};
}

}  // namespace patella::config
