// Reading whole files. The program's own are written by base/new_file.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace patella {

/// The whole file. Error: missing, unreadable, no plain file (never waits for a named pipe), larger than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 16u << 20);

}  // namespace patella
