// Typed reading of one TOML table; each wrong value is told with its line and the full key.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/toml_file.hpp"

namespace patella::config {

enum class Need { optional = 1, required };

int line_of(const toml::node& node);
/// "a text", "a number", "a list": what the file has instead of what was wanted.
std::string kind_of(const toml::node& node);

/// A finite number within [min, max], or an error told. Whole: 3.5 and 3.0 are refused.
std::optional<double> read_number(const toml::node& node, const std::string& key, double min, double max, bool whole,
                                  Diagnostics& notes);
/// A text of at most `longest` characters without control characters, or an error told.
std::optional<std::string> read_text(const toml::node& node, const std::string& key, std::size_t longest, Diagnostics& notes);

class Reader {
 public:
  /// `path`: "" for the file itself, "rules" for [rules]. Both must outlive the reader.
  Reader(const toml::table& table, std::string path, Diagnostics& notes) : table_(table), path_(std::move(path)), notes_(notes) {}

  bool has(const char* key) const { return table_.contains(key); }
  std::string text(const char* key, Need need, std::size_t longest);
  /// An id (see is_id).
  std::string id(const char* key, Need need);
  double number(const char* key, Need need, double preset, double min, double max);
  int whole(const char* key, Need need, int preset, int min, int max);
  bool flag(const char* key, bool preset);
  /// A text that is one of `choices`.
  std::string choice(const char* key, const std::string& preset, const std::vector<std::string>& choices);
  std::vector<std::string> texts(const char* key, Need need, std::size_t most, std::size_t longest);
  /// A value of any type; null with an error told when it is needed and missing.
  const toml::node* value(const char* key, Need need) { return find(key, need); }
  const toml::table* table(const char* key);
  const toml::array* array(const char* key, Need need);
  /// Calls `each` with a reader for every table of a list: [[question]] or question = [{…}, {…}].
  void tables(const char* key, Need need, std::size_t most, const std::function<void(Reader&)>& each);

  /// Warns of keys that nobody asked for.
  void finish();

  int line(const char* key) const;  ///< of the value, or of the table when it is missing
  int line() const { return config::line_of(table_); }
  std::string full_key(std::string_view key) const { return path_.empty() ? std::string(key) : path_ + '.' + std::string(key); }
  Diagnostics& notes() { return notes_; }

 private:
  /// The node, or null with an error told when it is needed.
  const toml::node* find(const char* key, Need need);

  const toml::table& table_;
  std::string path_;
  Diagnostics& notes_;
  std::vector<std::string> asked_;
};

}  // namespace patella::config
