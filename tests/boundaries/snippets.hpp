// Code shown in a document is code that is built and tested: each block that names a file is found in that file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace patella::boundaries {

struct Snippets {
  int compared = 0;
  std::vector<std::string> wrong;  ///< "document:line: …"
};

/// Looks at the fenced blocks of docs/*.md whose fence says a language and a path: ```cpp devices/template/x.hpp
Snippets compare_snippets(const std::filesystem::path& root);

}  // namespace patella::boundaries
