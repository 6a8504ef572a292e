#include "config/test_specs.hpp"

#include <patella/plugin.h>
#include <stdlib.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace patella::config::test {

namespace fs = std::filesystem;

namespace {

params::Spec scalar(int type, const char* key, const char* unit, double preset, double min, double max, double step) {
  params::Spec spec;
  spec.type = type;
  spec.key = spec.label = key;
  spec.unit = unit;
  spec.default_value = preset;
  spec.min = min;
  spec.max = max;
  spec.step = step;
  return spec;
}
params::Spec whole(const char* key, double preset, double min, double max) {
  return scalar(PATELLA_PARAM_INT, key, "", preset, min, max, 1);
}
params::Spec real(const char* key, const char* unit, double preset, double min, double max) {
  return scalar(PATELLA_PARAM_REAL, key, unit, preset, min, max, 0);
}
params::Spec duration(const char* key, double preset, double min, double max, double step = 1) {
  return scalar(PATELLA_PARAM_DURATION, key, "s", preset, min, max, step);
}
params::Spec choice(const char* key, std::vector<std::string> choices) {
  params::Spec spec = scalar(PATELLA_PARAM_CHOICE, key, "", 0, 0, static_cast<double>(choices.size() - 1), 1);
  spec.choices = std::move(choices);
  return spec;
}

params::Spec less_than(const char* larger, params::Spec spec, bool or_equal = false) {
  spec.less_than = larger;
  spec.or_equal = or_equal;
  return spec;
}
params::Spec secret(params::Spec spec) {
  spec.secret = true;
  return spec;
}

params::ChannelSpec wanted(const char* key, const char* unit, bool required) {
  return {.key = key, .label = {}, .unit = unit, .required = required};
}
params::ChannelSpec measured(const char* key, const char* unit, double stale_after_s) {
  return {.key = key, .label = {}, .unit = unit, .stale_after_s = stale_after_s};
}

params::PluginSpec reps_module() {
  params::PluginSpec module{"band_reps", "org.patella.band_reps", "Band reps", "1.0.0", {}, {wanted("force", "N", true)}};
  module.params = {whole("sets", 3, 1, 10),
                   whole("reps", 10, 1, 100),
                   choice("sides", {"none", "left_first", "right_first"}),
                   duration("rest_s", 60, 0, 600),
                   duration("hold_s", 2, 0, 30, 0.5),
                   less_than("force_high_n", real("force_low_n", "N", 40, 0, 1000)),
                   real("force_high_n", "N", 80, 0, 1000),
                   less_than("force_low_n", real("start_force_n", "N", 0, 0, 1000), true),
                   less_than("start_force_n", real("release_force_n", "N", 0, 0, 1000)),
                   less_than("max_rep_s", duration("min_rep_s", 1, 0, 30, 0.1)),
                   duration("max_rep_s", 10, 0, 60, 0.1),
                   scalar(PATELLA_PARAM_BOOL, "beep", "", 1, 0, 1, 1)};
  return module;
}

params::PluginSpec ride_module() {
  params::PluginSpec module{
      "cycling", "org.patella.cycling", "Cycling", "1.2.0", {}, {wanted("cadence", "rpm", true), wanted("power", "W", false)}};
  params::Spec phases = scalar(PATELLA_PARAM_ROWS, "phases", "", 0, 1, 3, 1);
  phases.columns = {scalar(PATELLA_PARAM_TEXT, "name", "", 0, 0, 16, 0), duration("duration_s", 60, 5, 3600),
                    less_than("cadence_high_rpm", real("cadence_low_rpm", "rpm", 60, 0, 200)),
                    real("cadence_high_rpm", "rpm", 80, 0, 200)};
  phases.default_rows = {{"phases.name", 0, 0, "Warm-up"}, {"phases.duration_s", 0, 300, {}}};
  module.params = {phases, duration("countdown_s", 3, 0, 10), duration("stop_after_s", 3, 0.5, 30, 0.5)};
  return module;
}

}  // namespace

params::PluginSpecs modules() { return {reps_module(), ride_module()}; }

params::PluginSpecs drivers() {
  params::PluginSpec bike{
      "bike", "org.patella.bike", "Bike", "1.0.0", {}, {measured("cadence", "rpm", 2), measured("power", "W", 2)}};
  bike.params = {real("wheel_mm", "mm", 2096, 500, 4000)};
  params::PluginSpec gauge{"gauge", "org.patella.gauge",
                           "Gauge", "2.0.0",
                           {},      {measured("force", "N", 1), measured("mass", "kg", 1), measured("pull", "N", 1)}};
  gauge.params = {real("zero_n", "N", 0, -50, 50), less_than("range_high_n", real("range_low_n", "N", 0, 0, 1000)),
                  real("range_high_n", "N", 500, 0, 1000), secret(scalar(PATELLA_PARAM_TEXT, "access_key", "", 0, 0, 20, 0))};
  return {bike, gauge};
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "patella-config-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, std::string_view content) const {
  const fs::path path = path_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

std::string Folder::read(const std::string& name) const {
  std::ifstream file(path_ / name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + name);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void write_good_files(const Folder& folder) {
  folder.write("kiosk.toml", R"(site_name = "Test gym"
stations = ["ride", "curl"]
pain_places = ["Left", "Right"]

[[question]]
id = "swollen"
text = "Swollen?"
)");
  folder.write("clients.toml", R"([[client]]
ref = "C-1"
name = "Ann"

[[client]]
ref = "C-2"
name = "Bo"
)");
  folder.write("figures/stick.toml", R"(id = "stick"
loop_s = 2
pose_times_s = [0, 1]
limbs = [
  {from = "hip", to = "head", width = 20, tone = "body"},
]
wheels = [{centre = "hip", radius = 20}]

[joints]
hip = [[100, 100]]
head = [[100, 50], [120, 60]]
)");
  folder.write("exercises/curl.toml", R"(id = "curl"
name = "Curl"
module = "band_reps"
icon = "band"
figure = "stick"
steps = ["Bend the knee."]

[params]
reps = 12
rest_s = 45
)");
  folder.write("exercises/ride.toml", R"(id = "ride"
name = "Ride"
module = "cycling"
steps = ["Pedal."]
)");
  folder.write("exercises/spare.toml", R"(id = "spare"
name = "Spare"
module = "band_reps"
steps = ["Pull."]
)");
  folder.write("stations/curl.toml", R"(id = "curl"
title = "Curl"
exercise = "curl"

[[bind]]
channel = "force"
driver = "gauge"
serial = "A1"

[params]
reps = 8
sides = "left_first"

[rules]
lost_after_s = 1.5
)");
  folder.write("stations/ride.toml", R"(id = "ride"
title = "Ride"
subtitle = "Easy"
exercise = "ride"
set_by = "Physio"

[[bind]]
channel = "cadence"
driver = "bike"

[[params.phases]]
name = "In"
duration_s = 30

[[params.phases]]
name = "On"
cadence_low_rpm = 70
cadence_high_rpm = 90
)");
}

std::string all_text(const Config& config) {
  std::string text;
  for (const Diagnostic& diagnostic : config.diagnostics) text += diagnostic.text() + '\n';
  return text;
}

std::vector<std::string> station_ids(const Config& config) {
  std::vector<std::string> ids;
  for (const Station& station : config.stations) ids.push_back(station.id);
  return ids;
}

}  // namespace patella::config::test
