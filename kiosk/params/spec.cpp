#include "params/spec.hpp"

#include <patella/plugin.h>

#include <algorithm>

namespace patella::params {

namespace {
template <class T>
const T* first_named(const std::vector<T>& all, std::string T::*name, std::string_view wanted) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.*name == wanted; });
  return found == all.end() ? nullptr : &*found;
}

template <class T>
std::vector<std::string> all_names(const std::vector<T>& all, std::string T::*name) {
  std::vector<std::string> names;
  for (const T& one : all) names.push_back(one.*name);
  return names;
}

Values default_list(const Spec& spec) {
  int rows = 0;
  for (const Value& cell : spec.default_rows) rows = std::max(rows, cell.row + 1);
  Values values;
  for (int row = 0; row < rows; ++row) {
    for (const Spec& column : spec.columns) {
      const std::string key = spec.key + '.' + column.key;
      const Value* given = find(spec.default_rows, key, row);
      values.push_back(given ? *given : default_value(column, key, row));
      if (column.type == PATELLA_PARAM_TEXT && !values.back().text) values.back().text = "";
    }
  }
  return values;
}
}  // namespace

const Spec* find(const Specs& specs, std::string_view key) { return first_named(specs, &Spec::key, key); }

Value default_value(const Spec& spec, const std::string& key, int row) {
  if (spec.type == PATELLA_PARAM_TEXT) return {key, row, 0, std::string()};
  return {key, row, spec.default_value, std::nullopt};
}

Values defaults(const Spec& spec) {
  if (spec.type == PATELLA_PARAM_ROWS) return default_list(spec);
  return {default_value(spec, spec.key, -1)};
}

Values defaults(const Specs& specs) {
  Values values;
  for (const Spec& spec : specs) {
    Values own = defaults(spec);
    values.insert(values.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  return values;
}

const ChannelSpec* find(const std::vector<ChannelSpec>& channels, std::string_view key) {
  return first_named(channels, &ChannelSpec::key, key);
}

const PluginSpec* find(const PluginSpecs& plugins, std::string_view folder) {
  return first_named(plugins, &PluginSpec::folder, folder);
}

std::vector<std::string> keys(const Specs& specs) { return all_names(specs, &Spec::key); }
std::vector<std::string> keys(const std::vector<ChannelSpec>& channels) { return all_names(channels, &ChannelSpec::key); }
std::vector<std::string> folders(const PluginSpecs& plugins) { return all_names(plugins, &PluginSpec::folder); }

}  // namespace patella::params
