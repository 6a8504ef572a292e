// Next revisions of edits put on the disk; what was in force is kept first.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/edit_file.hpp"

namespace patella::config {

/// A station's next revision, checked for its form.
struct Draft {
  std::string station;
  std::string text;
  EditFilePtr file;
  int keep_as = 0;  ///< revision that the file in force is kept as; 0: there is none
};

/// All new files are on the disk before the first gets its name, so that want of room or of a permission changes nothing. The last station
/// gets its name first: when power goes in between, the stations before it still have the earlier revision, and load() takes back the
/// one that does not agree with them. `drafts`: in the order of their stations' ids. Error: nothing is changed, unless the disk itself
/// failed while names were given.
Status write_drafts(const std::filesystem::path& state, std::vector<Draft> drafts);

}  // namespace patella::config
