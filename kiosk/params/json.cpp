#include "params/json.hpp"

#include <patella/plugin.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace patella::params {

namespace {

using nlohmann::json;  // its objects are sorted by key

constexpr double kMaxWhole = 9007199254740992.0;  // 2^53: up to here a double is an exact whole number
constexpr int kMaxDecimals = 6;
constexpr double kMaxIndex = 1e9;  // rows, types and the like: more is a plugin's nonsense

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}
double number_at(const json& object, const char* key, double fallback = 0) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number() ? it->get<double>() : fallback;
}
int whole_at(const json& object, const char* key, int fallback) {
  const double number = number_at(object, key, fallback);
  return std::fabs(number) < kMaxIndex ? static_cast<int>(number) : fallback;
}
bool flag_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_boolean() && it->get<bool>();
}
const json& list_at(const json& object, const char* key) {
  static const json empty = json::array();
  const auto it = object.find(key);
  return it != object.end() && it->is_array() ? *it : empty;
}

Value value_from_json(const json& object) {
  Value value;
  value.key = text_at(object, "key");
  value.row = whole_at(object, "row", -1);
  if (object.contains("text"))
    value.text = text_at(object, "text");
  else
    value.number = number_at(object, "number");
  return value;
}

Spec spec_at_depth(const json& object, bool column) {
  Spec spec;
  spec.type = whole_at(object, "type", 0);
  spec.key = text_at(object, "key");
  spec.label = text_at(object, "label");
  spec.unit = text_at(object, "unit");
  spec.help = text_at(object, "help");
  spec.default_value = number_at(object, "default");
  spec.min = number_at(object, "min");
  spec.max = number_at(object, "max");
  spec.step = number_at(object, "step");
  spec.secret = flag_at(object, "secret");
  spec.line_speed = flag_at(object, "line_speed");
  spec.advanced = flag_at(object, "advanced");
  spec.less_than = text_at(object, "less_than");
  spec.or_equal = flag_at(object, "or_equal");
  spec.group = text_at(object, "group");
  for (const json& choice : list_at(object, "choices"))
    if (choice.is_string()) spec.choices.push_back(choice.get<std::string>());
  if (column) return spec;
  for (const json& inner : list_at(object, "columns")) spec.columns.push_back(spec_at_depth(inner, true));
  for (const json& cell : list_at(object, "default_rows")) spec.default_rows.push_back(value_from_json(cell));
  return spec;
}

json named_value(const Spec& spec, const Value& value) {
  if (spec.secret) return value.text && !value.text->empty() ? "(set)" : "";
  if (value.text) return *value.text;
  if (spec.type == PATELLA_PARAM_BOOL) return value.number != 0;
  const auto index = static_cast<std::size_t>(std::max(0.0, value.number));
  if (spec.type == PATELLA_PARAM_CHOICE && index < spec.choices.size()) return spec.choices[index];
  return number_json(value.number);
}

json named_rows(const Spec& list, const Values& values) {
  json rows = json::array();
  for (const Spec& column : list.columns)
    for (const Value& value : values)
      if (value.row >= 0 && value.key == list.key + '.' + column.key)
        rows[static_cast<std::size_t>(value.row)][column.key] = named_value(column, value);
  return rows;
}

}  // namespace

Spec spec_from_json(const json& object) { return spec_at_depth(object, false); }

ChannelSpec channel_from_json(const json& object) {
  ChannelSpec channel;
  channel.key = text_at(object, "key");
  channel.label = text_at(object, "label");
  channel.unit = text_at(object, "unit");
  channel.min = number_at(object, "min");
  channel.max = number_at(object, "max");
  channel.nominal_rate_hz = number_at(object, "nominal_rate_hz");
  channel.stale_after_s = number_at(object, "stale_after_s");
  channel.required = flag_at(object, "required");
  channel.decimals = std::clamp(whole_at(object, "decimals", 0), 0, kMaxDecimals);
  return channel;
}

MetricSpec metric_from_json(const json& object) {
  return {text_at(object, "key"), text_at(object, "label"), text_at(object, "unit"),
          std::clamp(whole_at(object, "decimals", 0), 0, kMaxDecimals), flag_at(object, "for_clients")};
}

ReasonSpec reason_from_json(const json& object) { return {text_at(object, "id"), text_at(object, "sentence")}; }

std::string to_log_json(const Values& values) {
  json list = json::array();
  for (const Value& value : values) {
    json entry{{"key", value.key}, {"row", value.row}};
    if (value.text)
      entry["text"] = *value.text;
    else
      entry["number"] = value.number;
    list.push_back(std::move(entry));
  }
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Values> from_log_json(const std::string& text) {
  const Error unreadable{"the stored parameters are not readable", "", "The session cannot be replayed"};
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return unreadable;
  Values values;
  for (const json& entry : list) {
    if (!entry.is_object()) return unreadable;
    values.push_back(value_from_json(entry));
  }
  return values;
}

json to_named_json(const Specs& specs, const Values& values) {
  json object = json::object();
  for (const Spec& spec : specs) {
    if (spec.type == PATELLA_PARAM_ROWS)
      object[spec.key] = named_rows(spec, values);
    else if (const Value* value = find(values, spec.key))
      object[spec.key] = named_value(spec, *value);
  }
  return object;
}

json number_json(double value) {
  const bool whole = std::floor(value) == value && std::abs(value) <= kMaxWhole;
  return whole ? json(static_cast<int64_t>(value)) : json(value);
}

}  // namespace patella::params
