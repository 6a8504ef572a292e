// One file from disk to a TOML table, and where its diagnostics go.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/toml.hpp"

namespace patella::config {

inline constexpr std::size_t kMaxFile = 1u << 20;

/// Collects what is wrong in one file.
class Diagnostics {
 public:
  Diagnostics(std::string file, std::vector<Diagnostic>& diagnostics) : file_(std::move(file)), findings_(diagnostics) {}
  void error(int line, std::string key, std::string what, std::string remedy);
  void warning(int line, std::string key, std::string what, std::string remedy);
  const std::string& file() const { return file_; }
  int errors() const { return errors_; }
  const std::string& first_error() const { return first_error_; }  ///< its text(), "" = none

 private:
  std::string file_, first_error_;
  std::vector<Diagnostic>& findings_;
  int errors_ = 0;
};

/// `text` without the line "KEY = []" beside [[KEY]] blocks, which an earlier version of a shipped file had: TOML takes it for the same
/// key given twice, or for a key of the block above it. Lines keep their numbers. Unchanged when there are no such blocks.
std::string without_empty_list(std::string text, std::string_view key);

/// Reads and parses `folder`/`notes.file()`. Nothing, and an error in `notes`, when it is missing, no plain
/// file, empty, too large, not UTF-8, or not TOML.
/// `change`: what becomes of the text before it is parsed; empty: nothing.
std::optional<toml::table> parse_file(const std::filesystem::path& folder, Diagnostics& notes,
                                      const std::function<std::string(std::string)>& change = {});

/// The same of a text that was read already.
std::optional<toml::table> parse_text(std::string_view content, Diagnostics& notes);

/// Names ("tke") of the .toml files in `folder`/`sub`, sorted. A missing or unreadable folder is an error in
/// `diagnostics`; a name that looks like a TOML file and is not read (tke.toml.txt) a warning.
std::vector<std::string> toml_names(const std::filesystem::path& folder, const std::string& sub,
                                    std::vector<Diagnostic>& diagnostics);

/// Runs `read`; an exception (memory, a limit of the parser) becomes an error in `notes`.
template <class Read>
void guarded(Diagnostics& notes, Read&& read) {
  try {
    read();
  } catch (const std::exception& error) {
    notes.error(0, "", std::string("cannot be read: ") + error.what(), "Check that it is the right file");
  }
}

}  // namespace patella::config
