#include "describe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace patella::host {
namespace {

using nlohmann::json;

using tables::kMaxEntries;

std::string text(const char* given) { return given ? given : ""; }

bool has(const patella_param& param, patella_param_flag flag) { return (param.flags & static_cast<uint32_t>(flag)) != 0; }

json value_json(const patella_value& value) {
  json j = {{"key", text(value.key)}, {"row", value.row}, {"number", value.number}};
  if (value.text) j["text"] = value.text;
  return j;
}

Result<json> param_json(const patella_param& param, int depth) {
  if (!param.key || !*param.key) return Error{"A parameter has no key", "", ""};
  if (param.choice_count > kMaxEntries || param.column_count > kMaxEntries || param.default_row_value_count > kMaxEntries ||
      depth > 1)
    return Error{fmt::format("The parameter {} is larger than any sense", param.key), "", ""};
  if ((param.choice_count > 0 && !param.choices) || (param.column_count > 0 && !param.columns) ||
      (param.default_row_value_count > 0 && !param.default_rows))
    return Error{fmt::format("The parameter {} counts entries that it does not have", param.key), "", ""};
  json j = {{"type", param.type},
            {"key", param.key},
            {"label", text(param.label)},
            {"unit", text(param.unit)},
            {"help", text(param.help)},
            {"default", param.default_value},
            {"min", param.min},
            {"max", param.max},
            {"step", param.step},
            {"secret", has(param, PATELLA_PARAM_SECRET)},
            {"line_speed", has(param, PATELLA_PARAM_LINE_SPEED)},
            {"advanced", has(param, PATELLA_PARAM_ADVANCED)},
            {"less_than", text(param.less_than)},
            {"or_equal", has(param, PATELLA_PARAM_OR_EQUAL)},
            {"group", text(param.group)},
            {"choices", json::array()},
            {"columns", json::array()},
            {"default_rows", json::array()}};
  for (uint32_t i = 0; i < param.choice_count; ++i) j["choices"].push_back(text(param.choices[i]));
  for (uint32_t i = 0; i < param.column_count; ++i) {
    Result<json> column = param_json(param.columns[i], depth + 1);
    if (!column) return column;
    j["columns"].push_back(std::move(*column));
  }
  for (uint32_t i = 0; i < param.default_row_value_count; ++i) j["default_rows"].push_back(value_json(param.default_rows[i]));
  return j;
}

void add_driver(json& j, const patella_device& device) {
  j["kind"] = "driver";
  j["transport"] = device.transport;
  j["matches"] = json::array();
  for (uint32_t i = 0; i < device.match_count && i < kMaxEntries && device.matches; ++i) {
    const patella_match& match = device.matches[i];
    j["matches"].push_back({{"vendor", match.vendor},
                            {"product", match.product},
                            {"interface_class", match.interface_class},
                            {"usage_page", match.usage_page}});
  }
  if (device.serial) {
    const patella_serial_settings& serial = *device.serial;
    j["serial"] = {{"baud", serial.baud},
                   {"data_bits", serial.data_bits},
                   {"parity", serial.parity},
                   {"stop_bits", serial.stop_bits},
                   {"dtr", serial.dtr != 0}};
  }
  for (uint32_t i = 0; i < device.channel_count; ++i) {
    const patella_channel& channel = device.channels[i];
    j["channels"].push_back({{"key", text(channel.key)},
                             {"label", text(channel.label)},
                             {"unit", text(channel.unit)},
                             {"min", channel.min},
                             {"max", channel.max},
                             {"nominal_rate_hz", channel.nominal_rate_hz},
                             {"stale_after_s", channel.stale_after_s},
                             {"decimals", channel.decimals}});
  }
}

void add_exercise(json& j, const patella_exercise& exercise) {
  j["kind"] = "exercise";
  for (uint32_t i = 0; i < exercise.channel_count; ++i) {
    const patella_wanted_channel& channel = exercise.channels[i];
    j["channels"].push_back({{"key", text(channel.key)},
                             {"label", text(channel.label)},
                             {"unit", text(channel.unit)},
                             {"required", channel.required != 0},
                             {"decimals", channel.decimals}});
  }
  j["metrics"] = json::array();
  for (uint32_t i = 0; i < exercise.metric_count && i < kMaxEntries && exercise.metrics; ++i) {
    const patella_metric& metric = exercise.metrics[i];
    j["metrics"].push_back({{"key", text(metric.key)},
                            {"label", text(metric.label)},
                            {"unit", text(metric.unit)},
                            {"decimals", metric.decimals},
                            {"for_clients", metric.for_clients != 0}});
  }
  j["reasons"] = json::array();
  for (uint32_t i = 0; i < exercise.reason_count && i < kMaxEntries && exercise.reasons; ++i)
    j["reasons"].push_back({{"id", text(exercise.reasons[i].id)}, {"sentence", text(exercise.reasons[i].sentence)}});
}

}  // namespace

Result<std::string> describe_json(const Library& library) {
  const patella_plugin_entry& entry = library.entry;
  json j = {{"id", text(entry.id)},         {"name", text(entry.name)},     {"version", text(entry.version)},
            {"abi_major", entry.abi_major}, {"abi_minor", entry.abi_minor}, {"params", json::array()},
            {"channels", json::array()}};
  if (entry.param_count > kMaxEntries) return Error{"The table of parameters is larger than any sense", "", ""};
  for (uint32_t i = 0; i < entry.param_count; ++i) {
    Result<json> param = param_json(entry.params[i], 0);
    if (!param) return param.error();
    j["params"].push_back(std::move(*param));
  }
  library.is_driver ? add_driver(j, library.device) : add_exercise(j, library.exercise);
  if (!library.is_driver) j["describes_dose"] = library.tables.describes_dose();
  return j.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace patella::host
