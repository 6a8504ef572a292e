#include "runtime/notice_report.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "notices/words.hpp"

namespace patella::runtime {

namespace {
/// Read without its plugins every station counts as broken, and still has its title.
Message title_of(const std::string& station, const config::Config& config) {
  for (const config::Station& known : config.stations)
    if (known.id == station) return translatable(known.title);
  for (const auto& known : config.broken)
    if (known.id == station && !known.title.empty()) return translatable(known.title);
  return verbatim(station);
}
}  // namespace

nlohmann::json notice_json(const notices::Notice& notice, const Message& station_title, const Messages& text,
                           const Phrasebook& language) {
  nlohmann::json detail = nlohmann::json::object();
  for (const auto& [key, value] : notices::detail_in_words(notice, language))
    std::visit([&, &name = key](const auto& one) { detail[name] = one; }, value);
  nlohmann::json json{{"id", notice.id},
                      {"kind", notices::id_of(notice.kind)},
                      {"raised_utc", utc_text(notice.utc_us)},
                      {"raised_local", local_text({notice.utc_us, notice.zone_offset_min})},
                      {"zone_offset_min", notice.zone_offset_min},
                      {"station", notice.station},
                      {"station_title", sentence(station_title, language)},
                      {"session", notice.session},
                      {"client", notice.client},
                      {"detail", detail},
                      {"text", sentence(text, language)}};
  if (!notice.open()) {
    json["acknowledged_utc"] = utc_text(notice.acknowledged_utc_us);
    json["acknowledged_by"] = notice.acknowledged_by;
  }
  return json;
}

nlohmann::json notices_json(const session::OpenNotices& open) {
  nlohmann::json list = nlohmann::json::array();
  if (!open) return list;
  for (const session::OpenNotice& one : *open) list.push_back(notice_json(one.notice, one.station_title, one.lines));
  return list;
}

nlohmann::json notices_json(const std::vector<notices::Notice>& rows, const config::Config& config) {
  const auto question = [&](const std::string& id) {
    for (const config::Question& known : config.kiosk.questions)
      if (known.id == id) return translatable(known.text);
    return Message();
  };
  nlohmann::json list = nlohmann::json::array();
  for (const notices::Notice& row : rows)
    list.push_back(notice_json(row, title_of(row.station, config), notices::lines_of(row, question)));
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
