#include "app/session_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/json_text.hpp"
#include "base/clock.hpp"

namespace patella::app {

namespace {
nlohmann::json or_null(int value) { return value < 0 ? nlohmann::json(nullptr) : nlohmann::json(value); }

nlohmann::json channel_json(const store::StoredChannel& channel) {
  nlohmann::json json{{"channel", channel.key},
                      {"unit", channel.unit},
                      {"driver", channel.driver},
                      {"serial", channel.serial},
                      {"calibration", channel.calibration.empty() ? nlohmann::json(nullptr) : nlohmann::json(channel.calibration)}};
  if (!channel.figures) return json;
  json["samples"] = channel.figures->samples;
  json["rate_hz"] = channel.figures->rate_hz;
  json["jitter_ms"] = channel.figures->jitter_ms;
  json["lost"] = channel.figures->lost < 0 ? nlohmann::json(nullptr) : nlohmann::json(channel.figures->lost);
  return json;
}
}  // namespace

std::string sessions_json(const std::vector<store::SessionListRow>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& row : rows) {
    nlohmann::json channels = nlohmann::json::array();
    for (const auto& channel : row.head.channels) channels.push_back(channel_json(channel));
    list.push_back({{"id", row.head.id},
                    {"station", row.head.station_id},
                    {"client", row.head.client_ref},
                    {"started", utc_text(row.head.started_utc_us)},
                    {"started_local", local_text({row.head.started_utc_us, row.head.zone_offset_min})},
                    {"outcome", row.outcome.empty() ? "open" : row.outcome},
                    {"duration_s", row.duration_s},
                    {"sets", row.sets},
                    {"reps", row.reps},
                    {"reps_not_counted", row.reps_not_counted},
                    {"holds", row.holds},
                    {"gaps", row.gaps},
                    {"pain_before", or_null(row.pain_before)},
                    {"pain_after", or_null(row.pain_after)},
                    {"effort", or_null(row.effort)},
                    {"module", row.head.module_id},
                    {"module_version", row.head.module_version},
                    {"channels", channels}});
    if (row.damaged) list.back()["damaged"] = true;
  }
  return json_text(list, 2);
}

std::string sessions_table(const std::vector<store::SessionListRow>& rows) {
  return sessions_table_of(sessions_json(rows));
}

std::string sessions_table_of(const std::string& json) {
  constexpr const char* kLine = "{:<36}  {:<19}  {:<16}  {:<10}  {:<16}  {:>4}  {:>4}{}\n";
  std::string table =
      fmt::format(kLine, "session", "started", "station", "client", "outcome", "sets", "reps", "");
  for (const auto& row : nlohmann::json::parse(json, nullptr, false))
    table += fmt::format(kLine, row.value("id", ""), row.value("started_local", ""), row.value("station", ""),
                         row.value("client", ""), row.value("outcome", ""), row.value("sets", 0),
                         row.value("reps", 0), row.value("damaged", false) ? "  damaged: not as it was stored" : "");
  return table;
}

}  // namespace patella::app
