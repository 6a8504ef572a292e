// The files that Patella ships, against the tables of the plugins as they were built: without a diagnostic; and
// spoiled at random: never a crash, never silence about a station that is gone, and the rest still loads.
#include <dlfcn.h>
#include <patella/device.h>
#include <patella/exercise.h>

#include <unistd.h>
#include <algorithm>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>

#include "config/config.hpp"
#include "config/test_specs.hpp"
#include "config/words.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::config;
namespace fs = std::filesystem;

namespace {

const fs::path kShipped = fs::path(PATELLA_SOURCE_DIR) / "config";

std::string text_of(const char* text) { return text ? text : ""; }

params::Spec spec_of(const patella_param& param) {
  params::Spec spec{static_cast<int>(param.type),
                    text_of(param.key),
                    text_of(param.label),
                    text_of(param.unit),
                    text_of(param.help),
                    param.default_value,
                    param.min,
                    param.max,
                    param.step,
                    {},
                    {},
                    {}};
  for (uint32_t i = 0; i < param.choice_count; ++i) spec.choices.emplace_back(param.choices[i]);
  for (uint32_t i = 0; i < param.column_count; ++i) spec.columns.push_back(spec_of(param.columns[i]));
  for (uint32_t i = 0; i < param.default_row_value_count; ++i) {
    const patella_value& value = param.default_rows[i];
    spec.default_rows.push_back(
        {value.key, value.row, value.number, value.text ? std::optional<std::string>(value.text) : std::nullopt});
  }
  return spec;
}

/// The table of a built plugin. The library stays loaded.
const patella_plugin_entry& entry_of(const std::string& plugin) {
  const fs::path library = fs::path(PATELLA_BUILD_DIR) / "plugins" / plugin / (plugin + ".so");
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  const char* trouble = handle ? nullptr : dlerror();
  INFO(library.string() << ": " << (trouble ? trouble : "loaded"));
  REQUIRE(handle);
  const void* symbol = dlsym(handle, PATELLA_ENTRY_SYMBOL);
  REQUIRE(symbol);
  return *static_cast<const patella_plugin_entry*>(symbol);
}

params::Specs params_of(const patella_plugin_entry& entry) {
  params::Specs specs;
  for (uint32_t i = 0; i < entry.param_count; ++i) specs.push_back(spec_of(entry.params[i]));
  return specs;
}

params::PluginSpec module_of(const std::string& plugin) {
  const patella_plugin_entry& entry = entry_of(plugin);
  params::PluginSpec module{plugin, entry.id, entry.name, entry.version, params_of(entry), {}};
  const auto* table = static_cast<const patella_exercise*>(entry.get_interface(PATELLA_EXERCISE_INTERFACE));
  REQUIRE(table);
  for (uint32_t i = 0; i < table->channel_count; ++i) {
    params::ChannelSpec& channel = module.channels.emplace_back();
    channel.key = table->channels[i].key;
    channel.unit = table->channels[i].unit;
    channel.required = table->channels[i].required != 0;
  }
  return module;
}

params::PluginSpec driver_of(const std::string& plugin) {
  const patella_plugin_entry& entry = entry_of(plugin);
  params::PluginSpec driver{plugin, entry.id, entry.name, entry.version, params_of(entry), {}};
  const auto* table = static_cast<const patella_device*>(entry.get_interface(PATELLA_DEVICE_INTERFACE));
  REQUIRE(table);
  for (uint32_t i = 0; i < table->channel_count; ++i) {
    params::ChannelSpec& channel = driver.channels.emplace_back();
    channel.key = table->channels[i].key;
    channel.unit = table->channels[i].unit;
    channel.stale_after_s = table->channels[i].stale_after_s;
  }
  return driver;
}

struct Plugins {
  params::PluginSpecs modules{module_of("cycling"), module_of("hold"), module_of("band_reps"), module_of("tempo_reps")};
  params::PluginSpecs drivers{driver_of("concept2_pm5"), driver_of("chronojump_force"), driver_of("hid_scale")};
  Config load(const fs::path& folder) const { return config::load(folder, modules, drivers); }
};

const Station& station(const Config& config, std::string_view id) {
  for (const Station& s : config.stations)
    if (s.id == id) return s;
  throw std::runtime_error("no such station");
}

}  // namespace

TEST_CASE("the shipped configuration and the demo have no finding") {
  const Plugins plugins;
  const std::vector<std::string> all = {"bike_warm_up", "wall_sit", "tke"};
  for (const fs::path& folder : {kShipped, kShipped / "demo"}) {
    const Config config = plugins.load(folder);
    INFO(folder.string());
    CHECK(test::all_text(config) == "");
    CHECK(config.broken.empty());
    CHECK(test::station_ids(config) == all);
    CHECK(config.kiosk.questions.size() >= 3);
    CHECK(config.kiosk.pain_places.size() >= 2);
    CHECK(station(config, "bike_warm_up").bindings.size() == 4);
    CHECK(station(config, "tke").bindings.size() == 1);
    for (const Station& s : config.stations) {
      CHECK_FALSE(s.exercise.steps.empty());
      CHECK_FALSE(s.exercise.figure.empty());
      CHECK_FALSE(s.json.empty());
      CHECK(s.set_by_physio == (folder != kShipped));  // the house's numbers are never called a physio's
    }
  }
  CHECK(plugins.load(kShipped / "demo").clients.size() == 4);
}

TEST_CASE("the library: every exercise says where it belongs, what it needs and where its dose comes from") {
  const Config config = Plugins().load(kShipped);
  CHECK(config.exercises.size() == 43);
  for (const Exercise& exercise : config.exercises) {
    INFO(exercise.id);
    std::ifstream in(kShipped / "exercises" / (exercise.id + ".toml"));
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    for (const char* key : {"group = ", "position = ", "equipment = ", "dose_source = "}) CHECK(file.find(key) != std::string::npos);
    CHECK_FALSE(exercise.traits.body_parts.empty());
    CHECK(exercise.steps.size() >= 3);
  }
  const auto needs = [&](const char* id) {
    return std::find_if(config.exercises.begin(), config.exercises.end(), [&](const Exercise& one) { return one.id == id; })
        ->traits.needs_go_ahead;
  };
  CHECK(needs("pistol_squat"));
  CHECK(needs("reverse_lunge"));
  CHECK(needs("split_squat_front_foot_elevated"));
  CHECK_FALSE(needs("glute_bridge"));
}

TEST_CASE("every exercise that needs no sensor can be done without a station of its own") {
  const Plugins plugins;
  const Config config = plugins.load(kShipped);
  int without = 0;
  for (const Exercise& exercise : config.exercises) {
    INFO(exercise.id);
    const auto station = station_without_devices(exercise, plugins.modules);
    const bool needs_sensor = exercise.module == "cycling" || exercise.module == "band_reps";
    CHECK(station.has_value() != needs_sensor);
    if (!station) continue;
    ++without;
    CHECK(station->title == exercise.name);
    CHECK_FALSE(station->json.empty());
  }
  CHECK(without == 37);
}

TEST_CASE("a client as the shipped file shows one can be taken out of the comment, in it and in files of earlier versions") {
  std::ifstream in(kShipped / "clients.toml");
  std::string shipped{std::istreambuf_iterator<char>(in), {}}, block;
  std::istringstream lines(shipped);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# [[client]]") || line.starts_with("# ref =") || line.starts_with("# name =")) {
      shipped.replace(shipped.find(line), 2, "");
      block += line.substr(2) + "\n";
    }
  REQUIRE(std::count(block.begin(), block.end(), '\n') == 3);
  for (const std::string& text :
       std::vector<std::string>{shipped, block + "client = []\n", "client = [ ]  # nobody yet\n\n" + block, "client = []\n"}) {
    INFO(text);
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("patella-clients-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "clients.toml") << text;
    const Config config = load(folder, {}, {});
    std::filesystem::remove_all(folder);
    for (const Diagnostic& diagnostic : config.diagnostics) CHECK(diagnostic.file != "clients.toml");
    REQUIRE(config.clients.size() == (text == "client = []\n" ? 0 : 1));
    if (!config.clients.empty()) CHECK(config.clients[0].name == "Anna K.");
  }
}

TEST_CASE("the shipped numbers are those that the exercise library's source states") {
  const Plugins plugins;
  const Config config = plugins.load(kShipped);
  const auto& tke = station(config, "tke").exercise.params;
  CHECK(params::number_of(tke, "sets") == 3);
  CHECK(params::number_of(tke, "reps") == 10);
  CHECK(params::number_of(tke, "hold_s") == 2);
  const auto& wall_sit = station(config, "wall_sit").exercise.params;
  CHECK(params::number_of(wall_sit, "sets") == 3);
  CHECK(params::number_of(wall_sit, "hold_s") >= 10);
  CHECK(params::number_of(wall_sit, "hold_s") <= 30);
  double ride_s = 0;
  for (const params::Value& value : station(config, "bike_warm_up").exercise.params)
    if (value.key == "phases.duration_s") ride_s += value.number;
  CHECK(ride_s >= 300);
  CHECK(ride_s <= 600);
  CHECK(config.exercises.size() >= 20);
}

TEST_CASE("the demo is over within two minutes") {
  const Config config = Plugins().load(kShipped / "demo");
  double ride_s = 0;
  for (const params::Value& value : station(config, "bike_warm_up").exercise.params)
    if (value.key == "phases.duration_s") ride_s += value.number;
  CHECK(ride_s == 18);
  CHECK(params::number_of(station(config, "wall_sit").exercise.params, "hold_s") == 6);
  CHECK(params::number_of(station(config, "tke").exercise.params, "reps") == 3);
}

TEST_CASE("every exercise that has a figure has it, and all limbs lie in the box") {
  const Config config = Plugins().load(kShipped);
  for (const auto& figure : config.figures) {
    INFO(figure->id);
    for (const FigureLimb& limb : figure->limbs) {
      for (const int joint : {limb.from, limb.to}) {
        for (const FigurePoint& point : figure->joints[static_cast<std::size_t>(joint)].poses) {
          CHECK(point.x - limb.width / 2 >= -1);
          CHECK(point.x + limb.width / 2 <= 421);
          CHECK(point.y - limb.width / 2 >= -1);
          CHECK(point.y + limb.width / 2 <= 331);
        }
      }
    }
  }
}

namespace {

std::vector<std::string> toml_files(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).string());
  std::sort(files.begin(), files.end());
  return files;
}

using Random = std::mt19937_64;
std::size_t below(Random& random, std::size_t end) { return static_cast<std::size_t>(random() % std::max<std::size_t>(1, end)); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    lines.push_back(text.substr(at, end - at + 1));
    at = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

/// One to four changes as a slip, a torn disk or an enemy would make them.
std::string spoiled(std::string text, Random& random) {
  static const std::vector<std::string> kSnippets = {"[",
                                                     "]]",
                                                     "\"",
                                                     "= ",
                                                     "nan",
                                                     "-inf",
                                                     "1e999",
                                                     "{",
                                                     "\n[[bind]]\n",
                                                     "\n[params]\n",
                                                     "\xC3",
                                                     "'''",
                                                     "9223372036854775807",
                                                     "\\u0000",
                                                     "true",
                                                     "1979-05-27",
                                                     ".."};
  for (std::size_t changes = 1 + below(random, 4); changes > 0 && !text.empty(); --changes) {
    std::vector<std::string> lines = lines_of(text);
    const std::size_t line = below(random, lines.size()), at = below(random, text.size());
    switch (below(random, 8)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
        break;
      case 1:
        text[at] = static_cast<char>(below(random, 256));
        break;
      case 2:
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line));
        text = joined(lines);
        break;
      case 3:
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(line), lines[line]);
        text = joined(lines);
        break;
      case 4:
        lines[line].resize(below(random, lines[line].size()));
        text = joined(lines);
        break;
      case 5:
        text.resize(at);
        break;
      case 6:
        text.insert(at, kSnippets[below(random, kSnippets.size())]);
        break;
      default:
        std::swap(lines[line], lines[below(random, lines.size())]);
        text = joined(lines);
    }
  }
  return text;
}

/// What a spoiled file may take with it: a station file its station, an exercise the stations that use it.
std::vector<std::string> stations_touched_by(const std::string& file, const Config& intact) {
  std::vector<std::string> touched;
  for (const Station& s : intact.stations)
    if (file == "stations/" + s.id + ".toml" || file == "exercises/" + s.exercise.id + ".toml") touched.push_back(s.id);
  return touched;
}

void check_spoiled(const Config& config, const Config& intact, const std::string& file) {
  const std::vector<std::string> touched = stations_touched_by(file, intact);
  for (const Station& before : intact.stations) {
    if (std::find(touched.begin(), touched.end(), before.id) == touched.end()) {
      CHECK(station(config, before.id).json == before.json);
    } else {
      const auto& ids = test::station_ids(config);
      const bool usable = std::find(ids.begin(), ids.end(), before.id) != ids.end();
      const bool told = std::any_of(config.broken.begin(), config.broken.end(),
                                    [&](const auto& b) { return b.id == before.id && !b.why.empty(); });
      CHECK(usable != told);
    }
  }
  for (const Diagnostic& diagnostic : config.diagnostics) {
    CHECK_FALSE(diagnostic.file.empty());
    CHECK_FALSE(diagnostic.what.empty());
    CHECK_FALSE(diagnostic.remedy.empty());
    CHECK_FALSE(first_bad_utf8(diagnostic.text()).has_value());
  }
  for (const Station& s : config.stations) CHECK_FALSE(first_bad_utf8(s.json).has_value());
}

}  // namespace

TEST_CASE("files spoiled at random never bring the loader down, and the rest still loads") {
  const char* wanted = std::getenv("PATELLA_MUTATIONS");
  const int rounds = wanted ? std::atoi(wanted) : 2000;
  const Plugins plugins;
  for (const fs::path& shipped : {kShipped / "demo", kShipped}) {
    test::Folder folder;
    fs::copy(shipped, folder.path(), fs::copy_options::recursive);
    fs::remove_all(folder.path() / "demo");
    const Config intact = plugins.load(folder.path());
    REQUIRE(intact.stations.size() == 3);
    const std::vector<std::string> files = toml_files(folder.path());
    // The large folder takes ten times as long for a load and differs by its library alone.
    const int share = shipped == kShipped ? rounds / 5 : rounds - rounds / 5;
    for (int round = 0; round < share; ++round) {
      Random random(static_cast<uint64_t>(round) * 2 + (shipped == kShipped ? 1 : 0));
      const std::string file = files[below(random, files.size())];
      INFO(file << " in round " << round);
      const std::string before = folder.read(file);
      folder.write(file, spoiled(before, random));
      check_spoiled(plugins.load(folder.path()), intact, file);
      folder.write(file, before);
    }
    CHECK(test::all_text(plugins.load(folder.path())) == "");
  }
}
