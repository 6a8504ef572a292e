#include "text/language.hpp"

#include <libintl.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>

namespace patella::text {

namespace {
namespace fs = std::filesystem;

constexpr const char* kLocale = "C_x.UTF-8";
constexpr const char* kFolderName = "x";          // what LANGUAGE says: all languages lie under it, each a domain
constexpr const char* kPrefix = "patella_";
constexpr const char* kKnownText = "Patella: known text";  // every catalogue translates it
constexpr char kContextEnd = '\004';

std::vector<std::string> languages_in(const fs::path& folder) {
  std::vector<std::string> languages;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / kFolderName / "LC_MESSAGES", none)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".mo" && name.starts_with(kPrefix)) languages.push_back(name.substr(std::string_view(kPrefix).size()));
  }
  std::sort(languages.begin(), languages.end());
  return languages;
}

bool translates(const std::string& language) {
  const std::string domain = kPrefix + language;
  return std::string_view(dgettext(domain.c_str(), kKnownText)) != kKnownText;
}
}  // namespace

Result<std::vector<std::string>> open_catalogues(const fs::path& folder) {
  ::setenv("LANGUAGE", kFolderName, 1);
  if (!std::setlocale(LC_MESSAGES, kLocale))
    return Error{"This system has no C.UTF-8 locale, so nothing is translated", folder.string(), "Install libc-bin again"};
  std::vector<std::string> languages = languages_in(folder);
  for (const std::string& language : languages) {
    const std::string domain = kPrefix + language;
    bindtextdomain(domain.c_str(), folder.c_str());
    bind_textdomain_codeset(domain.c_str(), "UTF-8");
    if (!translates(language))
      return Error{"The catalogue of \"" + language + "\" does not translate its known text", folder.string(), "Install Patella again"};
  }
  return languages;
}

Language::Language(const std::string& language) : domain_(kPrefix + language) {}

std::string Language::operator()(const char* id) const { return domain_.empty() ? id : dgettext(domain_.c_str(), id); }

std::string Language::in(const char* context, const char* id) const {
  if (domain_.empty()) return id;
  const std::string key = std::string(context) + kContextEnd + id;
  const std::string found = dgettext(domain_.c_str(), key.c_str());
  return found == key ? id : found;
}

std::string Language::plural(const char* one, const char* many, unsigned long count) const {
  if (domain_.empty()) return count == 1 ? one : many;
  return dngettext(domain_.c_str(), one, many, count);
}

std::string fill_in(std::string_view pattern, std::string_view first, std::string_view second) {
  std::string filled;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view mark = pattern.substr(i, 3);
    if (mark != "{0}" && mark != "{1}") {
      filled += pattern[i];
      continue;
    }
    filled += mark == "{0}" ? first : second;
    i += 2;
  }
  return filled;
}

}  // namespace patella::text
