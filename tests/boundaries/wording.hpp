// Words that no user of Patella may read: it shows, times, counts and records, and says so.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace patella::boundaries {

/// "file:line: word" for each forbidden word in a string literal of the sources (not in their comments), and anywhere in
/// configuration, documents, units and desktop files. Exceptions are in wording.cpp, each with its reason; one that
/// no longer applies is told as well.
std::vector<std::string> forbidden_words(const std::filesystem::path& root);

/// The text of a C++ source with everything blanked but its string literals. Lines stay where they are.
std::string literals_only(const std::string& source);

}  // namespace patella::boundaries
