#include "dose_1_0.hpp"

#include <patella/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace patella::tables {
namespace {

std::string_view text_of(const char* text) { return text ? text : ""; }

std::string_view label_of(const patella_param& param) {
  return param.label && *param.label ? std::string_view(param.label) : text_of(param.key);
}

/// As few decimals as say the value, at most three.
int decimals_for(double value) {
  int decimals = 0;
  for (double scaled = value; decimals < 3 && std::fabs(scaled - std::round(scaled)) > 1e-6; ++decimals) scaled *= 10;
  return decimals;
}

/// "" when it says nothing.
std::string value_of(const patella_param& param, const patella_value& value) {
  if (param.type == PATELLA_PARAM_TEXT) return value.text && *value.text ? sdk::term(value.text).braced : "";
  if (!std::isfinite(value.number)) return "";
  if (param.type == PATELLA_PARAM_CHOICE) {
    if (!param.choices || value.number < 0 || value.number >= param.choice_count) return "";
    std::string words(text_of(param.choices[static_cast<uint32_t>(value.number)]));
    std::replace(words.begin(), words.end(), '_', ' ');
    return sdk::term(words).braced;
  }
  const bool minutes = param.type == PATELLA_PARAM_DURATION && value.number >= 60 && value.number == std::round(value.number);
  return minutes ? sdk::duration(value.number).braced
                 : sdk::number(value.number, decimals_for(value.number), text_of(param.unit)).braced;
}

/// "label: value", or "" when it says nothing.
std::string words_of(const patella_param& param, const patella_value& value, bool open_at_0) {
  const std::string label = sdk::term(label_of(param)).braced;
  if (param.type == PATELLA_PARAM_BOOL) return value.number != 0 ? label : "";
  if (open_at_0 && value.number == 0) return "";
  const std::string shown = value_of(param, value);
  return shown.empty() ? "" : label + ": " + shown;
}

/// Whether another parameter of the table is to be less than this one: then 0 means that there is no upper end.
bool is_upper_end(std::span<const patella_param> params, const patella_param& param) {
  return std::any_of(params.begin(), params.end(),
                     [&](const patella_param& one) { return one.less_than && text_of(one.less_than) == text_of(param.key); });
}

const patella_value* find(std::span<const patella_value> values, std::string_view key, int32_t row) {
  for (const patella_value& value : values)
    if (value.row == row && value.key && key == value.key) return &value;
  return nullptr;
}

/// One line a row: the label of the list, the number of the row, its cells.
void add_rows(std::vector<std::string>& lines, const patella_param& list, std::span<const patella_value> values) {
  if (!list.columns) return;
  const std::span<const patella_param> columns(list.columns, list.column_count);
  for (int32_t row = 0;; ++row) {
    std::string cells;
    bool there = false;
    for (const patella_param& column : columns) {
      const patella_value* cell = find(values, std::string(text_of(list.key)) + "." + std::string(text_of(column.key)), row);
      there = there || cell;
      const std::string words = cell ? words_of(column, *cell, is_upper_end(columns, column)) : "";
      if (!words.empty()) cells += (cells.empty() ? "" : ", ") + words;
    }
    if (!there) return;
    if (!cells.empty()) lines.push_back(sdk::term(label_of(list)).braced + " " + sdk::number(row + 1).braced + ": " + cells);
  }
}

}  // namespace

std::string dose_of_1_0(std::span<const patella_param> params, std::span<const patella_value> values) {
  std::vector<std::string> lines;
  for (const patella_param& param : params) {
    if (param.type == PATELLA_PARAM_ROWS) {
      add_rows(lines, param, values);
      continue;
    }
    const patella_value* value = find(values, text_of(param.key), -1);
    const std::string words = value ? words_of(param, *value, is_upper_end(params, param)) : "";
    if (!words.empty()) lines.push_back(words);
  }
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < static_cast<std::size_t>(kMaxDoseLines); ++i) {
    if (text.size() + lines[i].size() + 2 > PATELLA_MAX_DOSE_BYTES) break;  // whole lines only
    if (!text.empty()) text += '\n';
    text += lines[i];
  }
  return text;
}

}  // namespace patella::tables
