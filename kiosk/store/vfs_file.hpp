// Whole files through the same VFS as SQLite's own: in the tests that is a disk in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella::store {

class VfsFile {
 public:
  enum class Kind { database = 1, log };
  /// Read and write. nullptr: no such file (`create` false), or the VFS does not give it.
  static std::unique_ptr<VfsFile> open(const std::string& vfs, const std::filesystem::path& path, Kind kind, bool create);
  ~VfsFile();
  VfsFile(const VfsFile&) = delete;
  VfsFile& operator=(const VfsFile&) = delete;

  /// As SQLite locks it, until this goes. False: another connection has it.
  bool lock();
  std::optional<std::string> read(int64_t offset, int64_t size);  ///< shorter at the end of the file
  std::optional<int64_t> size();
  Status write(int64_t offset, std::string_view bytes);
  Status truncate(int64_t size);
  Status sync();

 private:
  struct Parts;
  explicit VfsFile(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

bool vfs_exists(const std::string& vfs, const std::filesystem::path& path);
void vfs_delete(const std::string& vfs, const std::filesystem::path& path);

/// Makes `to`, synced; a piece at a time.
Status vfs_copy(const std::string& vfs, const std::filesystem::path& from, const std::filesystem::path& to, VfsFile::Kind kind);

}  // namespace patella::store
