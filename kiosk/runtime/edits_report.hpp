// What `patella edits` lists and does, with a kiosk that runs and without.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/edits.hpp"
#include "runtime/assembly.hpp"
#include "runtime/engine_thread.hpp"
#include "store/store.hpp"

namespace patella::runtime {

struct UndoEdits {
  std::string station;
  int revision = 0;
  std::string by;
};
std::string to_json(const UndoEdits& wish);  ///< as a question to the kiosk

/// Puts an earlier revision in force, and a row for each station that it changes into the audit, not yet committed. Whoever has the log.
Result<config::SavedEdits> undo_edits(store::Store& log, const Paths& paths, const EditPlugins& plugins, const UndoEdits& wish,
                                      const WallTime& now);
/// What was done, and when it counts. `runs`: a kiosk has the sensors.
std::string undone_text(const config::SavedEdits& saved, const UndoEdits& wish, bool runs);

/// The running kiosk's answer to to_json(). Waits for the store: not for the window's thread.
std::string answer_undo_edits(const std::string& request, const Paths& paths, StoreThread& store, EngineThread& engine,
                              const Clock& clock);

/// [{number, in_force, utc, local, zone_offset_min, by, by_name, undo_of, changes: [{where, before, after}]}], or {number, in_force, damaged}.
nlohmann::json revisions_json(const std::vector<config::EditRevision>& revisions);
/// The same for people, a line for each change.
std::string revisions_table(const std::vector<config::EditRevision>& revisions);
/// The edits in force, a line each, for `patella check config`.
std::string edits_in_force_text(const config::Config& config);

}  // namespace patella::runtime
