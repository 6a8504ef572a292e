// One file of an export: written beside its place, then renamed. Counts and hashes what goes in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/new_file.hpp"
#include "base/result.hpp"
#include "export/sha256.hpp"

namespace patella::exporting {

class ExportFile {
 public:
  static Result<ExportFile> make(const std::filesystem::path& path);
  ExportFile(ExportFile&&) = default;  ///< destroyed unfinished, nothing is left of it

  void put(std::string_view text) {
    if (used_ + text.size() > kBuffer) flush();
    place(text);
  }
  /// Room for at least `size` (≤ 64 KiB) bytes to write into directly; `took(end)` says how far.
  char* room(std::size_t size) {
    if (used_ + size > kBuffer) flush();
    return buffer_.get() + used_;
  }
  void took(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.get()); }

  /// Writes the rest and renames. Any earlier trouble comes out here, and a file that has its name already.
  Status finish(Sync sync);
  const std::string& sha256() const { return sha256_; }  ///< after finish()
  uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kBuffer = 256 << 10;  // stays in the cache between formatting, hashing and writing

  explicit ExportFile(NewFile file);
  void flush();
  void place(std::string_view text);

  NewFile file_;
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  uint64_t bytes_ = 0;
  int failed_ = 0;  // errno of the first failure
  Sha256 hash_;
  std::string sha256_;
};

}  // namespace patella::exporting
