#include "runtime/edits_report.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "runtime/control_socket.hpp"

namespace patella::runtime {

namespace {

constexpr const char* kAdministrators = "administrator's value";

std::string shown(const std::string& value) { return value.empty() ? kAdministrators : value; }

/// -1: no revision has this number.
int revision_in(const nlohmann::json& number) {
  constexpr int64_t kMax = 1'000'000'000;
  const auto value = number.get<int64_t>();
  return value >= 0 && value <= kMax ? static_cast<int>(value) : -1;
}

std::string error_answer(const Error& error) { return json_text({{"ok", false}, {"error", error.text()}}); }

}  // namespace

std::string to_json(const UndoEdits& wish) {
  return json_text({{"ask", "undo_edits"}, {"station", wish.station}, {"revision", wish.revision}, {"by", wish.by}});
}

Result<config::SavedEdits> undo_edits(store::Store& log, const Paths& paths, const EditPlugins& plugins, const UndoEdits& wish,
                                      const WallTime& now) {
  auto saved = config::undo_edits({paths.config, paths.state, plugins.modules, plugins.drivers}, wish.station, wish.revision,
                                  {wish.by, wish.by, now});
  if (!saved) return saved;
  for (const std::string& station : saved->changed) {
    const std::string detail = json_text({{"station", station}, {"undone", wish.station}, {"to_revision", wish.revision}});
    (void)log.audit({now.utc_us, wish.by, "edit_undo", station, detail});
  }
  return saved;
}

std::string undone_text(const config::SavedEdits& saved, const UndoEdits& wish, bool runs) {
  const std::string as = wish.revision == 0 ? "as without edits" : fmt::format("as in revision {}", wish.revision);
  if (saved.changed.empty()) return fmt::format("{} is {} already\n", wish.station, as);
  std::string text;
  for (const std::string& station : saved.changed)
    text += station == wish.station ? fmt::format("{} is {} now\n", station, as)
                                    : fmt::format("{} is changed too: it has the same device\n", station);
  if (runs && saved.drivers) text += "Devices have it when no client is at a station\n";
  if (runs && saved.exercise) text += "The exercise has it when the kiosk is started again\n";
  return text;
}

std::string answer_undo_edits(const std::string& request, const Paths& paths, StoreThread& store, EngineThread& engine,
                              const Clock& clock) {
  const nlohmann::json asked = nlohmann::json::parse(request, nullptr, false);
  const auto revision = asked.is_object() ? asked.find("revision") : asked.end();
  const UndoEdits wish{
      text_in(request, "station"),
      asked.is_object() && revision != asked.end() && revision->is_number_integer() ? revision_in(*revision) : -1,
      text_in(request, "by")};
  if (wish.station.empty() || wish.revision < 0 || wish.by.empty())
    return error_answer({"not a question the kiosk knows", "", "Give a station, a revision and who wants it"});
  const auto plugins = engine.edit_plugins();
  if (!plugins) return error_answer({"the kiosk is starting", "", "Try again when its stations are on the screen"});
  using Saved = Result<config::SavedEdits>;
  const auto undo = [&](store::Store& s) {
    Saved done = undo_edits(s, paths, *plugins, wish, clock.wall());
    (void)s.commit();                              // what the disk does not take now is held and tried again
    if (done) engine.edits_changed(done->config);  // here, so that it comes in the order in which edits are saved
    return done;
  };
  const Saved saved = store.ask<Saved>(undo, true).get();
  if (!saved) return error_answer(saved.error());
  return json_text({{"ok", true}, {"text", undone_text(*saved, wish, true)}});
}

nlohmann::json revisions_json(const std::vector<config::EditRevision>& revisions) {
  nlohmann::json rows = nlohmann::json::array();
  for (const config::EditRevision& one : revisions) {
    nlohmann::json row{{"number", one.number}, {"in_force", one.in_force}};
    if (!one.damaged.empty()) {
      row["damaged"] = one.damaged;
      rows.push_back(std::move(row));
      continue;
    }
    row["utc"] = utc_text(one.by.at.utc_us);
    row["local"] = local_text(one.by.at);
    row["zone_offset_min"] = one.by.at.zone_offset_min;
    row["by"] = one.by.id;
    row["by_name"] = one.by.name;
    if (one.undo_of >= 0) row["undo_of"] = one.undo_of;
    row["changes"] = nlohmann::json::array();
    for (const config::EditChange& change : one.changes)
      row["changes"].push_back({{"where", change.where},
                                {"before", change.before.empty() ? nlohmann::json() : nlohmann::json(change.before)},
                                {"after", change.after.empty() ? nlohmann::json() : nlohmann::json(change.after)}});
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string revisions_table(const std::vector<config::EditRevision>& revisions) {
  std::string text;
  for (const config::EditRevision& one : revisions) {
    const std::string number = one.number > 0 ? fmt::format("{:>4}", one.number) : "   ?";
    if (!one.damaged.empty()) {
      text += fmt::format("{}  damaged: {}\n", number, one.damaged);
      continue;
    }
    text += fmt::format("{}  {}  {}{}{}\n", number, local_text(one.by.at), one.by.name,
                        one.undo_of >= 0 ? fmt::format("  undo to {}", one.undo_of) : "", one.in_force ? "  in force" : "");
    for (const config::EditChange& change : one.changes)
      text += fmt::format("      {}: {} -> {}\n", change.where, shown(change.before), shown(change.after));
  }
  return text;
}

std::string edits_in_force_text(const config::Config& config) {
  std::string text;
  for (const config::EditInForce& edit : config.edits) {
    text += fmt::format("edit: stations/{}.toml: {}: {} -> {} ({}, {}, revision {}{})", edit.station, edit.where,
                        edit.administrators, edit.edited, edit.by.name, local_text(edit.by.at), edit.revision,
                        edit.from.empty() ? "" : " of " + edit.from);
    if (!edit.administrators_then.empty() && edit.administrators_then != edit.administrators)
      text += fmt::format("; the administrator's value was {} then, and the edit stays over it", edit.administrators_then);
    text += '\n';
  }
  return text;
}

}  // namespace patella::runtime
