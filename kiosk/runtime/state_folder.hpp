// The folder with what the kiosk keeps: the session log, the secret for PINs, its own log, the control socket. All of it is
// its owner's alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/assembly.hpp"

namespace patella::runtime {

/// Takes away what others than the owner may do with the folder and the kiosk's files in it; what was changed or could not be, a
/// line each. Folders that are not the kiosk's alone (of somebody else, /tmp, a home) are left as they are: files in them are not.
std::vector<std::string> keep_to_owner(const std::filesystem::path& folder);

/// Error: this user or this disk cannot write the folder or the session log, in words; not a fault of the disk.
Status may_write(const Paths& paths);
/// The state folder, made if need be, and kept to its owner. Error text is printed.
bool make_state_folder(const Paths& paths);
std::filesystem::path database_file(const Paths& paths);
std::filesystem::path control_file(const Paths& paths);
/// What plugins have said of themselves (plugin_link/answer_cache.hpp). May be removed at any time.
std::filesystem::path answers_file(const Paths& paths);

}  // namespace patella::runtime
