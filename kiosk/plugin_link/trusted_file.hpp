// Who could change a file that the kiosk is about to run.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace patella::plugin_link {

/// Error: somebody other than root and the kiosk's own user may change `file`, or put another one in its place: it, or its
/// folder, belongs to another user, or everybody may write it or a folder above it. Where the path leads through symbolic
/// links, both ways are looked at. A file that is not there is nobody's: no error.
Status check_trusted(const std::filesystem::path& file);

}  // namespace patella::plugin_link
