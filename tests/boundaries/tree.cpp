#include "tree.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace patella::boundaries {
namespace fs = std::filesystem;

std::vector<SourceFile> read_tree(const fs::path& root, const std::vector<std::string>& folders,
                                  const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  const auto add = [&](const fs::path& file) {
    const std::string name = file.filename().string();
    const bool wanted = std::any_of(endings.begin(), endings.end(), [&](const std::string& end) { return name.ends_with(end); });
    if (!wanted) return;
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    files.push_back({fs::relative(file, root).generic_string(), text.str()});
  };
  for (const std::string& folder : folders) {
    if (fs::is_regular_file(root / folder)) add(root / folder);
    if (!fs::is_directory(root / folder)) continue;
    for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string name = entry->path().filename().string();
      if (entry->is_directory() && (name == "build" || name.starts_with('.'))) entry.disable_recursion_pending();
      if (entry->is_regular_file()) add(entry->path());
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

int line_of(const std::string& text, std::size_t position) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

}  // namespace patella::boundaries
