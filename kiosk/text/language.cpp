#include "text/language.hpp"

#include <libintl.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>

namespace patella::text {

namespace {
namespace fs = std::filesystem;

constexpr const char* kLocale = "C_x.UTF-8";
constexpr const char* kFolderName = "x";  // what LANGUAGE says: all languages lie under it, each a domain
constexpr const char* kPrefix = "patella_";
constexpr const char* kKnownText = "Patella: known text";  // every catalogue translates it
constexpr char kContextEnd = '\004';

std::vector<std::string> languages_in(const fs::path& folder) {
  std::vector<std::string> languages;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / kFolderName / "LC_MESSAGES", none)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".mo" && name.starts_with(kPrefix))
      languages.push_back(name.substr(std::string_view(kPrefix).size()));
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
      return Error{"The catalogue of \"" + language + "\" does not translate its known text", folder.string(),
                   "Install Patella again"};
  }
  return languages;
}

void open_plugin_catalogues(const fs::path& folder) {
  std::error_code none;
  // A folder cannot speak for another plugin, nor for the kiosk: only languages that the kiosk has, and only its own name.
  const std::string name = folder.filename().string(), prefix = name + "_";
  if (prefix == kPrefix) return;
  for (const auto& entry : fs::directory_iterator(folder / "locale" / kFolderName / "LC_MESSAGES", none)) {
    const std::string domain = entry.path().stem().string();
    if (entry.path().extension() != ".mo" || !domain.starts_with(prefix) || !translates(domain.substr(prefix.size()))) continue;
    bindtextdomain(domain.c_str(), (folder / "locale").c_str());
    bind_textdomain_codeset(domain.c_str(), "UTF-8");
  }
}

namespace {
/// In one domain; empty when it does not have it.
std::string found_in(const std::string& domain, const Message& message) {
  const std::string key = message.context.empty() ? message.id : message.context + kContextEnd + message.id;
  const char* found = nullptr;
  const PluralCount plural = plural_count(message);
  if (!plural.there) {
    found = dgettext(domain.c_str(), key.c_str());
  } else {
    // What is not in the catalogue comes back as one of the two that went in.
    found = dngettext(domain.c_str(), key.c_str(), message.plural_id.c_str(), plural.count);
    if (found == message.plural_id.c_str()) return "";
  }
  return found == key.c_str() ? "" : found;
}
}  // namespace

Language::Language(const std::string& language) : language_(language), domain_(kPrefix + language) {}

std::string Language::operator()(const char* id) const { return domain_.empty() ? id : dgettext(domain_.c_str(), id); }

std::string Language::in(const char* context, const char* id) const {
  if (domain_.empty()) return id;
  const std::string key = std::string(context) + kContextEnd + id;
  const char* found = dgettext(domain_.c_str(), key.c_str());
  return found == key.c_str() ? id : found;
}

std::string Language::pattern(const Message& message) const {
  if (domain_.empty()) return Phrasebook::pattern(message);
  if (!message.catalogue.empty())
    if (std::string found = found_in(message.catalogue + "_" + language_, message); !found.empty()) return found;
  std::string found = found_in(domain_, message);
  return found.empty() ? Phrasebook::pattern(message) : found;
}

}  // namespace patella::text
