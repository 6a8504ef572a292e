#include "runtime/staff_list.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/json_text.hpp"

namespace patella::runtime {

Result<std::string> staff_text(store::Store& log) {
  const auto staff = log.staff();
  if (!staff) return staff.error();
  nlohmann::json list = nlohmann::json::array();
  for (const auto& member : *staff)
    list.push_back({{"id", member.id},
                    {"name", member.name},
                    {"role", member.role},
                    {"since", utc_text(member.added_utc_us)},
                    {"has_pin", !member.pin_hash.empty()}});
  return json_text(list, 2);
}

std::string staff_table(const std::string& json) {
  std::string table = fmt::format("{:<36}  {:<24}  {:<6}  {:<10}  {}\n", "id", "name", "role", "since", "PIN");
  for (const auto& member : nlohmann::json::parse(json, nullptr, false))
    table += fmt::format("{:<36}  {:<24}  {:<6}  {:<10}  {}\n", member.value("id", ""), member.value("name", ""),
                         member.value("role", ""), member.value("since", "").substr(0, 10),
                         member.value("has_pin", false) ? "set" : "none");
  return table;
}

}  // namespace patella::runtime
