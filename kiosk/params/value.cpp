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

Values laid_over(const Values& base, const Values& over) {
  const auto list_of = [](const Value& value) {
    return value.row < 0 ? std::string_view() : std::string_view(value.key).substr(0, value.key.find('.'));
  };
  const auto replaced = [&](const Value& value) {
    return std::any_of(over.begin(), over.end(), [&](const Value& other) {
      return value.row < 0 ? other.row < 0 && other.key == value.key : list_of(other) == list_of(value);
    });
  };
  Values laid;
  for (const Value& value : base)
    if (!replaced(value)) laid.push_back(value);
  laid.insert(laid.end(), over.begin(), over.end());
  return laid;
}

}  // namespace patella::params
