#include "runtime/notice_report.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "notices/words.hpp"

namespace patella::runtime {

namespace {
/// Read without its plugins every station counts as broken, and still has its title.
std::string title_of(const std::string& station, const config::Config& config) {
  for (const config::Station& known : config.stations)
    if (known.id == station) return known.title;
  for (const auto& known : config.broken)
    if (known.id == station && !known.title.empty()) return known.title;
  return station;
}
}  // namespace

nlohmann::json notice_json(const notices::Notice& notice, const std::string& station_title, const std::string& text) {
  nlohmann::json detail = nlohmann::json::object();
  for (const auto& [key, value] : notice.detail) std::visit([&, &name = key](const auto& one) { detail[name] = one; }, value);
  nlohmann::json json{{"id", notice.id},
                      {"kind", notices::id_of(notice.kind)},
                      {"raised_utc", utc_text(notice.utc_us)},
                      {"raised_local", local_text({notice.utc_us, notice.zone_offset_min})},
                      {"zone_offset_min", notice.zone_offset_min},
                      {"station", notice.station},
                      {"station_title", station_title},
                      {"session", notice.session},
                      {"client", notice.client},
                      {"detail", detail},
                      {"text", text}};
  if (!notice.open()) {
    json["acknowledged_utc"] = utc_text(notice.acknowledged_utc_us);
    json["acknowledged_by"] = notice.acknowledged_by;
  }
  return json;
}

nlohmann::json notices_json(const session::OpenNotices& open) {
  nlohmann::json list = nlohmann::json::array();
  if (!open) return list;
  for (const session::OpenNotice& one : *open) {
    std::string text;
    for (const std::string& line : one.lines) text += (text.empty() ? "" : ". ") + line;
    list.push_back(notice_json(one.notice, one.station_title, text));
  }
  return list;
}

nlohmann::json notices_json(const std::vector<notices::Notice>& rows, const config::Config& config) {
  const auto question = [&](const std::string& id) {
    for (const config::Question& known : config.kiosk.questions)
      if (known.id == id) return known.text;
    return std::string();
  };
  nlohmann::json list = nlohmann::json::array();
  for (const notices::Notice& row : rows) list.push_back(notice_json(row, title_of(row.station, config), notices::line_of(row, question)));
  return list;
}

Error no_open_notice(const std::string& id) {
  return {"no notice of this id is open", id, "`patella notices` lists those that are"};
}

std::string notice_line(const nlohmann::json& notice) {
  std::string line = notice.value("raised_local", "").substr(0, 16);
  for (const char* key : {"station_title", "client", "text"})
    if (const std::string part = notice.value(key, ""); !part.empty()) line += "  " + part;
  return line;
}

}  // namespace patella::runtime
