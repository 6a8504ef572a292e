#include "store/event_text.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"

namespace patella::store {

namespace {
using nlohmann::json;

json text_to_json(const std::string& text) {
  if (!first_bad_utf8(text)) return text;
  std::string hex;
  for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return json{{"hex", hex}};
}

json number_to_json(double value) {
  if (std::isfinite(value)) return value;
  return json{{"bits", fmt::format("{:016x}", std::bit_cast<uint64_t>(value))}};
}

std::string text_from_json(const json& item) {
  if (item.is_string()) return item.get<std::string>();
  const std::string hex = item.at("hex").get<std::string>();
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoul(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

session::LogEvent::Value value_from_json(const json& item) {
  if (item.is_number()) return item.get<double>();
  if (item.is_object() && item.contains("bits"))
    return std::bit_cast<double>(std::stoull(item.at("bits").get<std::string>(), nullptr, 16));
  return text_from_json(item);
}
}  // namespace

std::string fields_to_text(const Fields& fields) {
  json list = json::array();
  for (const auto& [key, value] : fields) {
    const double* number = std::get_if<double>(&value);
    list.push_back(
        json::array({text_to_json(key), number ? number_to_json(*number) : text_to_json(std::get<std::string>(value))}));
  }
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Fields> fields_from_text(const std::string& text) {
  try {
    Fields fields;
    for (const json& pair : json::parse(text)) fields.emplace_back(text_from_json(pair.at(0)), value_from_json(pair.at(1)));
    return fields;
  } catch (const std::exception& broken) {
    return Error{std::string("the fields of an event cannot be read: ") + broken.what(), "", ""};
  }
}

std::string figures_to_text(const std::vector<std::pair<std::string, double>>& figures) {
  nlohmann::ordered_json list = nlohmann::ordered_json::object();
  for (const auto& [key, value] : figures)
    if (std::isfinite(value)) list[key] = value;
  return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace patella::store
