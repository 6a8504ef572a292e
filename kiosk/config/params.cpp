#include "config/params.hpp"

#include <fmt/format.h>
#include <patella/plugin.h>

#include <algorithm>
#include <cmath>

#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

/// The editor's step is a habit, not a law: a number between two steps is told and used.
void check_step(const params::Spec& spec, const toml::node& node, const std::string& key, double value, Diagnostics& notes) {
  if (!(spec.step > 0)) return;
  const double steps = (value - spec.min) / spec.step;
  if (std::abs(steps - std::round(steps)) < 1e-6) return;
  const double below = spec.min + std::floor(steps) * spec.step;
  notes.warning(line_of(node), key, fmt::format("{} lies between two steps of {}", number_text(value), number_text(spec.step)),
                fmt::format("Use {} or {}", number_text(below), number_text(std::min(spec.max, below + spec.step))));
}

std::optional<double> read_choice(const params::Spec& spec, const toml::node& node, const std::string& key, Diagnostics& notes) {
  const auto* word = node.as_string();
  if (!word) {
    notes.error(line_of(node), key, fmt::format("is {}, not the name of a choice", kind_of(node)),
                "Write one of " + listed(spec.choices));
    return std::nullopt;
  }
  const auto found = std::find(spec.choices.begin(), spec.choices.end(), word->get());
  if (found != spec.choices.end()) return static_cast<double>(found - spec.choices.begin());
  notes.error(line_of(node), key, in_quotes(word->get()) + " is not one of the choices", did_you_mean(word->get(), spec.choices));
  return std::nullopt;
}

std::optional<params::Value> read_scalar(const params::Spec& spec, const toml::node& node, const std::string& shown_key,
                                         Diagnostics& notes) {
  params::Value value{spec.key, -1, 0, std::nullopt};
  std::optional<double> number;
  switch (spec.type) {
    case PATELLA_PARAM_INT:
      number = read_number(node, shown_key, spec.min, spec.max, true, notes);
      break;
    case PATELLA_PARAM_REAL:
    case PATELLA_PARAM_DURATION:
      number = read_number(node, shown_key, spec.min, spec.max, false, notes);
      if (number) check_step(spec, node, shown_key, *number, notes);
      break;
    case PATELLA_PARAM_CHOICE:
      number = read_choice(spec, node, shown_key, notes);
      break;
    case PATELLA_PARAM_BOOL:
      if (const auto* flag = node.as_boolean()) {
        number = flag->get() ? 1 : 0;
      } else {
        notes.error(line_of(node), shown_key, fmt::format("is {}, not true or false", kind_of(node)),
                    "Write true or false, without quotes");
      }
      break;
    case PATELLA_PARAM_TEXT: {
      const auto longest = static_cast<std::size_t>(std::max(0.0, spec.max));
      value.text = read_text(node, shown_key, longest, notes);
      if (!value.text) return std::nullopt;
      if (value.text->size() > longest) {  // the plugin counts bytes
        notes.error(line_of(node), shown_key, fmt::format("takes {} bytes, more than {}", value.text->size(), longest),
                    "Shorten it, or use fewer letters outside A-Z");
        return std::nullopt;
      }
      return value;
    }
    default:
      notes.error(line_of(node), shown_key, "is of a type that this version does not know", "Update Patella, or remove the line");
  }
  if (!number) return std::nullopt;
  value.number = *number;
  return value;
}

/// The cells of one row, complete: a missing one has its column's default.
params::Values read_row(const params::Spec& list, const toml::table& row, int number, const std::string& shown_key,
                        Diagnostics& notes) {
  params::Values cells;
  for (const params::Spec& column : list.columns) {
    const std::string key = list.key + '.' + column.key;
    params::Value cell = params::default_value(column, key, number);
    if (const toml::node* node = row.get(column.key)) {
      if (const auto read = read_scalar(column, *node, shown_key + '.' + column.key, notes))
        cell = {key, number, read->number, read->text};
    }
    cells.push_back(std::move(cell));
  }
  for (const auto& [key, node] : row) {
    if (params::find(list.columns, key.str())) continue;
    notes.warning(static_cast<int>(key.source().begin.line), shown_key + '.' + std::string(key.str()),
                  "is not a column of this list; it is kept and not used", did_you_mean(key.str(), params::keys(list.columns)));
  }
  return cells;
}

std::optional<params::Values> read_rows(const params::Spec& spec, const toml::node& node, const std::string& shown_key,
                                        Diagnostics& notes) {
  const toml::array* rows = node.as_array();
  if (!rows) {
    notes.error(line_of(node), shown_key, fmt::format("is {}, not a list of rows", kind_of(node)),
                fmt::format("Write each row as [[{}]] with double brackets and its keys below", shown_key));
    return std::nullopt;
  }
  const auto count = static_cast<double>(rows->size());
  if (count < spec.min || count > spec.max) {
    notes.error(line_of(node), shown_key, fmt::format("has {} rows", rows->size()),
                fmt::format("Give {} to {} rows", number_text(spec.min), number_text(spec.max)));
    return std::nullopt;
  }
  params::Values values;
  int number = 0;
  const int errors = notes.errors();
  for (const toml::node& item : *rows) {
    const std::string row_key = fmt::format("{}[{}]", shown_key, number + 1);
    if (const toml::table* row = item.as_table()) {
      const auto cells = read_row(spec, *row, number++, row_key, notes);
      values.insert(values.end(), cells.begin(), cells.end());
    } else {
      notes.error(line_of(item), row_key, fmt::format("is {}, not a row", kind_of(item)),
                  fmt::format("Write it as [[{}]] with its keys below", shown_key));
    }
  }
  if (notes.errors() != errors) return std::nullopt;
  return values;
}

void check_pair(const params::Value& low, const params::Value& high, bool may_be_equal, const std::string& shown_key, int line,
                Diagnostics& notes) {
  const bool open_above = high.number == 0;
  if (open_above || low.number < high.number || (may_be_equal && low.number == high.number)) return;
  notes.error(line, shown_key,
              fmt::format("{} = {} is not below {} = {}", low.key, number_text(low.number), high.key, number_text(high.number)),
              fmt::format("Make {} smaller than {}", low.key, high.key));
}

void check_pairs_of(const params::Specs& specs, const std::string& prefix, int row, const params::Values& values,
                    const GivenParams& given, Diagnostics& notes) {
  for (const params::Spec& spec : specs) {
    const std::string& partner = spec.less_than;
    if (partner.empty() || !params::find(specs, partner)) continue;
    const params::Value* low = params::find(values, prefix + spec.key, row);
    const params::Value* high = params::find(values, prefix + partner, row);
    if (!low || !high) continue;
    const std::string list = prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1);
    const auto low_entry = given.by_key.find(list.empty() ? spec.key : list);
    const auto high_entry = given.by_key.find(list.empty() ? partner : list);
    const bool has_low = low_entry != given.by_key.end();
    if (!has_low && high_entry == given.by_key.end()) continue;
    const int line = has_low ? low_entry->second.line : high_entry->second.line;
    const std::string shown = list.empty() ? given.path + '.' + (has_low ? spec.key : partner)
                                           : fmt::format("{}.{}[{}].{}", given.path, list, row + 1, spec.key);
    check_pair(*low, *high, spec.or_equal, shown, line, notes);
  }
}

}  // namespace

std::optional<params::Values> read_value(const params::Spec& spec, const toml::node& node, const std::string& shown_key,
                                         Diagnostics& notes) {
  if (spec.type == PATELLA_PARAM_ROWS) return read_rows(spec, node, shown_key, notes);
  auto value = read_scalar(spec, node, shown_key, notes);
  if (!value) return std::nullopt;
  return params::Values{std::move(*value)};
}

GivenParams read_params(const toml::table* table, const std::string& path, const params::Specs& specs, Diagnostics& notes) {
  GivenParams given;
  given.path = path;
  if (!table) return given;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const std::string shown_key = path + '.' + name;
    const params::Spec* spec = params::find(specs, name);
    if (!spec) {
      notes.warning(static_cast<int>(key.source().begin.line), shown_key,
                    "is not a parameter of this plugin; it is kept and not used", did_you_mean(name, params::keys(specs)));
      continue;
    }
    const int line = spec->type == PATELLA_PARAM_ROWS ? static_cast<int>(key.source().begin.line) : line_of(node);
    if (auto values = read_value(*spec, node, shown_key, notes)) given.by_key[name] = {line, std::move(*values)};
  }
  return given;
}

params::Values in_force(const params::Specs& specs, const std::vector<const GivenParams*>& layers) {
  params::Values values;
  for (const params::Spec& spec : specs) {
    const GivenParams::Entry* top = nullptr;
    for (const GivenParams* layer : layers)
      if (const auto found = layer->by_key.find(spec.key); found != layer->by_key.end()) top = &found->second;
    const params::Values own = top ? top->values : params::defaults(spec);
    values.insert(values.end(), own.begin(), own.end());
  }
  return values;
}

void check_pairs(const params::Specs& specs, const params::Values& values, const GivenParams& given, Diagnostics& notes) {
  check_pairs_of(specs, "", -1, values, given, notes);
  for (const params::Spec& spec : specs) {
    if (spec.type != PATELLA_PARAM_ROWS) continue;
    int rows = 0;
    for (const params::Value& value : values)
      if (value.key.starts_with(spec.key + '.')) rows = std::max(rows, value.row + 1);
    for (int row = 0; row < rows; ++row) check_pairs_of(spec.columns, spec.key + '.', row, values, given, notes);
  }
}

}  // namespace patella::config
