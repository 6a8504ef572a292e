#include "wording.hpp"

#include <regex>
#include <string_view>

#include "tree.hpp"

namespace patella::boundaries {
namespace fs = std::filesystem;
namespace {

struct Exception {
  std::string_view path, word, reason;
};
// Only where the word means something else than a claim about a person.
const Exception kExceptions[] = {
    {"plugins/check/forbidden.cpp", "alarm", "the name of a function of the C library"},
};

const std::regex& pattern() {
  static const std::regex words(
      "\\b(diagnos(?:is|es|e|ed|tic|tics)|treat(?:ment|ments|ing)|monitoring|alarms?|safe limits?|recommended "
      "loads?|risks?|risky)\\b",
      std::regex::icase);
  return words;
}

bool is_source(const std::string& path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".c") || path.ends_with(".h");
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

std::string literals_only(const std::string& source) {
  std::string kept(source.size(), ' ');
  for (std::size_t i = 0; i < source.size(); ++i)
    if (source[i] == '\n') kept[i] = '\n';
  const auto skip_to = [&](std::size_t from, std::string_view end) {
    const std::size_t at = source.find(end, from);
    return at == std::string::npos ? source.size() : at + end.size();
  };
  for (std::size_t i = 0; i < source.size();) {
    if (source.compare(i, 2, "//") == 0) {
      i = skip_to(i, "\n");
    } else if (source.compare(i, 2, "/*") == 0) {
      i = skip_to(i + 2, "*/");
    } else if (source.compare(i, 2, "R\"") == 0) {
      const std::size_t open = source.find('(', i);
      if (open == std::string::npos) break;
      const std::size_t end = skip_to(open, ")" + source.substr(i + 2, open - i - 2) + "\"");
      kept.replace(open, end - open, source, open, end - open);
      i = end;
    } else if (source[i] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(source[i - 1])))) {
      for (++i; i < source.size() && source[i] != '\''; ++i)
        if (source[i] == '\\') ++i;
      ++i;
    } else if (source[i] == '"') {
      for (++i; i < source.size() && source[i] != '"' && source[i] != '\n'; ++i) {
        if (source[i] != '\\')
          kept[i] = source[i];
        else if (i + 1 < source.size() && source[i + 1] != '\n')
          ++i;
      }
      ++i;
    } else {
      ++i;
    }
  }
  return kept;
}

std::vector<std::string> forbidden_words(const fs::path& root) {
  std::vector<std::string> found;
  std::vector<bool> used(std::size(kExceptions), false);
  const auto files = read_tree(root, {"kiosk", "plugins", "devices", "config", "docs", "packaging", "README.md"},
                               {".cpp", ".hpp", ".c", ".h", ".toml", ".md", ".json", ".service", ".desktop", ".rules", ".txt"});
  for (const SourceFile& file : files) {
    if (file.path.ends_with("_test.cpp")) continue;
    const std::string text = is_source(file.path) ? literals_only(file.text) : file.text;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern()); at != std::sregex_iterator(); ++at) {
      const std::string word = lower(at->str());
      bool excepted = false;
      for (std::size_t e = 0; e < std::size(kExceptions); ++e)
        if (file.path == kExceptions[e].path && word == kExceptions[e].word) excepted = used[e] = true;
      if (!excepted)
        found.push_back(file.path + ":" + std::to_string(line_of(text, static_cast<std::size_t>(at->position()))) + ": " + word);
    }
  }
  for (std::size_t e = 0; e < std::size(kExceptions); ++e)
    if (!used[e] && fs::exists(root / kExceptions[e].path))
      found.push_back("tests/boundaries/wording.cpp: the exception for " + std::string(kExceptions[e].path) +
                      " is not needed any more");
  return found;
}

}  // namespace patella::boundaries
