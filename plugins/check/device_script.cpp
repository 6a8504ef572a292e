#include "device_script.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/files.hpp"

namespace patella::check {
namespace {

Bytes from_text(const std::string& text) { return Bytes(text.begin(), text.end()); }

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  std::istringstream words(text);
  for (std::string word; words >> word;) bytes.push_back(static_cast<uint8_t>(std::stoul(word, nullptr, 16)));
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

}  // namespace

Result<DeviceScript> DeviceScript::read(const std::filesystem::path& file) {
  const Result<std::string> content = read_file(file, 1u << 20);
  if (!content) return content.error();
  DeviceScript script;
  try {
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
    const toml::array* says = root["say"].as_array();
    if (const toml::table* say = says && !says->empty() ? says->get(0)->as_table() : nullptr) {
      script.interval_us_ = static_cast<int64_t>(1000 * (*say)["every_ms"].value_or(100.0));
      script.pattern_ = (*say)["text"].value_or(std::string());
      script.low_ = (*say)["low"].value_or(0.0);
      script.high_ = (*say)["high"].value_or(100.0);
      if (const toml::array* reports = (*say)["hex"].as_array())
        for (const toml::node& report : *reports) script.reports_.push_back(from_hex(report.value_or(std::string())));
    }
  } catch (const std::exception& error) {
    return Error{error.what(), file.string(), "See plugins/check/device_script.hpp for the form"};
  }
  const bool mute = script.pattern_.empty() && script.reports_.empty();
  if (script.interval_us_ <= 0 || mute) script.interval_us_ = 0;
  if (script.answers_.empty() && mute) return Error{"neither [[answer]] nor [[say]]", file.string(), ""};
  return script;
}

std::vector<Bytes> DeviceScript::answer_to(const Bytes& written) const {
  for (const Answer& answer : answers_)
    if (std::search(written.begin(), written.end(), answer.to.begin(), answer.to.end()) != written.end()) return answer.with;
  return {};
}

Bytes DeviceScript::saying(uint64_t n) const {
  if (!reports_.empty()) return reports_[n % reports_.size()];
  const int64_t t_us = static_cast<int64_t>(n) * interval_us_;
  const double turn = static_cast<double>(t_us % 4'000'000) / 2e6;  // 0 … 2
  const double value = low_ + (high_ - low_) * (turn < 1 ? turn : 2 - turn);
  return from_text(replaced(replaced(pattern_, "{us}", fmt::format("{}", t_us)), "{wave}", fmt::format("{:.2f}", value)));
}

}  // namespace patella::check
