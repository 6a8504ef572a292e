// Before SQLite opens the file: a look at its write-ahead log. A damaged one is kept aside with its database, and what can
// be had back of it is put in its place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace patella::store {

struct WalFinding {
  bool damaged = false;
  bool whole = false;          ///< nothing is lost
  bool check_all = false;      ///< frames were left out: the whole file is to be checked once
  int way = 0;                 ///< 0 with guesses, 1 without, 2 nothing in place of the log
  std::string aside;           ///< name of the copy of the database; its log lies beside it
  std::filesystem::path rest;  ///< not whole: a copy of the file whose log has everything that can be read; "" = none
  std::string original;        ///< the log's bytes as they were found
  uint32_t page_size = 0;      ///< of the database
};

/// Nothing is done when another process has the file, or when there is none. Error: it is damaged, and the copy cannot be made
/// now (a full disk); then the file must not be opened: that would overwrite what is to be kept.
Result<WalFinding> guard_log(const std::filesystem::path& path, const std::string& vfs);

/// What was put in the log's place turned out to be no good: the next more careful way. First without guesses; then the log as it
/// was found, which SQLite reads up to the damage, and the rest apart. False: that was the last way.
Result<bool> guard_again(const std::filesystem::path& path, const std::string& vfs, WalFinding& finding);

/// A name beside `path` that no file has: "<name>.damaged-<UTC>".
std::filesystem::path name_aside(const std::filesystem::path& path, const std::string& vfs);

}  // namespace patella::store
