// What a faultless folder gives.
#include "config/config.hpp"
#include "config/test_specs.hpp"
#include "config/words.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::config;
using namespace patella::config::test;

namespace {
const Station& station(const Config& config, std::string_view id) {
  for (const Station& s : config.stations)
    if (s.id == id) return s;
  throw std::runtime_error("no such station");
}
}  // namespace

TEST_CASE("a faultless folder loads without a finding, in the order of kiosk.toml") {
  Folder folder;
  write_good_files(folder);
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  CHECK(station_ids(config) == std::vector<std::string>{"ride", "curl"});
  CHECK(config.broken.empty());
  CHECK(config.kiosk.site_name == "Test gym");
  CHECK(config.kiosk.pain_places == std::vector<std::string>{"Left", "Right"});
  REQUIRE(config.kiosk.questions.size() == 1);
  CHECK(config.kiosk.questions[0].text == "Swollen?");
  REQUIRE(config.clients.size() == 2);
  CHECK(config.clients[1].ref == "C-2");
  CHECK(config.exercises.size() == 3);
}

TEST_CASE("nobody is reminded of calibrations or told of bands unless the site says so") {
  Folder folder;
  write_good_files(folder);
  CHECK(folder.load().kiosk.calibration_remind_days == 0);
  CHECK(folder.load().kiosk.band_change_percent == 0);
  folder.write("kiosk.toml", "calibration_remind_days = 365\nband_change_percent = 12.5\n");
  CHECK(folder.load().kiosk.calibration_remind_days == 365);
  CHECK(folder.load().kiosk.band_change_percent == 12.5);
}

TEST_CASE("a station's number goes over the exercise's, and that over the module's default") {
  Folder folder;
  write_good_files(folder);
  const Config config = folder.load();
  const auto& params = station(config, "curl").exercise.params;
  CHECK(number_of(params, "reps") == 8);     // station
  CHECK(number_of(params, "rest_s") == 45);  // exercise
  CHECK(number_of(params, "sets") == 3);     // module
  CHECK(number_of(params, "sides") == 1);    // index of left_first
  CHECK(params.size() == 12);                // each declared parameter once
  CHECK(station(config, "curl").rules.lost_after_s == Approx(1.5));
  CHECK(station(config, "curl").rules.pain_tell_staff_from == 5);
}

TEST_CASE("rows keep their order, and a missing cell has the default of its column") {
  Folder folder;
  write_good_files(folder);
  const Config config = folder.load();
  const auto& params = station(config, "ride").exercise.params;
  CHECK(number_of(params, "phases.duration_s", -1, 0) == 30);
  CHECK(number_of(params, "phases.cadence_low_rpm", -1, 0) == 60);
  CHECK(number_of(params, "phases.duration_s", -1, 1) == 60);
  CHECK(number_of(params, "phases.cadence_high_rpm", -1, 1) == 90);
  CHECK(params[0] == params::Value{"phases.name", 0, 0, "In"});
  CHECK(params[4] == params::Value{"phases.name", 1, 0, "On"});
}

TEST_CASE("a list that no file gives is the module's own") {
  Folder folder;
  write_good_files(folder);
  const Config config = folder.load();
  const Exercise& ride = config.exercises[1];
  REQUIRE(ride.id == "ride");
  CHECK(ride.params[0] == params::Value{"phases.name", 0, 0, "Warm-up"});
  CHECK(number_of(ride.params, "phases.duration_s", -1, 0) == 300);
  CHECK(number_of(ride.params, "phases.cadence_low_rpm", -1, 0) == 60);
}

TEST_CASE("bindings carry driver, channel, serial number and complete driver parameters") {
  Folder folder;
  write_good_files(folder);
  folder.write("stations/curl.toml", R"(id = "curl"
title = "Curl"
exercise = "curl"
[[bind]]
channel = "force"
driver = "gauge"
device_channel = "pull"
port = "/dev/ttyACM3"
[bind.params]
zero_n = -2.5
)");
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  REQUIRE(station(config, "curl").bindings.size() == 1);
  const Binding& binding = station(config, "curl").bindings[0];
  CHECK(binding.channel == "force");
  CHECK(binding.device_channel == "pull");
  CHECK(binding.port == "/dev/ttyACM3");
  CHECK(binding.serial == "");
  CHECK(number_of(binding.driver_params, "zero_n") == Approx(-2.5));
  CHECK(number_of(binding.driver_params, "range_high_n") == 500);
}

TEST_CASE("what kiosk.toml sets for a driver holds for every station that does not say otherwise; a key stays out of the log") {
  Folder folder;
  write_good_files(folder);
  const std::string without = station(folder.load(), "curl").json;
  CHECK(without.find(R"("access_key":"")") != std::string::npos);
  folder.write("kiosk.toml",
               folder.read("kiosk.toml") + "\n[drivers.gauge]\nzero_n = 1.5\nrange_high_n = 300\naccess_key = \"not for all\"\n");
  folder.write("stations/curl.toml", R"(id = "curl"
title = "Curl"
exercise = "curl"
[[bind]]
channel = "force"
driver = "gauge"
[bind.params]
zero_n = -2.5
)");
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  const Station& curl = station(config, "curl");
  const auto& params = curl.bindings.at(0).driver_params;
  CHECK(number_of(params, "zero_n") == Approx(-2.5));       // station
  CHECK(number_of(params, "range_high_n") == Approx(300));  // site
  CHECK(number_of(params, "range_low_n") == 0);             // driver
  CHECK(params.back() == params::Value{"access_key", -1, 0, "not for all"});
  CHECK(curl.json.find(R"x("access_key":"(set)")x") != std::string::npos);
  CHECK(curl.json.find("not for all") == std::string::npos);
}

TEST_CASE("a still joint has its one point in every pose") {
  Folder folder;
  write_good_files(folder);
  const Config config = folder.load();
  REQUIRE(config.figures.size() == 1);
  const Figure& figure = *config.figures[0];
  CHECK(figure.id == "stick");
  REQUIRE(figure.joints.size() == 2);
  for (const FigureJoint& joint : figure.joints) CHECK(joint.poses.size() == 2);
  REQUIRE(figure.limbs.size() == 1);
  CHECK(figure.joints[static_cast<std::size_t>(figure.limbs[0].to)].name == "head");
  CHECK(figure.wheels.size() == 1);
}

TEST_CASE("the revision text holds everything in force and does not depend on how it was written") {
  Folder folder;
  write_good_files(folder);
  const std::string before = station(folder.load(), "curl").json;
  CHECK(before.find(R"("reps":8)") != std::string::npos);
  CHECK(before.find(R"("sides":"left_first")") != std::string::npos);
  CHECK(before.find(R"("beep":true)") != std::string::npos);
  CHECK(before.find(R"("rest_s":45)") != std::string::npos);
  CHECK(before.find(R"("serial":"A1")") != std::string::npos);
  CHECK(before.find(R"("version":"1.0.0")") != std::string::npos);

  // The same settings, other order, spelling and comments; a default written out.
  folder.write("stations/curl.toml", R"(# the same
exercise = 'curl'
title = "Curl"
id = "curl"
rules = {pain_tell_staff_from = 5, lost_after_s = 1.50}
params.sides = "left_first"
params.reps = 8
params.sets = 3
[[bind]]
serial = "A1"
driver = "gauge"
device_channel = "force"
channel = "force"
)");
  const Config again = folder.load();
  CHECK(all_text(again) == "");
  CHECK(station(again, "curl").json == before);

  std::string changed = folder.read("stations/curl.toml");
  changed.replace(changed.find("reps = 8"), 8, "reps = 9");
  folder.write("stations/curl.toml", changed);
  CHECK(station(folder.load(), "curl").json != before);
}

TEST_CASE("whose numbers they are is a flag of the file: a file without it does not claim a physio") {
  Folder folder;
  write_good_files(folder);
  CHECK(station(folder.load(), "ride").set_by == "Physio");
  CHECK_FALSE(station(folder.load(), "ride").set_by_physio);
  const std::string before = station(folder.load(), "ride").json;
  std::string text = folder.read("stations/ride.toml");
  text.insert(text.find("set_by = "), "set_by_physio = true\n");
  folder.write("stations/ride.toml", text);
  CHECK(all_text(folder.load()) == "");
  CHECK(station(folder.load(), "ride").set_by_physio);
  CHECK(station(folder.load(), "ride").json != before);
}

TEST_CASE("stations that kiosk.toml does not name come last, by file name") {
  Folder folder;
  write_good_files(folder);
  folder.write("kiosk.toml", "stations = [\"ride\"]\n");
  std::string station = folder.read("stations/curl.toml");
  station.replace(station.find("curl"), 4, "alfa");
  folder.write("stations/alfa.toml", station);
  CHECK(station_ids(folder.load()) == std::vector<std::string>{"ride", "alfa", "curl"});
}

TEST_CASE("hidden files, previous versions and notes are passed over in silence") {
  Folder folder;
  write_good_files(folder);
  for (const char* name : {"stations/.curl.toml", "stations/curl.toml.previous", "stations/curl.toml~", "stations/README.md"})
    folder.write(name, "not = [valid");
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  CHECK(config.stations.size() == 2);
}

TEST_CASE("a kiosk without a list of clients is one for guests") {
  Folder folder;
  write_good_files(folder);
  std::filesystem::remove(folder.path() / "clients.toml");
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  CHECK(config.clients.empty());
}

TEST_CASE("an upper end of 0 is one that is open") {
  Folder folder;
  write_good_files(folder);
  folder.write("exercises/spare.toml",
               "id = \"spare\"\nname = \"Spare\"\nmodule = \"band_reps\"\nsteps = [\"Pull.\"]\n"
               "[params]\nforce_low_n = 30\nforce_high_n = 0\nstart_force_n = 30\n");
  CHECK(all_text(folder.load()) == "");
}

TEST_CASE("a finding reads as one line with file, line, key, fault and remedy") {
  Diagnostic diagnostic{Diagnostic::Level::error,    "stations/tke.toml", 12, "params.reps", "400 is above the largest value 100",
                        "Use a number from 1 to 100"};
  CHECK(diagnostic.text() ==
        "stations/tke.toml:12: params.reps: 400 is above the largest value 100. Use a number from 1 to 100.");
  diagnostic = {Diagnostic::Level::error, "kiosk.toml", 0, "", "is missing", "Did you mean \"x\"?"};
  CHECK(diagnostic.text() == "kiosk.toml: is missing. Did you mean \"x\"?");
}

TEST_CASE("near words are found, far ones are not") {
  const std::vector<std::string> known = {"sets", "reps", "rest_s", "force_low_n"};
  CHECK(nearest("rep", known) == "reps");
  CHECK(nearest("reps_", known) == "reps");
  CHECK(nearest("serts", known) == "sets");
  CHECK(nearest("force_lwo_n", known) == "force_low_n");
  CHECK_FALSE(nearest("banana", known));
  CHECK_FALSE(nearest("", known));
  CHECK(edit_distance("abc", "acb") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("", "ab") == 2);
}

TEST_CASE("UTF-8 is told from what is not") {
  CHECK_FALSE(first_bad_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82"));
  CHECK(first_bad_utf8("ab\xFF") == 2);
  CHECK(first_bad_utf8("\xC0\xAF") == 0);          // overlong
  CHECK(first_bad_utf8("a\xED\xA0\x80") == 1);     // surrogate
  CHECK(first_bad_utf8("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(first_bad_utf8("x\xE2\x82") == 1);         // cut off
  CHECK(character_count("caf\xC3\xA9") == 4);
  CHECK(has_control_character("a\nb"));
  CHECK(has_control_character("\xC2\x85"));
  CHECK_FALSE(has_control_character("caf\xC3\xA9"));
}
