#include "runtime/session_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "runtime/control_socket.hpp"

namespace patella::runtime {

namespace {
constexpr const char* kLine = "{:<36}  {:<19}  {:<16}  {:<10}  {:<16}  {:>4}  {:>4}{}\n";

nlohmann::json or_null(int value) { return value < 0 ? nlohmann::json(nullptr) : nlohmann::json(value); }

nlohmann::json channel_json(const store::StoredChannel& channel) {
  nlohmann::json json{
      {"channel", channel.key},
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

nlohmann::json place_json(const store::SessionPlace& place) { return {{"utc_us", place.started_utc_us}, {"id", place.id}}; }

std::optional<store::SessionPlace> place_in(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_object()) return std::nullopt;
  const auto utc = found->find("utc_us"), id = found->find("id");
  if (utc == found->end() || !utc->is_number_integer() || id == found->end() || !id->is_string()) return std::nullopt;
  return store::SessionPlace{utc->get<int64_t>(), id->get<std::string>()};
}
}  // namespace

nlohmann::json sessions_json(const std::vector<store::SessionListRow>& rows) {
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
  return list;
}

std::string sessions_heading() {
  return fmt::format(kLine, "session", "started", "station", "client", "outcome", "sets", "reps", "");
}

std::string sessions_lines(const nlohmann::json& rows) {
  std::string lines;
  for (const auto& row : rows)
    lines += fmt::format(kLine, row.value("id", ""), row.value("started_local", ""), row.value("station", ""),
                         row.value("client", ""), row.value("outcome", ""), row.value("sets", 0), row.value("reps", 0),
                         row.value("damaged", false) ? "  damaged: not as it was stored" : "");
  return lines;
}

std::string sessions_question(const store::PageRequest& page) {
  nlohmann::json question{{"ask", "sessions"}, {"most", page.most}, {"newest_first", page.newest_first}};
  if (page.after) question["after"] = place_json(*page.after);
  return json_text(question);
}

std::string sessions_answer(store::Store& store, const std::string& question) {
  const nlohmann::json asked = nlohmann::json::parse(question, nullptr, false);
  store::PageRequest request{kMaxAsked, false, std::nullopt};
  if (asked.is_object()) {
    const auto most = asked.find("most");
    if (most != asked.end() && most->is_number_integer())
      request.most = static_cast<int>(std::clamp<int64_t>(most->get<int64_t>(), 1, kMaxAsked));
    request.newest_first = flag_in(question, "newest_first");
    request.after = place_in(asked, "after");
  }
  const auto page = store.session_page({}, request);
  if (!page) return json_text({{"ok", false}, {"error", page.error().text()}});
  nlohmann::json answer{{"ok", true}, {"sessions", sessions_json(page->rows)}};
  if (page->next) answer["next"] = place_json(*page->next);
  return json_text(answer);
}

std::optional<store::SessionPlace> next_of(const nlohmann::json& answer) { return place_in(answer, "next"); }

}  // namespace patella::runtime
