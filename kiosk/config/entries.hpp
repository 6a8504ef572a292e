// The readers of the single kinds of file; load() puts their results together.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/edit_file.hpp"
#include "config/params.hpp"
#include "config/toml_file.hpp"

namespace patella::config {

/// What [drivers.<plugin>] of kiosk.toml sets for every device of that driver, by the plugin's folder.
using SiteParams = std::map<std::string, GivenParams>;

/// kiosk.toml, and the order in which it wants the stations.
struct KioskFile {
  Kiosk kiosk;
  std::vector<std::string> station_order;
  int order_line = 0;
  SiteParams driver_params;
};
KioskFile read_kiosk(const toml::table& table, const params::PluginSpecs& drivers, Diagnostics& notes);

class Reader;

/// "nothing", "notice", "staff_start".
OnYes read_on_yes(Reader& entry, const char* key, OnYes preset);
const char* id_of(OnYes on_yes);

std::vector<Client> read_clients(const toml::table& table, Diagnostics& notes);

/// `id`: the file's name without .toml, which the entry's own id must equal. Null with an error told.
std::shared_ptr<const Figure> read_figure(const toml::table& table, const std::string& id, Diagnostics& notes);

/// An exercise of the library; kept beside what its file gave, so that a station's numbers can be laid over
/// it.
struct LibraryEntry {
  Exercise exercise;
  GivenParams given;
  const params::PluginSpec* module = nullptr;  ///< null: not installed
  std::string why_not;                         ///< "" = usable
};
LibraryEntry read_exercise(const toml::table& table, const std::string& id, const params::PluginSpecs& modules,
                           Diagnostics& notes);

struct Installed {
  const std::map<std::string, LibraryEntry>& library;
  const params::PluginSpecs& drivers;
  const SiteParams& driver_params;
  const std::vector<Question>& questions;
};
/// A revision of a station's edits on its way over the station.
struct EditLayer {
  const EditFile& file;
  Diagnostics& notes;                  ///< of that file
  std::vector<EditInForce>& in_force;  ///< gets what is laid over
};
/// A file of stations/: the place, and each exercise that it offers as a station of its own, with the devices that it reads.
struct StationFile {
  Station place;  ///< without exercise; all bindings
  std::vector<Station> offered;
};
/// Also when errors were told: then the place's title is all that may be used of it. `edits`: null = none.
StationFile read_station(const toml::table& table, const std::string& id, const Installed& installed, Diagnostics& notes,
                         EditLayer* edits = nullptr);

/// Everything in force as JSON: keys sorted, no spaces, shortest numbers. The same station gives the same
/// bytes.
std::string station_json(const Station& station, const params::PluginSpec& module, const params::PluginSpecs& drivers);

/// Tells an error unless the `id` in the file equals the file's name.
void check_id(const std::string& own_id, const std::string& file_id, int line, Diagnostics& notes);

}  // namespace patella::config
