// Puts the configuration together from its files; each file is read for itself, so that a wrong one spoils no
// other.
#include <fmt/format.h>

#include <algorithm>

#include "config/entries.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

KioskFile load_kiosk(const fs::path& folder, const params::PluginSpecs& drivers,
                     std::vector<Finding>& findings) {
  KioskFile kiosk;
  Notes notes("kiosk.toml", findings);
  guarded(notes, [&] {
    if (const auto table = parse_file(folder, notes)) kiosk = read_kiosk(*table, drivers, notes);
  });
  return kiosk;
}

/// A kiosk without a list of clients is one for guests.
std::vector<Client> load_clients(const fs::path& folder, std::vector<Finding>& findings) {
  std::vector<Client> clients;
  std::error_code failure;
  if (fs::symlink_status(folder / "clients.toml", failure).type() == fs::file_type::not_found) return clients;
  Notes notes("clients.toml", findings);
  guarded(notes, [&] {
    const auto table = parse_file(folder, notes, [](std::string text) { return without_empty_list(std::move(text), "client"); });
    if (table) clients = read_clients(*table, notes);
  });
  return clients;
}

void load_figures(const fs::path& folder, Config& config) {
  for (const std::string& id : toml_names(folder, "figures", config.findings)) {
    Notes notes("figures/" + id + ".toml", config.findings);
    guarded(notes, [&] {
      const auto table = parse_file(folder, notes);
      if (!table) return;
      if (auto figure = read_figure(*table, id, notes)) config.figures.push_back(std::move(figure));
    });
  }
}

void check_figure(const Exercise& exercise, const toml::table& table, const Config& config, Notes& notes) {
  if (exercise.figure.empty()) return;
  std::vector<std::string> known;
  for (const auto& figure : config.figures) known.push_back(figure->id);
  if (std::find(known.begin(), known.end(), exercise.figure) != known.end()) return;
  const toml::node* node = table.get("figure");
  notes.warning(
      node ? static_cast<int>(node->source().begin.line) : 1, "figure",
      fmt::format("there is no figure {}; the exercise is shown without one", in_quotes(exercise.figure)),
      did_you_mean(exercise.figure, known));
}

std::map<std::string, LibraryEntry> load_library(const fs::path& folder,
                                                 const params::PluginSpecs& modules, Config& config) {
  std::map<std::string, LibraryEntry> library;
  for (const std::string& id : toml_names(folder, "exercises", config.findings)) {
    Notes notes("exercises/" + id + ".toml", config.findings);
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
void check_shared_devices(const Station& station, const std::vector<Station>& others, Notes& notes) {
  for (const Binding& binding : station.bindings) {
    for (const Station& other : others) {
      for (const Binding& theirs : other.bindings) {
        const bool same =
            theirs.driver == binding.driver && theirs.serial == binding.serial && theirs.port == binding.port;
        if (!same || theirs.driver_params == binding.driver_params) continue;
        notes.error(0, "bind",
                    fmt::format("the device {} is set otherwise in the station {}", in_quotes(binding.driver),
                                in_quotes(other.id)),
                    "Give both the same [bind.params], or name the two devices by serial number");
        return;
      }
    }
  }
}

void load_stations(const fs::path& folder, const Installed& installed, Config& config) {
  for (const std::string& id : toml_names(folder, "stations", config.findings)) {
    Notes notes("stations/" + id + ".toml", config.findings);
    Station station;
    guarded(notes, [&] {
      if (const auto table = parse_file(folder, notes)) station = read_station(*table, id, installed, notes);
      check_shared_devices(station, config.stations, notes);
    });
    if (notes.errors() == 0)
      config.stations.push_back(std::move(station));
    else
      config.broken.push_back({id, station.title.empty() ? id : station.title, notes.first_error()});
  }
}

void check_order(const KioskFile& kiosk, Config& config) {
  std::vector<std::string> known;
  for (const Station& station : config.stations) known.push_back(station.id);
  for (const auto& station : config.broken) known.push_back(station.id);
  Notes notes("kiosk.toml", config.findings);
  for (std::size_t i = 0; i < kiosk.station_order.size(); ++i) {
    const std::string& id = kiosk.station_order[i];
    if (std::find(known.begin(), known.end(), id) == known.end())
      notes.error(kiosk.order_line, "stations", fmt::format("there is no station {}", in_quotes(id)),
                  did_you_mean(id, known));
    const auto here = kiosk.station_order.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(kiosk.station_order.begin(), here, id) != here)
      notes.warning(kiosk.order_line, "stations", in_quotes(id) + " is named twice",
                    "Name each station once");
  }
}

/// In the order of kiosk.toml; those that it does not name stay behind, by file name.
template <class Stations>
void put_in_order(const std::vector<std::string>& order, Stations& stations) {
  const auto place = [&](const auto& s) {
    return std::find(order.begin(), order.end(), s.id) - order.begin();
  };
  std::stable_sort(stations.begin(), stations.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

void load_all(const fs::path& folder, const params::PluginSpecs& modules,
              const params::PluginSpecs& drivers, Config& config) {
  const KioskFile kiosk = load_kiosk(folder, drivers, config.findings);
  config.kiosk = kiosk.kiosk;
  config.clients = load_clients(folder, config.findings);
  load_figures(folder, config);
  const std::map<std::string, LibraryEntry> library = load_library(folder, modules, config);
  load_stations(folder, {library, drivers, kiosk.driver_params, config.kiosk.questions}, config);
  check_order(kiosk, config);
  put_in_order(kiosk.station_order, config.stations);
  put_in_order(kiosk.station_order, config.broken);
}

}  // namespace

Kiosk load_kiosk_file(const fs::path& folder) {
  std::vector<Finding> found_again_later;
  try {
    return load_kiosk(folder, {}, found_again_later).kiosk;
  } catch (const std::exception&) {
    return {};
  }
}

Config load(const fs::path& folder, const params::PluginSpecs& modules,
            const params::PluginSpecs& drivers) {
  Config config;
  try {
    load_all(folder, modules, drivers, config);
  } catch (const std::exception& error) {
    config.findings.push_back({Finding::Level::error, folder.string(), 0, "",
                               std::string("the configuration cannot be read: ") + error.what(),
                               "Check the disk and the memory"});
  }
  return config;
}

}  // namespace patella::config
