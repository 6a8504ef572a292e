// Revisions for lists: read from the files alone.
#include <algorithm>

#include "config/edit_files.hpp"
#include "config/edits.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

std::vector<EditChange> differences(const EditFile* before, const EditFile& now) {
  const auto find = [](const EditFile* file, const EditEntry& place) -> const EditEntry* {
    if (!file) return nullptr;
    const auto found =
        std::find_if(file->entries.begin(), file->entries.end(), [&](const EditEntry& one) { return same_place(one, place); });
    return found == file->entries.end() ? nullptr : &*found;
  };
  std::vector<EditChange> changes;
  for (const EditEntry& entry : now.entries) {
    const EditEntry* old = find(before, entry);
    if (!old || toml::node_view(*old->value) != toml::node_view(*entry.value))
      changes.push_back({where_of(entry), old ? value_text(*old) : "", value_text(entry)});
  }
  for (const EditEntry& entry : before ? before->entries : std::vector<EditEntry>())
    if (!find(&now, entry)) changes.push_back({where_of(entry), value_text(entry), ""});
  return changes;
}

EditRevision listed(int number, bool in_force, const EditFilePtr& file, const std::vector<Diagnostic>& diagnostics,
                    const EditFile* before) {
  EditRevision one;
  one.number = number;
  one.in_force = in_force;
  if (!file) {
    one.damaged = diagnostics.empty() ? "cannot be read" : diagnostics.front().text();
    return one;
  }
  one.by = file->by;
  one.undo_of = file->undo_of;
  one.changes = differences(before, *file);
  return one;
}

}  // namespace

std::vector<EditRevision> edit_revisions(const fs::path& state, const std::string& station) {
  const EditFiles edits = read_edit_files(state);
  const auto found = edits.current.find(station);
  const EditFilePtr current = found == edits.current.end() ? nullptr : found->second;
  std::error_code ignored;
  const fs::path file = state / edit_file_name(station);
  const bool there = fs::exists(fs::symlink_status(file, ignored));
  std::vector<EditRevision> list;
  EditFilePtr before;
  for (const int number : kept_revisions(state, station)) {
    // Kept before the next one was to take its place, which did not come to be.
    if (current && number == current->revision && same_bytes(state / revision_name(station, number), file)) continue;
    std::vector<Diagnostic> diagnostics;
    const EditFilePtr kept = read_revision(state, station, number, diagnostics);
    list.push_back(listed(number, false, kept, diagnostics, before.get()));
    if (kept) before = kept;
  }
  if (!there) return list;
  const auto diagnostics = edits.diagnostics.find(station);
  const std::vector<Diagnostic> told = diagnostics == edits.diagnostics.end() ? std::vector<Diagnostic>() : diagnostics->second;
  list.push_back(listed(current ? current->revision : 0, true, current, told, before.get()));
  return list;
}

Result<std::vector<std::string>> edited_stations(const fs::path& state) {
  const EditFiles edits = read_edit_files(state);
  for (const Diagnostic& diagnostic : edits.folder_findings)
    if (diagnostic.level == Diagnostic::Level::error)
      return Error{diagnostic.what, (state / diagnostic.file).string(), diagnostic.remedy};
  std::vector<std::string> ids;
  for (const auto& [id, file] : edits.current) ids.push_back(id);
  return ids;
}

}  // namespace patella::config
