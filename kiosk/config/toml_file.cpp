#include "config/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "base/toml_depth.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

std::string Diagnostic::text() const {
  std::string where = line > 0 ? fmt::format("{}:{}", file, line) : file;
  if (!key.empty()) where += ": " + key;
  const auto ended = [](const std::string& sentence) {
    return sentence + (sentence.ends_with('?') || sentence.ends_with('.') ? "" : ".");
  };
  std::string text = where + ": " + ended(what);
  if (!remedy.empty()) text += ' ' + ended(remedy);
  return text;
}

void Diagnostics::error(int line, std::string key, std::string what, std::string remedy) {
  findings_.push_back({Diagnostic::Level::error, file_, line, std::move(key), std::move(what), std::move(remedy)});
  if (++errors_ == 1) first_error_ = findings_.back().text();
}

void Diagnostics::warning(int line, std::string key, std::string what, std::string remedy) {
  findings_.push_back({Diagnostic::Level::warning, file_, line, std::move(key), std::move(what), std::move(remedy)});
}

namespace {

/// False, with an error told, unless it is a plain file: a pipe would make the reader wait for ever.
bool is_plain_file(const fs::path& path, Diagnostics& notes) {
  std::error_code failure;
  const fs::file_status link = fs::symlink_status(path, failure);
  const fs::file_status target = fs::status(path, failure);
  if (fs::is_regular_file(target)) return true;
  if (fs::is_directory(target)) {
    notes.error(0, "", "is a folder, not a file", "Move the folder away and put the file there");
  } else if (!fs::exists(target) && fs::is_symlink(link)) {
    notes.error(0, "", "is a link to something that does not exist", "Replace the link by the file");
  } else if (!fs::exists(target)) {
    notes.error(0, "", "is missing", "Put the file there, or take it from the config folder that Patella came with");
  } else {
    notes.error(0, "", "is not a plain file", "Replace it by a file");
  }
  return false;
}

int line_at(std::string_view content, std::size_t offset) {
  return 1 + static_cast<int>(std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

/// False, with an error told, for bytes that no parser needs to see.
bool is_readable_text(std::string_view content, Diagnostics& notes) {
  if (content.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    notes.error(0, "", "is empty", "Write the entry, or remove the file");
    return false;
  }
  const auto bad = first_bad_utf8(content);
  if (bad) notes.error(line_at(content, *bad), "", "has a byte that is not UTF-8", "Save the file as UTF-8 text");
  return !bad;
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return name.ends_with(e); });
}

/// tke.toml.txt, Tke.TOML: meant to be read, and would be passed over in silence.
bool looks_like_toml(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name.find(".toml") != std::string::npos && !ends_with_any(name, {".previous", ".new", ".orig", ".bak", ".swp", "~"});
}

/// A file's name as it can be shown: a name on disk may be any bytes.
std::string shown_name(std::string name) {
  while (const auto bad = first_bad_utf8(name)) name[*bad] = '?';
  return name;
}

}  // namespace

std::string without_empty_list(std::string text, std::string_view key) {
  const std::string header = fmt::format("[[{}]]", key), empty = fmt::format("{}=[]", key);
  bool blocks = false;
  std::vector<std::pair<std::size_t, std::size_t>> lists;  // begin and length of the lines
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.erase(std::min(line.find('#'), line.size()));
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    blocks = blocks || line == header;
    if (line == empty) lists.emplace_back(at, end - at);
    at = end + 1;
  }
  if (!blocks) return text;
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) text.erase(list->first, list->second);
  return text;
}

std::optional<toml::table> parse_text(std::string_view content, Diagnostics& notes) {
  if (!is_readable_text(content, notes)) return std::nullopt;
  if (const auto deep = toml_too_deep(content)) {
    notes.error(deep->line, "", deep->what, deep->remedy);
    return std::nullopt;
  }
  try {
    return toml::parse(content);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    notes.error(static_cast<int>(at.line), "", fmt::format("is not valid TOML at column {}: {}", at.column, error.description()),
                "Correct the line; strings need quotes, and each key is given once");
    return std::nullopt;
  }
}

std::optional<toml::table> parse_file(const fs::path& folder, Diagnostics& notes,
                                      const std::function<std::string(std::string)>& change) {
  const fs::path path = folder / notes.file();
  if (!is_plain_file(path, notes)) return std::nullopt;
  Result<std::string> content = read_file(path, kMaxFile);
  if (!content) {
    notes.error(0, "", content.error().what, content.error().remedy);
    return std::nullopt;
  }
  return parse_text(change ? change(std::move(*content)) : *content, notes);
}

std::vector<std::string> toml_names(const fs::path& folder, const std::string& sub, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator entries(folder / sub, failure);
  if (failure) {
    Diagnostics(sub, diagnostics)
        .error(0, "", "cannot be listed: " + failure.message(), "Make the folder and put the files there");
    return names;
  }
  for (; !failure && entries != fs::directory_iterator(); entries.increment(failure)) {
    const std::string name = entries->path().filename().string();
    if (name.starts_with('.')) continue;  // hidden files, and the lock files of editors
    if (name.size() > 5 && name.ends_with(".toml") && !first_bad_utf8(name)) {
      names.push_back(name.substr(0, name.size() - 5));
    } else if (looks_like_toml(name)) {
      Diagnostics(sub + '/' + shown_name(name), diagnostics)
          .warning(0, "", "is not read, because its name does not end in .toml", "Rename it to NAME.toml, or move it away");
    }
  }
  if (failure) Diagnostics(sub, diagnostics).error(0, "", "cannot be listed to its end: " + failure.message(), "Check the disk");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace patella::config
