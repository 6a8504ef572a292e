// Puts the configuration together from its files; each file is read for itself, so that a wrong one spoils no
// other.
#include <fmt/format.h>

#include <algorithm>
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
  return library;
}

/// Two stations that bind the same device open it once, so their driver settings have to agree.
void check_shared_devices(const Station& station, const std::vector<Station>& others, const std::vector<EditInForce>& edits,
                          Diagnostics& notes) {
  for (const Binding& binding : station.bindings) {
    for (const Station& other : others) {
      for (const Binding& theirs : other.bindings) {
        const bool same = theirs.driver == binding.driver && theirs.serial == binding.serial && theirs.port == binding.port;
        if (!same || theirs.driver_params == binding.driver_params) continue;
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

/// The station as its file has it, with one revision of its edits over it.
struct Edited {
  Station station;
  std::vector<Diagnostic> diagnostics;
  std::vector<EditInForce> in_force;
  bool fits = true;
};

Edited read_edited(const toml::table& table, const std::string& id, const Installed& installed, const EditFile& file,
                   const Config& before) {
  Edited edited;
  Diagnostics notes(file.name, edited.diagnostics);
  std::vector<Diagnostic> of_both;  // the station's file alone was in order
  Diagnostics both("stations/" + id + ".toml", of_both);
  guarded(notes, [&] {
    EditLayer layer{file, notes, edited.in_force};
    edited.station = read_station(table, id, installed, both, &layer);
    check_shared_devices(edited.station, before.stations, before.edits, both);
    for (const Diagnostic& diagnostic : of_both)
      if (diagnostic.level == Diagnostic::Level::error && notes.errors() == 0)
        notes.error(0, diagnostic.key, "does not fit the station any more: " + diagnostic.what, diagnostic.remedy);
  });
  edited.fits = notes.errors() == 0;
  return edited;
}

/// `station` with the newest revision of its edits that fits; what is wrong with newer ones is told.
void lay_edits(const toml::table& table, const std::string& id, const Installed& installed, const EditFiles& edits,
               std::map<std::string, EditFilePtr>& used, Station& station, Config& config) {
  const auto current = edits.current.find(id);
  if (current == edits.current.end()) return;
  EditFilePtr& file = used[id] = current->second;
  if (!file) file = earlier_revision(edits.state, id, std::numeric_limits<int>::max());
  for (; file; file = earlier_revision(edits.state, id, file->revision)) {
    Edited edited = read_edited(table, id, installed, *file, config);
    if (edited.fits || file == current->second)
      config.diagnostics.insert(config.diagnostics.end(), edited.diagnostics.begin(), edited.diagnostics.end());
    if (!edited.fits) continue;
    station = std::move(edited.station);
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

void load_stations(const fs::path& folder, const Installed& installed, const EditFiles& edits,
                   std::map<std::string, EditFilePtr>& used, Config& config) {
  for (const std::string& id : toml_names(folder, "stations", config.diagnostics)) {
    Diagnostics notes("stations/" + id + ".toml", config.diagnostics);
    Station station;
    guarded(notes, [&] {
      const auto table = parse_file(folder, notes);
      if (table) station = read_station(*table, id, installed, notes);
      if (const auto wrong = edits.diagnostics.find(id); wrong != edits.diagnostics.end())
        config.diagnostics.insert(config.diagnostics.end(), wrong->second.begin(), wrong->second.end());
      if (notes.errors() == 0) lay_edits(*table, id, installed, edits, used, station, config);
      check_shared_devices(station, config.stations, config.edits, notes);
    });
    if (notes.errors() == 0)
      config.stations.push_back(std::move(station));
    else
      config.broken.push_back({id, station.title.empty() ? id : station.title, notes.first_error()});
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
