// Files that the program makes itself: always new ones, its owner's alone (mode 0600), through no link, and whole from the
// moment they have their name. Nothing that exists is opened for writing, so nothing of others can be cut or followed.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace patella {

/// What becomes of a file that has the name already.
enum class Existing {
  refuse = 1,  ///< stays as it is, and the Error says so: the name was given by somebody
  replace      ///< is replaced: the name is the program's own
};

enum class Sync {
  now = 1,  ///< the content is on the disk before the name is
  later     ///< for one of very many: sync_file_system() after the last
};

class NewFile {
 public:
  /// Made beside `path`, under a name of its own: "<name>.<16 digits>.new". Error: the folder, its permissions.
  static Result<NewFile> make(const std::filesystem::path& path);
  NewFile(NewFile&& other) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();  ///< removes the unfinished file

  int fd() const { return fd_.get(); }  ///< may be read, too
  const std::filesystem::path& path() const { return path_; }
  Status write(std::string_view content);
  /// Gives it its name; the folder is still to be synced. Error: nothing is left behind.
  Status finish(Existing existing, Sync sync = Sync::now);

 private:
  NewFile(std::filesystem::path path, std::filesystem::path temporary, UniqueFd fd);

  std::filesystem::path path_, temporary_;
  UniqueFd fd_;  ///< none: finished
};

/// A file that is not there yet, on the disk when this returns. Error: something has that name, also a link to nothing.
Status write_new_file(const std::filesystem::path& path, std::string_view content);
/// A file of the program's own: the new content or, on an Error, what was there.
Status save_atomically(const std::filesystem::path& path, std::string_view content);

/// After the last rename: the names are on the disk too.
Status sync_folder(const std::filesystem::path& folder);
/// Everything in the folder's file system is on the disk when this returns. Error: something could not be written.
Status sync_file_system(const std::filesystem::path& folder);

}  // namespace patella
