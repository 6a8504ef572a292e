// `patella edits`: what was changed at the kiosk, and an earlier revision put in force again.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "config/words.hpp"
#include "runtime/edits_report.hpp"

namespace patella::cli {

namespace {

int list_stations(const Paths& paths, const std::vector<std::string>& stations, bool json) {
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  for (const std::string& station : stations) {
    const auto revisions = config::edit_revisions(paths.state, station);
    if (revisions.empty()) continue;
    const config::EditRevision& last = revisions.back();
    nlohmann::json row = revisions_json({last})[0];
    row["station"] = station;
    row.erase("changes");
    rows.push_back(std::move(row));
    text += last.damaged.empty()
                ? fmt::format("{:<24} revision {}  {}  {}\n", station, last.number, local_text(last.by.at), last.by.name)
                : fmt::format("{:<24} damaged: {}\n", station, last.damaged);
  }
  if (json)
    fmt::print("{}\n", json_text(rows, 2));
  else
    say(stdout, text.empty() ? "nothing was changed at the kiosk\n" : text);
  return 0;
}

int list_revisions(const Paths& paths, const EditsOptions& options) {
  auto revisions = config::edit_revisions(paths.state, options.station);
  const std::size_t all = revisions.size(), most = static_cast<std::size_t>(options.last);
  if (all > most) revisions.erase(revisions.begin(), revisions.end() - static_cast<std::ptrdiff_t>(most));
  if (options.json) {
    fmt::print("{}\n", json_text(revisions_json(revisions), 2));
    return 0;
  }
  if (all == 0) {
    say(stdout, fmt::format("nothing was changed at the kiosk for \"{}\"\n", options.station));
    return 0;
  }
  if (all > revisions.size()) say(stdout, fmt::format("the newest {} of {}; --last N shows more\n", revisions.size(), all));
  say(stdout, revisions_table(revisions));
  return 0;
}

int undo(const Paths& paths, const UndoEdits& wish) {
  if (const auto answer = ask_running(paths, to_json(wish))) {
    if (!*answer) return failed(answer->error().text());
    say(stdout, (*answer)->value("text", ""));
    return 0;
  }
  if (!make_state_folder(paths)) return 1;
  const auto log = own_log(paths);
  if (!log) return failed(log.error().text());
  const Assembly assembly = assemble(paths, host_options(paths));
  const auto saved = undo_edits(**log, paths, edit_plugins(assembly), wish, SystemClock().wall());
  tell_notices(**log);
  if (!saved) return failed(saved.error().text());
  if (Status kept = (*log)->commit(); !kept)
    return failed(fmt::format("{}It is in force, and the audit has no row of it: {}", undone_text(*saved, wish, false),
                              kept.error().text()));
  say(stdout, undone_text(*saved, wish, false));
  return 0;
}

}  // namespace

int edits_command(const Paths& paths, const EditsOptions& options) {
  if (options.undo_to >= 0) {
    if (const std::string wrong = wrong_with_name(options.by, kMaxOfName); !wrong.empty()) return failed("--by: " + wrong);
    if (config::first_bad_utf8(options.station)) return failed("the station's id is not UTF-8 text");
    return undo(paths, {options.station, options.undo_to, options.by});
  }
  const auto stations = config::edited_stations(paths.state);
  if (!stations) return failed(stations.error().text());
  return options.station.empty() ? list_stations(paths, *stations, options.json) : list_revisions(paths, options);
}

}  // namespace patella::cli
