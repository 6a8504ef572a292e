#include "base/toml_depth.hpp"

#include <fmt/format.h>

namespace patella {

namespace {
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TomlTooDeep> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        skip_to_line_end();
        continue;
      }
      look_at(c);
      ++at_;
      if (dots_ >= kMaxTomlLevels)
        return TomlTooDeep{line_, fmt::format("has a key of more than {} parts", kMaxTomlLevels),
                           "Write keys of at most four parts, as in docs/configuration.md"};
      if (brackets_ > kMaxTomlLevels)
        return TomlTooDeep{line_, fmt::format("has more than {} brackets inside each other", kMaxTomlLevels),
                           "Close each bracket; lists and tables are at most four deep"};
    }
    return std::nullopt;
  }

 private:
  void look_at(char c) {
    const bool in_key = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                        c == ' ' || c == '\t' || c == '.';
    if (!in_key) dots_ = 0;
    if (c == '.') ++dots_;
    if (c == '[' || c == '{') ++brackets_;
    if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
    if (c == '\n') ++line_;
  }

  void skip_to_line_end() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  bool three(char quote) const {
    return at_ + 2 < text_.size() && text_[at_] == quote && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
  }

  /// From its first quote behind its last one; one that is not closed ends with its line, or with the text.
  void skip_string(char quote) {
    const bool many_lines = three(quote);
    at_ += many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      if (many_lines ? three(quote) : text_[at_] == quote) {
        at_ += many_lines ? 3 : 1;
        while (many_lines && at_ < text_.size() && text_[at_] == quote) ++at_;  // up to two more belong to it
        return;
      }
      if (text_[at_] == '\n') {
        if (!many_lines) return;
        ++line_;
      }
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1, dots_ = 0, brackets_ = 0;
};
}  // namespace

std::optional<TomlTooDeep> toml_too_deep(std::string_view text) { return Scanner(text).run(); }

}  // namespace patella
