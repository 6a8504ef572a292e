// The form of one file of edits, edits/stations/<id>.toml: read, changed, written. Whether a value is right is judged where it is laid
// over its station (station_file.cpp).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/params.hpp"
#include "config/toml_file.hpp"

namespace patella::config {

inline constexpr int kMaxRevision = 1'000'000'000;  ///< the highest number that a revision can have

/// One changed parameter.
struct EditEntry {
  std::string channel, driver;  ///< of the driver that is bound to this channel; both "" = of the exercise
  std::string key;
  const toml::node* value = nullptr;  ///< in EditFile::table; never null
  std::string over;                   ///< the administrator's value when it was changed; "" = not known
  bool secret = false;                ///< the value is for the file alone
  Editor by;
  const toml::table* table = nullptr;  ///< the whole entry, with keys that this version does not know
  std::string from;       ///< the station whose edit this is, when it is laid over another one with the same device; else ""
  int from_revision = 0;  ///< of that station's edits
};

/// "params.reps", "bind[cadence].params.speed_cadence"
std::string where_of(const std::string& channel, const std::string& key);
inline std::string where_of(const EditEntry& entry) { return where_of(entry.channel, entry.key); }
bool same_place(const EditEntry& a, const EditEntry& b);

/// All edits of a station at one revision.
struct EditFile {
  toml::table table;
  std::string name;  ///< how it is told: "edits/stations/tke.toml"
  int revision = 0;
  int undo_of = -1;  ///< the revision that it equals, when it was made to; 0 = no edits
  Editor by;
  std::vector<EditEntry> entries;  ///< point into `table`: not copied, not moved
  /// When the driver that is bound to this channel was last set, or its edits were taken back; by channel.
  std::map<std::string, WallTime> drivers_at;
};
using EditFilePtr = std::shared_ptr<const EditFile>;

/// Null, and errors in `notes`, when its form is wrong. Keys that are not known are warnings.
std::shared_ptr<EditFile> read_edit_file(toml::table table, const std::string& station, Diagnostics& notes);

/// One entry that becomes this, or that goes.
struct EntryChange {
  std::string channel, driver, key;
  std::optional<toml::table> entry;  ///< with all its keys; nothing: the administrator's value again
};
/// `channel` and the rest as an entry; a value's form is the administrator's: a choice by its name, a list as rows.
toml::table entry_table(const std::string& channel, const std::string& driver, const params::Spec& spec,
                        const params::Values& values, const std::string& over, const Editor& by);

/// The next revision: `before` (null = none) with these changes. Nothing when they change nothing, unless `anyway`.
std::optional<toml::table> next_revision(const EditFile* before, const std::string& station, int revision, int undo_of,
                                         const std::vector<EntryChange>& changes, const Editor& by, bool anyway);
/// What leads from one revision to the other; entries that are in both are not touched. Null = no edits.
std::vector<EntryChange> changes_between(const EditFile* from, const EditFile* to, const Editor& by);

/// The file's whole text.
std::string edit_file_text(const toml::table& table, const std::string& station);
/// It has its last line: a file that was cut off can be valid TOML, and say another number.
bool is_whole(std::string_view text);

/// A value as people read it, in the form of Station::json: 8, "left_first", [{…}]. A secret: "(set)".
std::string value_text(const EditEntry& entry);
std::string value_text(const params::Spec& spec, const params::Values& values);
/// The session log does not say it.
bool is_hidden(const params::Spec& spec);

}  // namespace patella::config
