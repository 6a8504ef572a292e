#include "device_script/device_script.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "base/files.hpp"
#include "base/toml_depth.hpp"

namespace patella::device_script {
namespace {

constexpr const char* kForm = "See device_script.hpp for the form";
constexpr double kMaxEveryMs = 86'400'000;

Bytes from_text(const std::string& text) { return Bytes(text.begin(), text.end()); }

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (error != std::errc() || end != word.data() + word.size() || value > 0xFF)
      throw std::invalid_argument(fmt::format("\"{}\" is not a byte in hexadecimal", word));
    bytes.push_back(static_cast<uint8_t>(value));
  }
  return bytes;
}

/// `name` as text or `name`_hex (for "text": "hex") as bytes.
Bytes bytes_of(const toml::table& table, const char* text_key, const char* hex_key) {
  if (const auto text = table[text_key].value<std::string>()) return from_text(*text);
  return from_hex(table[hex_key].value_or(std::string()));
}

std::vector<Bytes> reports_of(const toml::table& table) {
  const toml::array* reports = table["hex"].as_array();
  if (!reports) return {bytes_of(table, "text", "hex")};
  std::vector<Bytes> all;
  for (const toml::node& report : *reports) all.push_back(from_hex(report.value_or(std::string())));
  return all;
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

/// Line of the first [[answer]]; none: past every line.
uint32_t first_answer_line(const toml::table& root) {
  const toml::array* answers = root["answer"].as_array();
  if (!answers || answers->empty()) return std::numeric_limits<uint32_t>::max();
  return static_cast<uint32_t>(answers->get(0)->source().begin.line);
}

Saying saying_of(const toml::table& table, uint32_t answers_from_line) {
  Saying saying;
  saying.from_start = static_cast<uint32_t>(table.source().begin.line) < answers_from_line;
  const double every_ms = table["every_ms"].value_or(100.0);
  if (!(every_ms > 0) || every_ms > kMaxEveryMs)
    throw std::invalid_argument(fmt::format("line {}: every_ms is not a time above 0", table.source().begin.line));
  saying.interval_us = std::max<int64_t>(1, std::llround(1000 * every_ms));
  saying.times = static_cast<uint64_t>(std::max<int64_t>(0, table["times"].value_or(int64_t{0})));
  saying.pattern = table["text"].value_or(std::string());
  saying.low = table["low"].value_or(0.0);
  saying.high = table["high"].value_or(100.0);
  if (saying.pattern.empty())
    for (Bytes& report : reports_of(table))
      if (!report.empty()) saying.reports.push_back(std::move(report));
  if (saying.pattern.empty() && saying.reports.empty())
    throw std::invalid_argument(fmt::format("line {}: [[say]] has neither text nor hex", table.source().begin.line));
  return saying;
}

}  // namespace

Result<DeviceScript> DeviceScript::read(const std::filesystem::path& file) {
  const Result<std::string> content = read_file(file, 1u << 20);
  if (!content) return content.error();
  DeviceScript script;
  try {
    if (const auto deep = toml_too_deep(*content))
      return Error{fmt::format("line {}: {}", deep->line, deep->what), file.string(), deep->remedy};
    const toml::table root = toml::parse(*content);
    if (const toml::array* answers = root["answer"].as_array())
      for (const toml::node& node : *answers)
        if (const toml::table* table = node.as_table())
          script.answers_.push_back({bytes_of(*table, "to", "to_hex"), reports_of(*table)});
    if (const toml::table* params = root["params"].as_table())
      for (const auto& [key, node] : *params) {
        const auto text = node.value<std::string>();
        script.params_.push_back({std::string(key.str()), node.value_or(0.0), text.value_or(""), text.has_value()});
      }
    if (const toml::array* says = root["say"].as_array())
      for (const toml::node& node : *says)
        if (const toml::table* table = node.as_table()) script.sayings_.push_back(saying_of(*table, first_answer_line(root)));
  } catch (const std::exception& error) {
    return Error{error.what(), file.string(), kForm};
  }
  if (script.answers_.empty() && script.sayings_.empty()) return Error{"neither [[answer]] nor [[say]]", file.string(), kForm};
  return script;
}

DeviceScript DeviceScript::of_lines(const std::vector<std::string>& lines, int64_t interval_us) {
  Saying saying;
  saying.from_start = true;
  saying.interval_us = interval_us;
  for (const std::string& line : lines) saying.reports.push_back(from_text(line + "\r\n"));
  DeviceScript script;
  script.sayings_.push_back(std::move(saying));
  return script;
}

std::vector<Bytes> DeviceScript::answer_to(const Bytes& written) const {
  for (const Answer& answer : answers_)
    if (std::search(written.begin(), written.end(), answer.to.begin(), answer.to.end()) != written.end()) return answer.with;
  return {};
}

Bytes Saying::at(uint64_t n) const {
  if (pattern.empty()) return reports[n % reports.size()];
  const int64_t t_us = static_cast<int64_t>(n) * interval_us;
  const double turn = static_cast<double>(t_us % 4'000'000) / 2e6;  // 0 … 2
  const double value = low + (high - low) * (turn < 1 ? turn : 2 - turn);
  return from_text(replaced(replaced(pattern, "{us}", fmt::format("{}", t_us)), "{wave}", fmt::format("{:.2f}", value)));
}

}  // namespace patella::device_script
