// Puts the configuration together from its files; each file is read for itself, so that a wrong one spoils no
// other.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "config/edit_files.hpp"
#include "config/entries.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

KioskFile load_kiosk(const fs::path& folder, const params::PluginSpecs& drivers, std::vector<Diagnostic>& diagnostics) {
  KioskFile kiosk;
  Diagnostics notes("kiosk.toml", diagnostics);
  guarded(notes, [&] {
    if (const auto table = parse_file(folder, notes)) kiosk = read_kiosk(*table, drivers, notes);
  });
  return kiosk;
}

/// A kiosk without a list of clients is one for guests.
std::vector<Client> load_clients(const fs::path& folder, std::vector<Diagnostic>& diagnostics) {
  std::vector<Client> clients;
  std::error_code failure;
  if (fs::symlink_status(folder / "clients.toml", failure).type() == fs::file_type::not_found) return clients;
  Diagnostics notes("clients.toml", diagnostics);
  guarded(notes, [&] {
    const auto table = parse_file(folder, notes, [](std::string text) { return without_empty_list(std::move(text), "client"); });
    if (table) clients = read_clients(*table, notes);
  });
  return clients;
}

void load_figures(const fs::path& folder, Config& config) {
  for (const std::string& id : toml_names(folder, "figures", config.diagnostics)) {
    Diagnostics notes("figures/" + id + ".toml", config.diagnostics);
    guarded(notes, [&] {
      const auto table = parse_file(folder, notes);
      if (!table) return;
      if (auto figure = read_figure(*table, id, notes)) config.figures.push_back(std::move(figure));
    });
  }
}

void check_figure(const Exercise& exercise, const toml::table& table, const Config& config, Diagnostics& notes) {
  if (exercise.figure.empty()) return;
  std::vector<std::string> known;
  for (const auto& figure : config.figures) known.push_back(figure->id);
  if (std::find(known.begin(), known.end(), exercise.figure) != known.end()) return;
  const toml::node* node = table.get("figure");
  notes.warning(node ? static_cast<int>(node->source().begin.line) : 1, "figure",
                fmt::format("there is no figure {}; the exercise is shown without one", in_quotes(exercise.figure)),
                did_you_mean(exercise.figure, known));
}

/// What is easier or harder than an exercise has to be in the library, too.
void check_neighbours(const std::map<std::string, LibraryEntry>& library, Config& config) {
  std::vector<std::string> known;
  for (const auto& [id, entry] : library) known.push_back(id);
  for (const auto& [id, entry] : library)
    for (const auto* list : {&entry.exercise.traits.easier, &entry.exercise.traits.harder})
      for (const std::string& other : *list) {
        if (library.contains(other)) continue;
        Diagnostics("exercises/" + id + ".toml", config.diagnostics)
            .warning(0, list == &entry.exercise.traits.easier ? "easier" : "harder",
                     fmt::format("there is no exercise {}", in_quotes(other)), did_you_mean(other, known));
      }
}

std::map<std::string, LibraryEntry> load_library(const fs::path& folder, const params::PluginSpecs& modules, Config& config) {
  std::map<std::string, LibraryEntry> library;
  for (const std::string& id : toml_names(folder, "exercises", config.diagnostics)) {
    Diagnostics notes("exercises/" + id + ".toml", config.diagnostics);
    LibraryEntry& entry = library[id];
    guarded(notes, [&] {
      const auto table = parse_file(folder, notes);
      if (!table) return;
      entry = read_exercise(*table, id, modules, notes);
      check_figure(entry.exercise, *table, config, notes);
    });
    entry.why_not = notes.first_error();
    if (entry.why_not.empty()) config.exercises.push_back(entry.exercise);
  }
  check_neighbours(library, config);
  return library;
}

/// A station on its way into the configuration.
struct LoadedStation {
  std::string id;
  Diagnostics notes;                 ///< of its file
  std::optional<toml::table> table;  ///< of its file
  StationFile read;
  EditFilePtr edits;  ///< those in force; null: none

  bool good() const { return table && notes.errors() == 0; }
};

/// Two stations that bind the same device open it once, so their driver settings have to agree.
void check_shared_devices(const Station& station, const std::vector<Station>& others, const std::vector<EditInForce>& edits,
                          Diagnostics& notes) {
  for (const Binding& binding : station.bindings) {
    for (const Station& other : others) {
      for (const Binding& theirs : other.bindings) {
        if (!same_device(theirs, binding) || theirs.driver_params == binding.driver_params) continue;
        const bool edited =
            std::any_of(edits.begin(), edits.end(), [&](const EditInForce& edit) { return edit.station == other.id; });
        notes.error(0, "bind",
                    fmt::format("the device {} is set otherwise in the station {}{}", in_quotes(binding.driver),
                                in_quotes(other.id), edited ? ", which was changed at the kiosk" : ""),
                    "Give both the same [bind.params], or name the two devices by serial number");
        return;
      }
    }
  }
}

/// The station as its file has it, with edits over it.
struct Edited {
  StationFile read;
  std::vector<Diagnostic> diagnostics;
  std::vector<EditInForce> in_force;
  bool fits = true;
};

Edited read_edited(const toml::table& table, const std::string& id, const Installed& installed, const EditFile& file) {
  Edited edited;
  Diagnostics notes(file.name, edited.diagnostics);
  std::vector<Diagnostic> of_both;  // the station's file alone was in order
  Diagnostics both("stations/" + id + ".toml", of_both);
  guarded(notes, [&] {
    EditLayer layer{file, notes, edited.in_force};
    edited.read = read_station(table, id, installed, both, &layer);
    for (const Diagnostic& diagnostic : of_both)
      if (diagnostic.level == Diagnostic::Level::error && notes.errors() == 0)
        notes.error(0, diagnostic.key, "does not fit the station any more: " + diagnostic.what, diagnostic.remedy);
  });
  edited.fits = notes.errors() == 0;
  return edited;
}

/// The station with the newest revision of its edits that fits; what is wrong with newer ones is told.
void lay_edits(LoadedStation& loaded, const Installed& installed, const EditFiles& edits,
               std::map<std::string, EditFilePtr>& used, Config& config) {
  const std::string& id = loaded.id;
  const auto current = edits.current.find(id);
  if (current == edits.current.end()) return;
  EditFilePtr& file = used[id] = current->second;
  if (!file) file = earlier_revision(edits.state, id, std::numeric_limits<int>::max());
  for (; file; file = earlier_revision(edits.state, id, file->revision)) {
    Edited edited = read_edited(*loaded.table, id, installed, *file);
    if (edited.fits || file == current->second)
      config.diagnostics.insert(config.diagnostics.end(), edited.diagnostics.begin(), edited.diagnostics.end());
    if (!edited.fits) continue;
    loaded.read = std::move(edited.read);
    loaded.edits = file;
    config.edits.insert(config.edits.end(), edited.in_force.begin(), edited.in_force.end());
    break;
  }
  if (file && file == current->second) return;
  Diagnostics(edit_file_name(id), config.diagnostics)
      .error(0, "",
             file ? fmt::format("is not used; {} has its revision {}", in_quotes(id), file->revision)
                  : fmt::format("is not used; {} is as the administrator's file says", in_quotes(id)),
             fmt::format("`patella edits {}` lists the revisions, and --undo-to N puts one in force", id));
}

/// Where a device was last set at the kiosk.
struct LastEdit {
  const LoadedStation* at = nullptr;  ///< null: nowhere
  const Binding* binding = nullptr;
  int64_t utc_us = 0;
};
LastEdit last_edit(const std::vector<LoadedStation>& all, const Binding& device) {
  LastEdit last;
  for (const LoadedStation& one : all) {
    if (!one.good() || !one.edits) continue;
    for (const Binding& binding : one.read.place.bindings) {
      const auto when = one.edits->drivers_at.find(binding.channel);
      if (when == one.edits->drivers_at.end() || !same_device(binding, device)) continue;
      if (!last.at || when->second.utc_us > last.utc_us) last = {&one, &binding, when->second.utc_us};
    }
  }
  return last;
}

/// The edits of a station, with those of the stations where its devices were set later than here.
struct SharedEdits {
  EditFile file;
  bool any = false;        ///< there are such stations
  std::string instead_of;  ///< one of them, when the station has edits of its own for that device; else ""
};
SharedEdits shared_edits(const LoadedStation& mine, const std::vector<LoadedStation>& all) {
  SharedEdits shared;
  shared.file.name = edit_file_name(mine.id);
  if (mine.edits) {
    shared.file.revision = mine.edits->revision;
    shared.file.entries = mine.edits->entries;  // they point into a table that stays
  }
  for (const Binding& binding : mine.read.place.bindings) {
    const LastEdit last = last_edit(all, binding);
    if (!last.at || last.at == &mine || last.binding->driver_params == binding.driver_params) continue;
    shared.any = true;
    const auto is_of = [](const EditEntry& entry, const Binding& bound) {
      return entry.channel == bound.channel && entry.driver == bound.driver;
    };
    if (std::erase_if(shared.file.entries, [&](const EditEntry& entry) { return is_of(entry, binding); }))
      shared.instead_of = last.at->id;
    for (EditEntry entry : last.at->edits->entries) {
      if (!is_of(entry, *last.binding)) continue;
      entry.channel = binding.channel;
      entry.from = last.at->id;
      entry.from_revision = last.at->edits->revision;
      shared.file.entries.push_back(std::move(entry));
    }
  }
  return shared;
}

/// A device is set at the kiosk for all stations that bind it. They do not agree when one was added since, could not be used when the
/// other was changed, or power went between their files: then what was set last counts.
void share_edits(std::vector<LoadedStation>& all, const Installed& installed, Config& config) {
  for (LoadedStation& mine : all) {
    if (!mine.good()) continue;
    const SharedEdits shared = shared_edits(mine, all);
    if (!shared.any) continue;
    Edited edited = read_edited(*mine.table, mine.id, installed, shared.file);
    if (!edited.fits) continue;  // so it does not agree, which is told of it
    mine.read = std::move(edited.read);
    std::erase_if(config.edits, [&](const EditInForce& edit) { return edit.station == mine.id; });
    config.edits.insert(config.edits.end(), edited.in_force.begin(), edited.in_force.end());
    if (shared.instead_of.empty()) continue;
    Diagnostics(edit_file_name(mine.id), config.diagnostics)
        .warning(0, "",
                 fmt::format("the same device was set later in {}, and that is in force in both", in_quotes(shared.instead_of)),
                 "Set it once more at the kiosk, or leave it");
  }
  std::stable_sort(config.edits.begin(), config.edits.end(),
                   [](const EditInForce& a, const EditInForce& b) { return a.station < b.station; });
}

LoadedStation load_station(const fs::path& folder, const std::string& id, const Installed& installed, const EditFiles& edits,
                           std::map<std::string, EditFilePtr>& used, Config& config) {
  LoadedStation loaded{id, Diagnostics("stations/" + id + ".toml", config.diagnostics), std::nullopt, {}, nullptr};
  guarded(loaded.notes, [&] {
    loaded.table = parse_file(folder, loaded.notes);
    if (loaded.table) loaded.read = read_station(*loaded.table, id, installed, loaded.notes);
    if (const auto wrong = edits.diagnostics.find(id); wrong != edits.diagnostics.end())
      config.diagnostics.insert(config.diagnostics.end(), wrong->second.begin(), wrong->second.end());
    if (loaded.good()) lay_edits(loaded, installed, edits, used, config);
  });
  return loaded;
}

void load_stations(const fs::path& folder, const Installed& installed, const EditFiles& edits,
                   std::map<std::string, EditFilePtr>& used, Config& config) {
  std::vector<LoadedStation> all;
  for (const std::string& id : toml_names(folder, "stations", config.diagnostics))
    all.push_back(load_station(folder, id, installed, edits, used, config));
  share_edits(all, installed, config);
  for (LoadedStation& one : all) {
    check_shared_devices(one.read.place, config.stations, config.edits, one.notes);
    if (one.notes.errors() == 0)
      std::move(one.read.offered.begin(), one.read.offered.end(), std::back_inserter(config.stations));
    else
      config.broken.push_back({one.id, one.read.place.title.empty() ? one.id : one.read.place.title, one.notes.first_error()});
  }
  config.diagnostics.insert(config.diagnostics.end(), edits.folder_findings.begin(), edits.folder_findings.end());
}

/// The kiosk's own edits stay, whatever became of their station.
void check_edited_stations(const EditFiles& edits, Config& config) {
  for (const auto& [id, file] : edits.current) {
    const auto is_it = [id = id](const auto& station) { return station.id == id; };
    if (std::any_of(config.stations.begin(), config.stations.end(), is_it) ||
        std::any_of(config.broken.begin(), config.broken.end(), is_it))
      continue;
    Diagnostics(edit_file_name(id), config.diagnostics)
        .warning(0, "", fmt::format("there is no station {} any more; its edits are kept and not used", in_quotes(id)),
                 fmt::format("Put stations/{}.toml back, or move the file of edits and its folder away", id));
  }
}

void check_order(const KioskFile& kiosk, Config& config) {
  std::vector<std::string> known;
  for (const Station& station : config.stations) known.push_back(station.id);
  for (const auto& station : config.broken) known.push_back(station.id);
  Diagnostics notes("kiosk.toml", config.diagnostics);
  for (std::size_t i = 0; i < kiosk.station_order.size(); ++i) {
    const std::string& id = kiosk.station_order[i];
    if (std::find(known.begin(), known.end(), id) == known.end())
      notes.error(kiosk.order_line, "stations", fmt::format("there is no station {}", in_quotes(id)), did_you_mean(id, known));
    const auto here = kiosk.station_order.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(kiosk.station_order.begin(), here, id) != here)
      notes.warning(kiosk.order_line, "stations", in_quotes(id) + " is named twice", "Name each station once");
  }
}

/// In the order of kiosk.toml; those that it does not name stay behind, by file name.
template <class Stations>
void put_in_order(const std::vector<std::string>& order, Stations& stations) {
  const auto place = [&](const auto& s) { return std::find(order.begin(), order.end(), s.id) - order.begin(); };
  std::stable_sort(stations.begin(), stations.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

void load_all(const fs::path& folder, const params::PluginSpecs& modules, const params::PluginSpecs& drivers,
              const EditFiles& edits, std::map<std::string, EditFilePtr>& used, Config& config) {
  const KioskFile kiosk = load_kiosk(folder, drivers, config.diagnostics);
  config.kiosk = kiosk.kiosk;
  config.clients = load_clients(folder, config.diagnostics);
  load_figures(folder, config);
  const std::map<std::string, LibraryEntry> library = load_library(folder, modules, config);
  load_stations(folder, {library, drivers, kiosk.driver_params, config.kiosk.questions}, edits, used, config);
  check_edited_stations(edits, config);
  check_order(kiosk, config);
  put_in_order(kiosk.station_order, config.stations);
  put_in_order(kiosk.station_order, config.broken);
}

}  // namespace

Kiosk load_kiosk_file(const fs::path& folder) {
  std::vector<Diagnostic> found_again_later;
  try {
    return load_kiosk(folder, {}, found_again_later).kiosk;
  } catch (const std::exception&) {
    return {};
  }
}

Config load_with(const fs::path& folder, const params::PluginSpecs& modules, const params::PluginSpecs& drivers,
                 const EditFiles& edits, std::map<std::string, EditFilePtr>& used) {
  Config config;
  try {
    load_all(folder, modules, drivers, edits, used, config);
  } catch (const std::exception& error) {
    config.diagnostics.push_back({Diagnostic::Level::error, folder.string(), 0, "",
                                  std::string("the configuration cannot be read: ") + error.what(),
                                  "Check the disk and the memory"});
  }
  return config;
}

Config load(const fs::path& folder, const params::PluginSpecs& modules, const params::PluginSpecs& drivers,
            const fs::path& state) {
  std::map<std::string, EditFilePtr> used;
  return load_with(folder, modules, drivers, read_edit_files(state), used);
}

}  // namespace patella::config
