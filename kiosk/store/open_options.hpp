// How the file is opened: what tests vary. The kiosk uses Store::open, that is the defaults.
#pragma once

#include <span>
#include <string>

#include "store/schema.hpp"
#include "store/store.hpp"

namespace patella::store {

struct OpenOptions {
  std::string vfs;                   ///< a registered SQLite VFS; "" = the system's
  std::string before_log = "EXTRA";  ///< synchronous at the switch to the write-ahead log, and
  std::string synchronous = "FULL";  ///< from then on; the durability tests show what weaker ones lose
  std::span<const Migration> steps = migrations();
};

Result<Store::Opened> open_store(const std::filesystem::path& path, const OpenOptions& options);

}  // namespace patella::store
