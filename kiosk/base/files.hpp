// Reading and saving whole files so that a power cut leaves the old or the new one, never a part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella {

/// The whole file. Error: missing, unreadable, larger than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 16u << 20);

/// Temp file beside it, write, fsync, keep the previous as "<name>.previous", rename, fsync of the folder.
/// The new file has the permissions of the old one. On error the old file is as it was.
Status save_file(const std::filesystem::path& path, std::string_view content);

/// "<name>.previous".
std::filesystem::path previous_of(const std::filesystem::path& path);
/// That one becomes the file again, and none is kept; needs no room on the disk. Error: there is none.
Status restore_previous(const std::filesystem::path& path);

}  // namespace patella
