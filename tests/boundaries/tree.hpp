// The files of the source tree that the laws are about.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace patella::boundaries {

struct SourceFile {
  std::string path;  ///< from the root, with '/'
  std::string text;
};

/// Every file below the given folders (or the file itself) whose name ends in one of `endings`, sorted by path. Folders
/// named build or beginning with a point are left out.
std::vector<SourceFile> read_tree(const std::filesystem::path& root, const std::vector<std::string>& folders,
                                  const std::vector<std::string>& endings);

/// 1-based line of a position.
int line_of(const std::string& text, std::size_t position);

}  // namespace patella::boundaries
