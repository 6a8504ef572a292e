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

/// All new files are on the disk before the first gets its name, so that want of room or of a permission changes nothing. They get
/// their names in this order: when power goes in between, load() lets what was last set of a device count for all its stations. Error: nothing is changed, unless the disk itself
/// failed while names were given.
Status write_drafts(const std::filesystem::path& state, std::vector<Draft> drafts);

}  // namespace patella::config
