#include "snippets.hpp"

#include <fstream>
#include <sstream>

#include "tree.hpp"

namespace patella::boundaries {

Snippets compare_snippets(const std::filesystem::path& root) {
  Snippets result;
  for (const SourceFile& document : read_tree(root, {"docs"}, {".md"})) {
    std::istringstream lines(document.text);
    std::string line, path, block;
    bool inside = false;
    int number = 0, begin = 0;
    while (std::getline(lines, line)) {
      ++number;
      if (!line.starts_with("```")) {
        if (inside) block += line + "\n";
        continue;
      }
      inside = !inside;
      if (inside) {
        const std::size_t space = line.find(' ');
        path = space == std::string::npos ? "" : line.substr(space + 1);
        block.clear();
        begin = number;
        continue;
      }
      if (path.empty()) continue;
      ++result.compared;
      std::ostringstream file;
      file << std::ifstream(root / path).rdbuf();
      if (block.empty() || file.str().find(block) == std::string::npos)
        result.wrong.push_back(document.path + ":" + std::to_string(begin) + ": this is not what stands in " + path);
    }
  }
  return result;
}

}  // namespace patella::boundaries
