#include "dose.hpp"

#include <deque>
#include <vector>

#include <nlohmann/json.hpp>

#include "wire/message.hpp"

namespace patella::host {
namespace {

using nlohmann::json;

std::string dose_of(const tables::Tables& module, const json& set) {
  std::deque<std::string> texts;
  std::vector<patella_value> values;
  for (const json& value : set) {
    patella_value one{texts.emplace_back(value.value("key", "")).c_str(), value.value("row", -1), value.value("number", 0.0),
                      nullptr};
    if (value.contains("text")) one.text = texts.emplace_back(value.value("text", "")).c_str();
    values.push_back(one);
  }
  return wire::clean_message(module.describe_dose(values));
}

}  // namespace

Result<std::string> dose_json(const Library& library, const std::string& sets) {
  if (!library.tables.describes_dose()) return Error{"The plugin says nothing of its dose", "", ""};
  json doses = json::array();
  try {
    for (const json& set : json::parse(sets)) doses.push_back(dose_of(library.tables, set));
  } catch (const json::exception& error) {
    return Error{"The parameters cannot be read", error.what(), ""};
  }
  return doses.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace patella::host
