// The files of edits in the state folder, as they are on the disk: edits/stations/<id>.toml is what is in force, and
// edits/stations/<id>/<n>.toml are its earlier revisions. Only reading; config/edits.cpp writes them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/edit_file.hpp"

namespace patella::config {

struct EditFiles {
  std::filesystem::path state;                                 ///< "" = no edits
  std::map<std::string, EditFilePtr> current;                  ///< by station; null: something is there that cannot be used
  std::map<std::string, std::vector<Diagnostic>> diagnostics;  ///< of reading these, by station
  std::vector<Diagnostic> folder_findings;
};
EditFiles read_edit_files(const std::filesystem::path& state);

/// "edits/stations/tke.toml", below the state folder.
std::string edit_file_name(const std::string& station);
/// "edits/stations/tke/7.toml"
std::string revision_name(const std::string& station, int revision);
/// The revisions kept beside the one in force, rising.
std::vector<int> kept_revisions(const std::filesystem::path& state, const std::string& station);
/// The two files hold the same; false when one of them cannot be read.
bool same_bytes(const std::filesystem::path& a, const std::filesystem::path& b);
/// One of them, numbered as its file is; null, and errors in `diagnostics`, when it cannot be read.
EditFilePtr read_revision(const std::filesystem::path& state, const std::string& station, int revision,
                          std::vector<Diagnostic>& diagnostics);
/// The newest one that can be read and is older than `below`; null: there is none among the newest 20.
EditFilePtr earlier_revision(const std::filesystem::path& state, const std::string& station, int below);

/// As load(), with these edits. `used`: gets, by station, the revision that is in force (null = none could be used) where there are edits.
Config load_with(const std::filesystem::path& folder, const params::PluginSpecs& modules, const params::PluginSpecs& drivers,
                 const EditFiles& edits, std::map<std::string, EditFilePtr>& used);

}  // namespace patella::config
