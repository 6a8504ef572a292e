// `patella notices`: what staff should know, and that somebody has seen to it. Asks the running kiosk, or opens the log itself.
#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "runtime/notice_report.hpp"

namespace patella::cli {

namespace {
Result<std::vector<notices::Notice>> acknowledged_in(store::Store& log, const NoticesOptions& options) {
  auto open = log.notices_to_staff({true});
  if (!open) return open;
  const auto at = std::find_if(open->begin(), open->end(), [&](const auto& n) { return n.id == options.acknowledge; });
  if (at == open->end()) return no_open_notice(options.acknowledge);
  at->acknowledged_utc_us = SystemClock().wall().utc_us;
  at->acknowledged_by = options.by;
  Status done = log.put_notice(*at);
  if (done)
    done = log.audit({at->acknowledged_utc_us, options.by, "acknowledge", at->session.empty() ? at->id : at->session,
                      std::string(notices::id_of(at->kind)) + " " + at->id});
  if (done) done = log.commit();
  if (!done) return done.error();
  return std::vector<notices::Notice>{*at};
}

int print(const nlohmann::json& rows, const NoticesOptions& options) {
  if (options.json) {
    fmt::print("{}\n", json_text(rows, 2));
    return 0;
  }
  if (rows.empty()) fmt::print("{}\n", options.all ? "no notices are stored" : "no notices are open");
  for (const auto& row : rows)
    fmt::print("{}  {}{}\n", row.value("id", ""), notice_line(row),
               row.contains("acknowledged_by") ? "  acknowledged by " + row.value("acknowledged_by", "") : "");
  return 0;
}
}  // namespace

int notices_command(const Paths& paths, const NoticesOptions& options) {
  const bool acknowledges = !options.acknowledge.empty();
  if (acknowledges)
    if (const std::string wrong = wrong_with_name(options.by, kMaxOfName); !wrong.empty()) return failed("--by: " + wrong);
  const nlohmann::json request = acknowledges
                                     ? nlohmann::json{{"ask", "acknowledge"}, {"id", options.acknowledge}, {"by", options.by}}
                                     : nlohmann::json{{"ask", "notices"}, {"all", options.all}};
  if (const auto answer = ask_running(paths, json_text(request))) {
    if (!*answer) return failed(answer->error().text());
    return acknowledges ? 0 : print((*answer)->value("rows", nlohmann::json::array()), options);
  }
  if (!std::filesystem::exists(database_file(paths)))
    return failed(fmt::format("{}: nothing is stored here. Give the state folder with --state", paths.state.string()));
  auto log = acknowledges ? own_log(paths) : open_log(paths);
  if (!log) return failed(log.error().text());
  const auto rows = acknowledges ? acknowledged_in(**log, options) : (*log)->notices_to_staff({!options.all});
  tell_notices(**log);
  if (!rows) return failed(rows.error().text());
  return acknowledges ? 0 : print(notices_json(*rows, reload_config(paths.config, {}, {})), options);
}

}  // namespace patella::cli
