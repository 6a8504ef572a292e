// Checks of the const tables: nothing of the plugin runs but get_interface.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <deque>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases.hpp"
#include "tables/spelling_1_0.hpp"

namespace patella::check {
namespace {

constexpr std::size_t kMaxText = 400;

bool is_key(const char* key) {
  if (!is_text(key, kMaxText) || key[0] < 'a' || key[0] > 'z') return false;
  const std::string_view text = key;
  return text.size() <= 40 && std::all_of(text.begin(), text.end(),
                                          [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_line_speed(uint32_t baud) { return baud >= 50 && baud <= 4'000'000; }

bool is_known_unit(const char* unit) {
  static const std::set<std::string_view> known = {"",   "s",  "ms",  "min",  "N",     "W",  "rpm",  "bpm", "m",     "cm",
                                                   "mm", "km", "m/s", "m/s²", "km/h",  "kg", "J",    "kJ",  "kcal",  "Nm",
                                                   "Ns", "%",  "°",   "deg",  "1/min", "V",  "mV/V", "°C",  "s/500m"};
  return unit && known.count(unit) > 0;
}

void check_text(Findings& findings, const char* text, const std::string& what, bool may_be_empty) {
  if (!text) return findings.fault(what + " is NULL");
  if (!is_text(text, kMaxText)) return findings.fault(what + " is not UTF-8 of one line");
  if (!may_be_empty && text[0] == 0) findings.fault(what + " is empty");
}

/// One preset, inside its range and on a value its type allows.
void check_number(Findings& findings, const patella_param& param, double value, const std::string& what) {
  if (!std::isfinite(value)) return findings.fault(what + " is not a number");
  if (value < param.min || value > param.max)
    findings.fault(fmt::format("{} {:g} is outside {:g}…{:g}", what, value, param.min, param.max));
  const bool whole = param.type == PATELLA_PARAM_INT || param.type == PATELLA_PARAM_CHOICE || param.type == PATELLA_PARAM_BOOL;
  if (whole && value != std::floor(value)) findings.fault(fmt::format("{} {:g} is not a whole number", what, value));
}

void check_range(Findings& findings, const patella_param& param, const std::string& name) {
  if (!std::isfinite(param.min) || !std::isfinite(param.max) || !std::isfinite(param.step))
    return findings.fault(name + ": min, max or step is not a number");
  if (param.min > param.max) findings.fault(fmt::format("{}: min {:g} is above max {:g}", name, param.min, param.max));
  if (param.step < 0) findings.fault(name + ": step is below 0");
}

void check_choices(Findings& findings, const patella_param& param, const std::string& name) {
  if (!param.choices || param.choice_count == 0) return findings.fault(name + ": a choice without choices");
  std::set<std::string> seen;
  for (uint32_t i = 0; i < param.choice_count; ++i) {
    if (!is_key(param.choices[i]))
      findings.fault(fmt::format("{}: choice {} is not lower_snake_case", name, shown(param.choices[i])));
    else if (!seen.insert(param.choices[i]).second)
      findings.fault(fmt::format("{}: choice {} twice", name, param.choices[i]));
  }
  if (param.default_value < 0 || param.default_value >= param.choice_count)
    findings.fault(name + ": the default is no index of a choice");
}

void check_param(Findings& findings, const patella_param& param, const std::string& name, bool is_column);

void check_default_rows(Findings& findings, const patella_param& param, const std::string& name) {
  int rows = 0;
  for (uint32_t v = 0; v < param.default_row_value_count; ++v) {
    const patella_value& cell = param.default_rows[v];
    const patella_param* column = nullptr;
    for (uint32_t c = 0; c < param.column_count; ++c)
      if (cell.key && name + "." + param.columns[c].key == cell.key) column = &param.columns[c];
    if (!column) {
      findings.fault(fmt::format("{}: default cell {} belongs to no column", name, shown(cell.key)));
      continue;
    }
    if (cell.row < 0) findings.fault(fmt::format("{}: default cell {} has row {}", name, cell.key, cell.row));
    rows = std::max(rows, cell.row + 1);
    if (column->type == PATELLA_PARAM_TEXT)
      check_text(findings, cell.text, fmt::format("{} in row {}", cell.key, cell.row), true);
    else
      check_number(findings, *column, cell.number, fmt::format("default of {} in row {}:", cell.key, cell.row));
  }
  if (rows < param.min || rows > param.max)
    findings.fault(fmt::format("{}: {} default rows, {:g}…{:g} allowed", name, rows, param.min, param.max));
}

void check_rows(Findings& findings, const patella_param& param, const std::string& name) {
  if (!param.columns || param.column_count == 0) return findings.fault(name + ": a list without columns");
  std::set<std::string> seen;
  for (uint32_t c = 0; c < param.column_count; ++c) {
    const patella_param& column = param.columns[c];
    check_param(findings, column, name + "." + (column.key ? column.key : "?"), true);
    if (column.key && !seen.insert(column.key).second) findings.fault(fmt::format("{}: column {} twice", name, column.key));
  }
  if (param.default_row_value_count > 0 && !param.default_rows) return findings.fault(name + ": default_rows is NULL");
  check_default_rows(findings, param, name);
}

void check_param(Findings& findings, const patella_param& param, const std::string& name, bool is_column) {
  if (!tables::whole(&param))
    return findings.fault(fmt::format("{}: size {}, that of abi 1.0 is {}", name, param.size, tables::kSizeIn10<patella_param>));
  if (!is_key(param.key)) findings.fault(fmt::format("{}: the key is not lower_snake_case", name));
  check_text(findings, param.label, name + ": label", false);
  check_text(findings, param.unit, name + ": unit", true);
  check_text(findings, param.help, name + ": help", true);
  if (param.help && param.help[0] == 0) findings.hint(name + ": no help sentence for the physio");
  if (param.unit && !is_known_unit(param.unit)) findings.hint(fmt::format("{}: unit {} is unusual", name, shown(param.unit)));
  check_range(findings, param, name);
  switch (param.type) {
    case PATELLA_PARAM_CHOICE:
      return check_choices(findings, param, name);
    case PATELLA_PARAM_ROWS:
      if (is_column) return findings.fault(name + ": a list within a list");
      return check_rows(findings, param, name);
    case PATELLA_PARAM_TEXT:
      return;
    case PATELLA_PARAM_DURATION:
      if (param.unit && std::string_view(param.unit) != "s") findings.fault(name + ": a duration has unit s");
      if (param.min < 0) findings.fault(name + ": a duration below 0");
      [[fallthrough]];
    case PATELLA_PARAM_INT:
    case PATELLA_PARAM_REAL:
    case PATELLA_PARAM_BOOL:
      return check_number(findings, param, param.default_value, name + ": default");
    default:
      findings.fault(fmt::format("{}: type {} is not known", name, param.type));
  }
}

bool has(const patella_param& param, patella_param_flag flag) { return (param.flags & static_cast<uint32_t>(flag)) != 0; }

bool is_number(const patella_param& param) { return param.type >= PATELLA_PARAM_INT && param.type <= PATELLA_PARAM_DURATION; }

/// What one parameter says of others of its table, and what else it is (patella/plugin.h).
void check_flags(Findings& findings, const Plugin& plugin, std::span<const patella_param> all, const patella_param& param,
                 const std::string& name) {
  constexpr uint32_t kKnown = PATELLA_PARAM_SECRET | PATELLA_PARAM_LINE_SPEED | PATELLA_PARAM_ADVANCED | PATELLA_PARAM_OR_EQUAL;
  if ((param.flags & ~kKnown) != 0) findings.hint(fmt::format("{}: flags {:#x} are not known here", name, param.flags & ~kKnown));
  if (has(param, PATELLA_PARAM_SECRET) && (param.type != PATELLA_PARAM_TEXT || !plugin.device))
    findings.fault(name + ": a secret must be a TEXT of a driver");
  if (has(param, PATELLA_PARAM_OR_EQUAL) && !param.less_than) findings.fault(name + ": OR_EQUAL without less_than");
  if (param.group) check_text(findings, param.group, name + ": group", true);
  if (!param.less_than) return;
  const auto larger = std::find_if(
      all.begin(), all.end(), [&](const patella_param& one) { return one.key && std::string_view(one.key) == param.less_than; });
  if (larger == all.end())
    return findings.fault(fmt::format("{}: less_than {} is no parameter of its table", name, shown(param.less_than)));
  if (&*larger == &param) findings.fault(name + ": is to be less than itself");
  if (!is_number(param) || !is_number(*larger)) findings.fault(name + ": less_than is for numbers");
}

/// A plugin of 1.1 says by flags what one of 1.0 said by the spelling of a key. One that still spells it has probably forgotten.
void check_spelling(Findings& findings, const Plugin& plugin, std::span<const patella_param> all, const std::string& list) {
  if (plugin.entry->abi_minor == 0) return;
  std::vector<patella_param> spelled(all.begin(), all.end());
  std::deque<std::string> kept;
  tables::read_spelling(spelled, kept);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto says = [&](const std::string& in_1_0, const std::string& now) {
      findings.hint(
          fmt::format("{}{}: in SDK 1.0 its key alone made it {}; since 1.1 a key means nothing. If it is one, declare it as {}",
                      list, all[i].key, in_1_0, now));
    };
    const auto forgotten = [&](patella_param_flag flag) { return has(spelled[i], flag) && !has(all[i], flag); };
    if (plugin.device && forgotten(PATELLA_PARAM_SECRET))
      says("a secret", "secret(text_param(…)), flag PATELLA_PARAM_SECRET: else it is written into logs and exports");
    if (plugin.device && plugin.device->serial && forgotten(PATELLA_PARAM_LINE_SPEED))
      says("the speed of the serial port",
           "line_speed(choice_param(…)), flag PATELLA_PARAM_LINE_SPEED: else the port is opened at " +
               std::to_string(plugin.device->serial->baud) + " baud, whatever is chosen");
    if (spelled[i].less_than && !all[i].less_than)
      says(fmt::format("the lower end of {}", spelled[i].less_than),
           fmt::format("{}(…, \"{}\"), member less_than: else a station may have them the wrong way round",
                       has(spelled[i], PATELLA_PARAM_OR_EQUAL) ? "at_most" : "less_than", spelled[i].less_than));
  }
}

void check_decimals(Findings& findings, int32_t decimals, const std::string& what) {
  if (decimals < 0 || decimals > 6) findings.fault(fmt::format("{}: {} decimals, 0…6 are possible", what, decimals));
}

void check_metrics(Findings& findings, const patella_exercise& module) {
  if (module.metric_count > 0 && !tables::whole(module.metrics))
    return findings.fault("the table of metrics is missing or too short");
  std::set<std::string> seen;
  for (uint32_t i = 0; i < module.metric_count; ++i) {
    const patella_metric& metric = module.metrics[i];
    const std::string name = fmt::format("metric {}", i);
    if (!is_key(metric.key)) return findings.fault(name + ": the key is not lower_snake_case");
    if (!seen.insert(metric.key).second) findings.fault(fmt::format("metric {} twice", metric.key));
    check_text(findings, metric.label, name + ": label", false);
    check_text(findings, metric.unit, name + ": unit", true);
    check_decimals(findings, metric.decimals, name);
    if (metric.for_clients > 1) findings.fault(name + ": for_clients is neither 0 nor 1");
  }
}

void check_reasons(Findings& findings, const patella_exercise& module) {
  if (module.reason_count > 0 && !tables::whole(module.reasons))
    return findings.fault("the table of reasons is missing or too short");
  std::set<std::string> seen;
  for (uint32_t i = 0; i < module.reason_count; ++i) {
    const patella_reason& reason = module.reasons[i];
    const std::string name = fmt::format("reason {}", i);
    if (!is_key(reason.id)) return findings.fault(name + ": the id is not lower_snake_case");
    if (!seen.insert(reason.id).second) findings.fault(fmt::format("reason {} twice", reason.id));
    check_text(findings, reason.sentence, name + ": sentence", false);
  }
}

/// What it says of its dose: the same for the same values, within its room, in words that the kiosk can read.
void check_dose(Findings& findings, const Plugin& plugin) {
  if (!plugin.exercise || !plugin.exercise->describe_dose) return;
  for (const Corner corner : {Corner::preset, Corner::lowest, Corner::highest}) {
    const Values values = values_of(plugin, corner);
    std::string first;
    for (int turn = 0; turn < 2; ++turn) {
      char lines[PATELLA_MAX_DOSE_BYTES];
      std::fill(std::begin(lines), std::end(lines), 'x');
      plugin.pulse->enter("describe_dose");
      plugin.exercise->describe_dose(values.data(), static_cast<uint32_t>(values.size()), lines, sizeof lines);
      judge_message(lines, sizeof lines, "the text of describe_dose", findings);
      if (strnlen(lines, sizeof lines) == sizeof lines) return;
      if (turn == 1 && first != lines) findings.fault("describe_dose says another thing the second time");
      first = lines;
    }
  }
}

/// A line speed is read by the host, before the driver is asked (patella/device.h).
void check_line_speed(const Plugin& plugin, Findings& findings) {
  const patella_plugin_entry& entry = *plugin.entry;
  for (uint32_t i = 0; i < entry.param_count; ++i) {
    const patella_param& param = entry.params[i];
    if (!has(param, PATELLA_PARAM_LINE_SPEED)) continue;
    if (param.type != PATELLA_PARAM_CHOICE || !plugin.device->serial)
      return findings.fault(fmt::format("{}: a line speed must be a choice, of a driver of a serial port", param.key));
    for (uint32_t choice = 0; choice < param.choice_count; ++choice) {
      const std::string_view text = param.choices[choice];
      uint32_t baud = 0;
      if (text.substr(0, 5) == "baud_") std::from_chars(text.data() + 5, text.data() + text.size(), baud);
      if (fmt::format("baud_{}", baud) != text || !is_line_speed(baud))
        findings.fault(fmt::format("{}: choice {} is not baud_NUMBER", param.key, shown(param.choices[choice])));
      else if (choice == static_cast<uint32_t>(param.default_value) && baud != plugin.device->serial->baud)
        findings.fault(fmt::format("{}: the preset is {}, but the serial settings say {} baud", param.key, baud,
                                   plugin.device->serial->baud));
    }
  }
}

bool is_version(std::string_view text) {
  return !text.empty() && std::count(text.begin(), text.end(), '.') == 2 && text.front() >= '0' && text.front() <= '9';
}

}  // namespace

void check_abi(const Plugin& loaded, const Options&, Findings& findings) {
  Plugin plugin = loaded;
  if (const Status usable = find_interfaces(plugin); !usable) return findings.fault(usable.error().text());
  const auto ask = [&](const char* id) {
    plugin.pulse->enter("get_interface");
    return plugin.entry->get_interface(id);
  };
  if (ask("patella.no_such_thing/1")) findings.fault("get_interface answers an id that does not exist");
  const char* id = plugin.device ? PATELLA_DEVICE_INTERFACE : PATELLA_EXERCISE_INTERFACE;
  if (ask(id) != ask(id)) findings.fault("get_interface gives another answer the second time");
  if (plugin.entry->abi_minor > PATELLA_ABI_MINOR)
    findings.hint(fmt::format("built for abi {}.{}, this is {}.{}", plugin.entry->abi_major, plugin.entry->abi_minor,
                              PATELLA_ABI_MAJOR, PATELLA_ABI_MINOR));
  findings.set_digest(plugin.device ? "driver" : "exercise");
  findings.note(fmt::format("abi {}.{}, {}", plugin.entry->abi_major, plugin.entry->abi_minor, id));
}

void check_names(const Plugin& plugin, const Options&, Findings& findings) {
  const patella_plugin_entry& entry = *plugin.entry;
  check_text(findings, entry.id, "id", false);
  check_text(findings, entry.name, "name", false);
  check_text(findings, entry.version, "version", false);
  if (findings.verdict() != Verdict::ok) return;
  const std::string_view id = entry.id;
  const bool dns = std::count(id.begin(), id.end(), '.') >= 2 && id.front() != '.' && id.back() != '.' &&
                   id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
  if (!dns) findings.fault(fmt::format("id \"{}\" is not reverse DNS, for example org.example.counter", id));
  if (!is_version(entry.version)) findings.fault(fmt::format("version \"{}\" is not of the form 1.2.3", entry.version));
  findings.note(fmt::format("{} {}", entry.id, entry.version));
}

void check_parameters(const Plugin& plugin, const Options&, Findings& findings) {
  std::set<std::string> seen;
  for (uint32_t i = 0; i < plugin.entry->param_count; ++i) {
    const patella_param& param = plugin.entry->params[i];
    const std::string name = is_text(param.key, kMaxText) ? param.key : fmt::format("parameter {}", i);
    check_param(findings, param, name, false);
    if (!seen.insert(name).second) findings.fault("parameter " + name + " twice");
    const std::span<const patella_param> all(plugin.entry->params, plugin.entry->param_count);
    check_flags(findings, plugin, all, param, name);
    for (uint32_t c = 0; param.type == PATELLA_PARAM_ROWS && param.columns && c < param.column_count; ++c)
      check_flags(findings, plugin, {param.columns, param.column_count}, param.columns[c], fmt::format("{}.{}", name, c));
    if (param.type == PATELLA_PARAM_ROWS && param.columns)
      check_spelling(findings, plugin, {param.columns, param.column_count}, name + ".");
  }
  check_spelling(findings, plugin, {plugin.entry->params, plugin.entry->param_count}, "");
  if (findings.verdict() != Verdict::fail) check_dose(findings, plugin);
  findings.note(fmt::format("{} declared", plugin.entry->param_count));
}

void check_channels(const Plugin& plugin, const Options&, Findings& findings) {
  std::set<std::string> seen;
  const auto common = [&](uint32_t i, uint32_t size, std::size_t needed, const char* key, const char* unit) {
    const std::string name = fmt::format("channel {}", i);
    if (size < needed) findings.fault(fmt::format("{}: size {}, needs {}", name, size, needed));
    if (!is_key(key)) return findings.fault(name + ": the key is not lower_snake_case");
    if (!seen.insert(key).second) findings.fault(fmt::format("channel {} twice", key));
    check_text(findings, unit, name + ": unit", true);
    if (unit && !is_known_unit(unit)) findings.hint(fmt::format("{}: unit {} is unusual", key, shown(unit)));
  };
  if (plugin.exercise) {
    for (uint32_t i = 0; i < plugin.exercise->channel_count; ++i) {
      const patella_wanted_channel& c = plugin.exercise->channels[i];
      common(i, c.size, tables::kSizeIn10<patella_wanted_channel>, c.key, c.unit);
      check_decimals(findings, c.decimals, fmt::format("channel {}", i));
      if (c.label) check_text(findings, c.label, fmt::format("channel {}: label", i), true);
      if (c.required > 1) findings.fault(fmt::format("channel {}: required is neither 0 nor 1", i));
    }
    check_metrics(findings, *plugin.exercise);
    check_reasons(findings, *plugin.exercise);
    return findings.note(fmt::format("{} wanted, {} metrics, {} reasons", plugin.exercise->channel_count,
                                     plugin.exercise->metric_count, plugin.exercise->reason_count));
  }
  if (plugin.device->channel_count > PATELLA_MAX_CHANNELS)
    return findings.fault(fmt::format("more than {} channels", PATELLA_MAX_CHANNELS));
  for (uint32_t i = 0; i < plugin.device->channel_count; ++i) {
    const patella_channel& c = plugin.device->channels[i];
    common(i, c.size, tables::kSizeIn10<patella_channel>, c.key, c.unit);
    check_decimals(findings, c.decimals, fmt::format("channel {}", i));
    check_text(findings, c.label, fmt::format("channel {}: label", i), false);
    if (!std::isfinite(c.min) || !std::isfinite(c.max) || !(c.min < c.max))
      findings.fault(fmt::format("channel {}: range {:g}…{:g} is empty", i, c.min, c.max));
    if (!(c.stale_after_s > 0) || !std::isfinite(c.stale_after_s))
      findings.fault(fmt::format("channel {}: stale_after_s must be above 0", i));
    if (!(c.nominal_rate_hz >= 0) || !std::isfinite(c.nominal_rate_hz))
      findings.fault(fmt::format("channel {}: nominal_rate_hz is not a rate", i));
    if (c.nominal_rate_hz > 0 && c.stale_after_s < 1 / c.nominal_rate_hz)
      findings.hint(fmt::format("channel {}: stale before the next sample is due", i));
  }
  findings.note(fmt::format("{} channels", plugin.device->channel_count));
}

void check_matches(const Plugin& plugin, const Options&, Findings& findings) {
  const patella_device& device = *plugin.device;
  const uint32_t transport = device.transport;
  if (transport < PATELLA_TRANSPORT_HID || transport > PATELLA_TRANSPORT_SERIAL)
    return findings.fault(fmt::format("transport {} is not known", transport));
  const bool serial = transport == PATELLA_TRANSPORT_SERIAL;
  for (uint32_t i = 0; i < device.match_count; ++i) {
    const patella_match& m = device.matches[i];
    const std::string name = fmt::format("match {}", i);
    if (m.size < sizeof m) findings.fault(fmt::format("{}: size {}, needs {}", name, m.size, sizeof m));
    const auto in_range = [&](int32_t value, int32_t top, const char* what) {
      if (value < -1 || value > top) findings.fault(fmt::format("{}: {} {} is outside -1…{:#x}", name, what, value, top));
    };
    in_range(m.vendor, 0xFFFF, "vendor");
    in_range(m.product, 0xFFFF, "product");
    in_range(m.interface_class, 0xFF, "interface_class");
    in_range(m.usage_page, 0xFFFF, "usage_page");
    if (m.vendor == -1 && m.product != -1) findings.fault(name + ": a product without its vendor");
    if (m.vendor == -1 && m.interface_class == -1 && m.usage_page == -1) findings.fault(name + " takes every device there is");
    if (serial && (m.interface_class != -1 || m.usage_page != -1))
      findings.fault(name + ": interface_class and usage_page are not for serial ports");
    if (transport != PATELLA_TRANSPORT_HID && m.usage_page != -1) findings.fault(name + ": usage_page is for HID only");
  }
  if (serial != (device.serial != nullptr))
    return findings.fault(serial ? "serial settings are missing" : "serial settings without a serial transport");
  if (serial) {
    const patella_serial_settings& s = *device.serial;
    if (s.size < sizeof s) findings.fault("serial settings: size is too small");
    if (!is_line_speed(s.baud)) findings.fault(fmt::format("{} baud", s.baud));
    if (s.data_bits < 5 || s.data_bits > 8 || s.parity > 2 || s.stop_bits < 1 || s.stop_bits > 2 || s.dtr > 1)
      findings.fault("serial settings: data bits, parity, stop bits or dtr out of range");
  }
  check_line_speed(plugin, findings);
  findings.note(fmt::format("{} of {}", device.match_count, serial ? "serial ports" : "USB interfaces"));
}

}  // namespace patella::check
