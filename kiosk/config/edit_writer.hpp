// Next revisions of edits put on the disk: all of them or none, and what was in force is kept first.
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

/// Everything that can fail for want of room first. The last station first: when power goes in between, the stations before it still
/// have the earlier revision, and load() takes back the one that does not agree with them. `drafts`: in the order of their stations'
/// ids. Error: nothing is changed; a file that could not be put back is named.
Status write_drafts(const std::filesystem::path& state, std::vector<Draft> drafts);

}  // namespace patella::config
