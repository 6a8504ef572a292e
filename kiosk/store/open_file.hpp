// Opening the one file: pragmas in their order, schema, check after an unclean stop, a damaged file set aside.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/open_options.hpp"
#include "store/sqlite_db.hpp"

namespace patella::store {

struct OpenedFile {
  std::unique_ptr<Db> db;  ///< null: the disk does not let us now; `notice` says why
  std::string notice;
};

Result<OpenedFile> open_file(const std::filesystem::path& path, const OpenOptions& options);

/// Writes "clean_shutdown" durably.
Status mark_clean(Db& db, bool clean);

}  // namespace patella::store
