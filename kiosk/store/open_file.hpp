// Opening the one file: pragmas in their order, schema, check after an unclean stop, a damaged file set aside.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/open_options.hpp"
#include "store/sqlite_db.hpp"

namespace patella::store {

struct OpenedFile {
  std::unique_ptr<Db> db;        ///< null: the disk does not let us now
  std::optional<Error> held_up;  ///< then: why
  Messages notice;               ///< of a damaged file that was set aside, of a damaged log; empty = nothing
  std::filesystem::path rest;    ///< a copy that holds more than the file, since its log was damaged; ""
};

Result<OpenedFile> open_file(const std::filesystem::path& path, const OpenOptions& options);

/// A small commit: says that the file is in use, and counts.
Status mark_opened(Db& db);

/// Says that damage was seen: the next start checks the whole file, however large.
Status mark_suspect(Db& db);

/// Says durably that the file was left in order: the next start needs no check of the whole file.
Status mark_clean(Db& db);

}  // namespace patella::store
