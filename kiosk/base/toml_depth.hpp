// How deep a TOML text goes, looked at before it is parsed: a parser calls itself for each level, and its tables do when they end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella {

inline constexpr int kMaxTomlLevels = 16;  ///< parts of a key; brackets inside each other. What Patella reads has four

struct TomlTooDeep {
  int line = 0;
  std::string what, remedy;  ///< as in Error
};
/// Knows strings and comments, and no more of TOML: whether it is valid is the parser's to say.
std::optional<TomlTooDeep> toml_too_deep(std::string_view text);

}  // namespace patella
