// The value of a plugin's parameter: what the configuration gives, what a plugin is started with, what the session log keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patella::params {

/// One value, as a plugin gets it (patella_value in patella/plugin.h).
struct Value {
  std::string key;                  ///< of a cell in a list: "list.column"
  int row = -1;                     ///< of a cell: 0 for the first row; -1 = not in a list
  double number = 0;                ///< a number; the index of a choice; 0 or 1 of a bool; seconds of a duration
  std::optional<std::string> text;  ///< of a text; nothing for all the others
  bool operator==(const Value&) const = default;
};
using Values = std::vector<Value>;

/// Null when it is not among them.
const Value* find(const Values& values, std::string_view key, int row = -1);
/// `fallback` when it is not among them.
double number_of(const Values& values, std::string_view key, double fallback = 0, int row = -1);

/// `base` with the values of `over` in their places. A list of which `over` has any cell is all `over`'s.
Values laid_over(const Values& base, const Values& over);

}  // namespace patella::params
