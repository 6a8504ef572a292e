// Who may include whom, as in docs/architecture.md. CMake's links enforce most of it; this reads the text, so that a
// link too many, a relative path or a library in the wrong folder is found too.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace patella::boundaries {

/// One line for each include that breaks the law: "file:line: what, and what is allowed". Tests (*_test.cpp and the
/// folder tests/) may include anything.
std::vector<std::string> broken_includes(const std::filesystem::path& root);

/// How many include lines were judged: a scan that finds nothing to read must not look like a clean one.
std::size_t judged_includes(const std::filesystem::path& root);

}  // namespace patella::boundaries
