#include "params/value.hpp"

#include <algorithm>

namespace patella::params {

const Value* find(const Values& values, std::string_view key, int row) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const Value& v) { return v.row == row && v.key == key; });
  return found == values.end() ? nullptr : &*found;
}

double number_of(const Values& values, std::string_view key, double fallback, int row) {
  const Value* value = find(values, key, row);
  return value ? value->number : fallback;
}

}  // namespace patella::params
