#include "config/edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/edit_files.hpp"
#include "config/edit_writer.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

using Used = std::map<std::string, EditFilePtr>;
using Changes = std::map<std::string, std::vector<EntryChange>>;  // by station

// ---- What is to be changed, in which stations

const Station* find_station(const Config& config, const std::string& id) {
  const auto found = std::find_if(config.stations.begin(), config.stations.end(), [&](const Station& s) { return s.id == id; });
  return found == config.stations.end() ? nullptr : &*found;
}

Result<const Station*> usable_station(const Config& config, const std::string& id) {
  if (const Station* station = find_station(config, id)) return station;
  for (const auto& broken : config.broken)
    if (broken.id == id) return Error{fmt::format("the station {} cannot be used: {}", in_quotes(id), broken.why), "", ""};
  std::vector<std::string> known;
  for (const Station& station : config.stations) known.push_back(station.id);
  return Error{fmt::format("there is no station {}", in_quotes(id)), "", did_you_mean(id, known)};
}

const Binding* find_binding(const Station& station, const std::string& channel) {
  const auto found =
      std::find_if(station.bindings.begin(), station.bindings.end(), [&](const Binding& b) { return b.channel == channel; });
  return found == station.bindings.end() ? nullptr : &*found;
}

/// Calls `each` with every binding of that device. A station that cannot be used now has what was set last when it can be used again.
template <class Each>
void for_device(const Config& config, const Binding& device, Each&& each) {
  for (const Station& station : config.stations)
    for (const Binding& binding : station.bindings)
      if (same_device(binding, device)) each(station, binding);
}

/// The value in force, or the cells of a list.
params::Values value_of(const Station& station, const std::string& channel, const std::string& key) {
  const Binding* binding = channel.empty() ? nullptr : find_binding(station, channel);
  params::Values values;
  for (const params::Value& value : binding ? binding->driver_params : station.exercise.params)
    if (value.key == key || value.key.starts_with(key + '.')) values.push_back(value);
  return values;
}

/// The administrator's value, as it is told.
std::string beneath(const Config& now, const Station& station, const std::string& channel, const params::Spec& spec) {
  const std::string where = where_of(channel, spec.key);
  for (const EditInForce& edit : now.edits)
    if (edit.station == station.id && edit.where == where) return edit.administrators;
  return value_text(spec, value_of(station, channel, spec.key));
}

/// Of one parameter that was given twice the last one counts.
void add(std::vector<EntryChange>& changes, EntryChange change) {
  std::erase_if(changes, [&](const EntryChange& one) {
    return one.channel == change.channel && one.driver == change.driver && one.key == change.key;
  });
  changes.push_back(std::move(change));
}

/// One parameter of the exercise (channel and driver "") or of a driver.
void add_change(const Config& now, const Station& station, const std::string& channel, const std::string& driver,
                const params::Spec& spec, const ParamEdit& edit, const Editor& by, Changes& changes) {
  std::vector<EntryChange>& list = changes[station.id];
  EntryChange change{channel, driver, spec.key, std::nullopt};
  if (!edit.values) return add(list, std::move(change));
  std::erase_if(list,
                [&](const EntryChange& one) { return one.channel == channel && one.driver == driver && one.key == spec.key; });
  if (value_of(station, channel, spec.key) == *edit.values) return;  // is so already
  change.entry = entry_table(channel, driver, spec, *edit.values, beneath(now, station, channel, spec), by);
  add(list, std::move(change));
}

Result<const params::Spec*> find_param(const params::PluginSpecs& plugins, const std::string& folder, const std::string& key) {
  const params::PluginSpec* plugin = params::find(plugins, folder);
  const params::Spec* spec = plugin ? params::find(plugin->params, key) : nullptr;
  if (spec) return spec;
  return Error{fmt::format("{} has no parameter {}", in_quotes(folder), in_quotes(key)), "",
               plugin ? did_you_mean(key, params::keys(plugin->params)) : "Install the plugin"};
}

Status add_changes(const EditTarget& target, const Config& now, const ParamEdit& edit, const Editor& by, Changes& changes) {
  const auto station = usable_station(now, edit.station);
  if (!station) return station.error();
  if (edit.channel.empty()) {
    const auto spec = find_param(target.modules, (*station)->exercise.module, edit.key);
    if (!spec) return spec.error();
    add_change(now, **station, "", "", **spec, edit, by, changes);
    return {};
  }
  const Binding* binding = find_binding(**station, edit.channel);
  if (!binding || binding->driver != edit.driver)
    return Error{fmt::format("the station {} binds {} to {}, not {}", in_quotes(edit.station),
                             binding ? in_quotes(binding->driver) : "nothing", in_quotes(edit.channel), in_quotes(edit.driver)),
                 "", "Start the kiosk again, so that it knows the station as it is now"};
  const auto spec = find_param(target.drivers, binding->driver, edit.key);
  if (!spec) return spec.error();
  for_device(now, *binding, [&](const Station& one, const Binding& bound) {
    add_change(now, one, bound.channel, bound.driver, **spec, edit, by, changes);
  });
  return {};
}

// ---- What is to be written

/// Numbers of what is kept and what is new. A number that another file has already, or a file in force that says none, gets a free one:
/// nothing is written over.
void number(Draft& draft, const EditFiles& edits, const EditFilePtr& current, int& next) {
  const std::vector<int> kept = kept_revisions(edits.state, draft.station);
  const fs::path file = edits.state / edit_file_name(draft.station);
  std::error_code ignored;
  const bool there = fs::exists(fs::symlink_status(file, ignored));
  next = kept.empty() ? 1 : kept.back() + 1;
  if (!there) return;
  const bool taken = current && std::binary_search(kept.begin(), kept.end(), current->revision) &&
                     !same_bytes(edits.state / revision_name(draft.station, current->revision), file);
  draft.keep_as = current && !taken ? current->revision : next;
  next = std::max(next, draft.keep_as + 1);
}

/// Nothing: these changes change nothing, and the file in force is good.
Result<std::optional<Draft>> draft_of(const std::string& station, const EditFiles& edits, const EditFilePtr& base,
                                      const std::vector<EntryChange>& changes, int undo_of, const Editor& by) {
  Draft draft;
  draft.station = station;
  const auto found = edits.current.find(station);
  const EditFilePtr current = found == edits.current.end() ? nullptr : found->second;
  int revision = 1;
  number(draft, edits, current, revision);
  const bool mends =
      found != edits.current.end() && (!current || current != base);  // one that cannot be read is mended by any other
  const auto table = next_revision(base.get(), station, revision, undo_of, changes, by, mends);
  if (!table) return std::optional<Draft>();
  draft.text = edit_file_text(*table, station);
  std::vector<Diagnostic> diagnostics;
  Diagnostics notes(edit_file_name(station), diagnostics);
  guarded(notes, [&] {
    auto again = parse_text(draft.text, notes);
    if (again && *again != *table)
      notes.error(0, "", "could not be written so that it reads the same", "Change it in another way");
    if (again && notes.errors() == 0) draft.file = read_edit_file(std::move(*again), station, notes);
  });
  if (draft.text.size() > kMaxFile) notes.error(0, "", "would be larger than a file may be", "Take some edits back");
  for (const Diagnostic& diagnostic : diagnostics)
    if (diagnostic.level == Diagnostic::Level::error) return Error{diagnostic.text(), "", ""};
  return std::optional<Draft>(std::move(draft));
}

/// Error: something would be wrong with these edits that is right without them.
Status check_outcome(const Config& before, const Config& after, const std::vector<Draft>& drafts) {
  std::set<std::string> known;
  for (const Diagnostic& diagnostic : before.diagnostics) known.insert(diagnostic.text());
  for (const Diagnostic& diagnostic : after.diagnostics) {
    if (diagnostic.level != Diagnostic::Level::error) continue;
    const bool own = std::any_of(drafts.begin(), drafts.end(),
                                 [&](const Draft& draft) { return edit_file_name(draft.station) == diagnostic.file; });
    if (own && !diagnostic.key.empty()) return Error{diagnostic.key + ": " + diagnostic.what, "", diagnostic.remedy};
    if (own || !known.count(diagnostic.text())) return Error{diagnostic.file + ": " + diagnostic.what, "", diagnostic.remedy};
  }
  return {};
}

// ---- All of it

struct Now {
  EditFiles edits;
  Used used;
  Config config;
};

Now look(const EditTarget& target) {
  Now now;
  now.edits = read_edit_files(target.state);
  now.config = load_with(target.config, target.modules, target.drivers, now.edits, now.used);
  return now;
}

/// `undo_of`: for this station, the others have a plain change.
Result<SavedEdits> commit(const EditTarget& target, Now now, Changes& changes, const std::string& undone, int undo_of,
                          const Editor& by) {
  std::vector<Draft> drafts;
  SavedEdits saved;
  for (auto& [station, list] : changes) {
    saved.stations.push_back(station);
    auto draft = draft_of(station, now.edits, now.used[station], list, station == undone ? undo_of : -1, by);
    if (!draft) return draft.error();
    if (!*draft) continue;
    saved.changed.push_back(station);
    for (const EntryChange& change : list) (change.channel.empty() ? saved.exercise : saved.drivers) = true;
    drafts.push_back(std::move(**draft));
  }
  // Power that goes after the first file: what it says of a device counts for all, and what it says of an exercise is in no other file.
  std::stable_partition(drafts.begin(), drafts.end(), [&](const Draft& draft) { return draft.station == undone; });
  EditFiles candidate = now.edits;
  for (const Draft& draft : drafts) {
    candidate.current[draft.station] = draft.file;
    candidate.diagnostics.erase(draft.station);
  }
  Used used;
  saved.config = load_with(target.config, target.modules, target.drivers, candidate, used);
  if (Status fits = check_outcome(now.config, saved.config, drafts); !fits) return fits.error();
  if (Status written = write_drafts(target.state, std::move(drafts)); !written) return written.error();
  return saved;
}

}  // namespace

Result<SavedEdits> save_edits(const EditTarget& target, std::span<const ParamEdit> edits, const Editor& by) {
  Now now = look(target);
  Changes changes;
  for (const ParamEdit& edit : edits) {
    if (Status added = add_changes(target, now.config, edit, by, changes); !added) return added.error();
  }
  return commit(target, std::move(now), changes, "", -1, by);
}

namespace {

Result<EditFilePtr> find_revision(const EditFiles& edits, const std::string& station, int revision) {
  if (revision == 0) return EditFilePtr();
  const std::vector<int> kept = kept_revisions(edits.state, station);
  const auto current = edits.current.find(station);
  if (std::binary_search(kept.begin(), kept.end(), revision)) {
    std::vector<Diagnostic> diagnostics;
    if (auto file = read_revision(edits.state, station, revision, diagnostics)) return file;
    return Error{diagnostics.front().text(), "", ""};
  }
  if (current != edits.current.end() && current->second && current->second->revision == revision) return current->second;
  return Error{fmt::format("there is no revision {} of the edits of {}", revision, in_quotes(station)), "",
               fmt::format("`patella edits {}` lists them; 0 is without edits", station)};
}

}  // namespace

Result<SavedEdits> undo_edits(const EditTarget& target, const std::string& station, int revision, const Editor& by) {
  Now now = look(target);
  const auto usable = usable_station(now.config, station);
  if (!usable) return usable.error();
  const auto wanted = find_revision(now.edits, station, revision);
  if (!wanted) return wanted.error();
  Changes changes;
  changes[station] = changes_between(now.used[station].get(), wanted->get(), by);
  const std::vector<EntryChange> own = changes[station];
  for (const EntryChange& change : own) {
    const Binding* binding = change.channel.empty() ? nullptr : find_binding(**usable, change.channel);
    if (!binding || binding->driver != change.driver) continue;
    for_device(now.config, *binding, [&](const Station& other, const Binding& bound) {
      if (other.id == station) return;
      EntryChange same = change;
      same.channel = bound.channel;
      if (same.entry) same.entry->insert_or_assign("channel", bound.channel);
      add(changes[other.id], std::move(same));
    });
  }
  return commit(target, std::move(now), changes, station, revision, by);
}

}  // namespace patella::config
