// What is changed at the kiosk itself: any parameter of a station's exercise or of a driver that is bound there. It lies in files of the
// kiosk's own below the state folder and is laid over the administrator's stations by load(); the administrator's folder is never written.
//
//   edits/stations/<id>.toml       what is in force: its revision, each changed parameter, who and when
//   edits/stations/<id>/<n>.toml   the revisions before it; nothing deletes them
//
// Every save makes a new revision, written whole and put in place by one rename. Saving and undoing: one process and one thread at a time
// (whoever has the session log). Reading: any process, any time.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"

namespace patella::config {

struct ParamEdit {
  std::string station;  ///< id
  std::string channel;  ///< of the driver that is bound to this channel of the exercise; "" = of the exercise itself
  std::string driver;   ///< which one that has to be, in case the station was changed meanwhile; "" with channel ""
  std::string key;      ///< of the parameter
  std::optional<params::Values> values;  ///< its value, or all cells of its list; nothing: the administrator's value again
};

/// The configuration and what it is checked by.
struct EditTarget {
  std::filesystem::path config, state;
  const params::PluginSpecs &modules, &drivers;
};

struct SavedEdits {
  std::vector<std::string> stations;       ///< that these edits are of, also where nothing changed
  std::vector<std::string> changed;        ///< those that have a new revision
  bool exercise = false, drivers = false;  ///< which kinds of parameters changed
  Config config;                           ///< as it is now
};

/// Checks the edits by the rules of the administrator's files, saves them and loads the configuration with them. An edit of a driver goes
/// to every binding of the same device, in all stations: they must agree. All are saved or none; what is so already makes no revision.
/// Error: a value is wrong or does not fit the rest (told as for a file, with what would be right), there is no such station or parameter,
/// the disk. Then what was in force stays. Power that goes while several stations are saved: see config/edit_writer.hpp.
Result<SavedEdits> save_edits(const EditTarget& target, std::span<const ParamEdit> edits, const Editor& by);

/// A new revision of the station's edits that equals an earlier one; 0 = the administrator's values alone. What it changes of a driver's
/// parameters it changes in each station with the same device. Error: as above, or that revision is not there.
Result<SavedEdits> undo_edits(const EditTarget& target, const std::string& station, int revision, const Editor& by);

/// For lists: how a revision differs from the one before it.
struct EditChange {
  std::string where;          ///< as in EditInForce
  std::string before, after;  ///< "" = the administrator's value
};
struct EditRevision {
  int number = 0;
  bool in_force = false;  ///< is what stands in edits/stations/<id>.toml
  std::string damaged;    ///< why it cannot be read; "" = it can, and what follows is known
  Editor by;
  int undo_of = -1;  ///< -1 = none
  std::vector<EditChange> changes;
};
/// Rising; empty: nothing was ever changed there. Needs no plugins.
std::vector<EditRevision> edit_revisions(const std::filesystem::path& state, const std::string& station);
/// Ids of the stations that have edits, or had them; also of stations that are no more. Sorted. Error: the folder cannot be looked into.
Result<std::vector<std::string>> edited_stations(const std::filesystem::path& state);

}  // namespace patella::config
