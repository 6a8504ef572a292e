// Reading and saving whole files so that a power cut leaves the old or the new one, never a part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella {

/// The whole file. Error: missing, unreadable, no plain file (never waits for a named pipe), larger than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 16u << 20);

/// Somebody else's file in another version (base/new_file.hpp is for the program's own): a new file beside it, fsync, the
/// previous kept as "<name>.previous", rename, fsync of the folder. It has the permissions of the old one, or is its
/// owner's alone. On error the old file is as it was.
Status save_file(const std::filesystem::path& path, std::string_view content);

/// "<name>.previous".
std::filesystem::path previous_of(const std::filesystem::path& path);
/// That one becomes the file again, and none is kept; needs no room on the disk. Error: there is none.
Status restore_previous(const std::filesystem::path& path);

}  // namespace patella
