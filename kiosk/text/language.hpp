// Sentences in a person's language, from gettext catalogues: one domain a language, so that two people can read two languages at
// once and no thread's locale matters. The id of a text is its English sentence. A plugin brings catalogues of its own.
//
// glibc translates only in a locale that is not "C", and a minimal Debian has none. "C_x.UTF-8" is not there either: glibc falls
// back to the files of C.UTF-8, which libc-bin always installs, but keeps the name, so that LANGUAGE counts. ("C.UTF-8" itself
// translates nothing since glibc 2.41.) Nobody promises that; so open_catalogues() looks one known text up.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/message.hpp"
#include "base/result.hpp"
#include "base/sentence.hpp"

namespace patella::text {

/// The languages whose catalogues lie in `folder` (x/LC_MESSAGES/patella_<language>.mo), usable from then on. Once, in main(),
/// before any thread: it sets LANGUAGE and the category LC_MESSAGES of the process, nothing else of its locale. Error: this system
/// does not translate, or a catalogue does not translate its known text; English works all the same.
Result<std::vector<std::string>> open_catalogues(const std::filesystem::path& folder);

/// The catalogues in `folder`/locale (x/LC_MESSAGES/<folder>_<language>.mo) of a plugin, by its folder's name. A plugin without any
/// is fine: its texts are looked up in the kiosk's. From any thread, after open_catalogues().
void open_plugin_catalogues(const std::filesystem::path& folder);

/// One language. Plain to copy. From any thread.
class Language final : public Phrasebook {
 public:
  Language() = default;  ///< English, as the source has it
  /// "de", "qps", … English where there is no such catalogue.
  explicit Language(const std::string& language);

  /// The id itself when the catalogue does not have it. `id` in the source is English.
  std::string operator()(const char* id) const;
  /// One English word that is two in another language: `context` says which.
  std::string in(const char* context, const char* id) const;
  std::string operator()(const Message& message) const { return sentence(message, *this); }
  std::string operator()(const Messages& messages) const { return sentence(messages, *this); }

  /// A plugin's own catalogue first, then the kiosk's.
  std::string pattern(const Message& message) const override;
  std::string word(const char* context, const std::string& english) const override { return in(context, english.c_str()); }

 private:
  std::string language_, domain_;  ///< "" = the source's own English
};

}  // namespace patella::text
