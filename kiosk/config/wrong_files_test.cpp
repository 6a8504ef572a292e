// Every way a file can be wrong is told with file, line, key and remedy, and spoils nothing else.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "config/config.hpp"
#include "config/test_specs.hpp"
#include "support/catch.hpp"
#include "support/plain_rights.hpp"

using namespace patella;
using namespace patella::config;
using namespace patella::config::test;

namespace {

constexpr auto kError = Diagnostic::Level::error;
constexpr auto kWarning = Diagnostic::Level::warning;

/// One change to the faultless folder, and the diagnostic it has to give.
struct Case {
  const char* name;
  const char* file;
  const char* from;  ///< this text of the file…
  const char* to;    ///< …becomes this; from = nullptr: the whole file
  Diagnostic::Level level;
  const char* told_file;  ///< nullptr: `file`
  int line;
  const char* key;
  const char* what;                                    ///< part of it
  const char* remedy;                                  ///< part of it
  std::vector<std::string> usable = {"ride", "curl"};  ///< stations that still open
};

const std::vector<std::string> kRide = {"ride"}, kCurl = {"curl"};
const char* const kCurlStation = "stations/curl.toml";
const char* const kRideStation = "stations/ride.toml";

void spoil(const Folder& folder, const Case& c) {
  if (!c.from) return folder.write(c.file, c.to);
  std::string content = folder.read(c.file);
  const std::size_t at = content.find(c.from);
  REQUIRE(at != std::string::npos);
  content.replace(at, std::string(c.from).size(), c.to);
  folder.write(c.file, content);
}

bool fits(const Diagnostic& f, const Case& c) {
  return f.level == c.level && f.file == (c.told_file ? c.told_file : c.file) && f.line == c.line && f.key == c.key &&
         f.what.find(c.what) != std::string::npos && f.remedy.find(c.remedy) != std::string::npos;
}

void check(const Case& c) {
  INFO(c.name);
  Folder folder;
  write_good_files(folder);
  spoil(folder, c);
  const Config config = folder.load();
  INFO(all_text(config));
  CHECK(std::any_of(config.diagnostics.begin(), config.diagnostics.end(), [&](const Diagnostic& f) { return fits(f, c); }));
  CHECK(station_ids(config) == c.usable);
  CHECK(config.stations.size() + config.broken.size() == 2);
  for (const auto& station : config.broken) {
    CHECK_FALSE(station.why.empty());
    CHECK_FALSE(station.title.empty());
  }
  for (const Diagnostic& diagnostic : config.diagnostics) CHECK_FALSE(diagnostic.remedy.empty());
}

void check_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) check(c);
}

}  // namespace

TEST_CASE("wrong parameters of a station") {
  check_all({
      {"above the largest", kCurlStation, "reps = 8", "reps = 400", kError, nullptr, 11, "params.reps",
       "400 is above the largest value 100", "from 1 to 100", kRide},
      {"below the smallest", kCurlStation, "reps = 8", "reps = 0", kError, nullptr, 11, "params.reps",
       "0 is below the smallest value 1", "from 1 to 100", kRide},
      {"negative duration", kCurlStation, "reps = 8", "rest_s = -5", kError, nullptr, 11, "params.rest_s",
       "-5 is below the smallest value 0", "from 0 to 600", kRide},
      {"number as text", kCurlStation, "reps = 8", "reps = \"8\"", kError, nullptr, 11, "params.reps",
       "is the text \"8\", not a whole number", "Write 8 without quotes", kRide},
      {"part of a whole", kCurlStation, "reps = 8", "reps = 8.5", kError, nullptr, 11, "params.reps",
       "is the number 8.5, not a whole number", "whole number from 1 to 100", kRide},
      {"not a number", kCurlStation, "reps = 8", "force_low_n = nan", kError, nullptr, 11, "params.force_low_n",
       "not a finite number", "from 0 to 1000", kRide},
      {"infinite", kCurlStation, "reps = 8", "force_high_n = inf", kError, nullptr, 11, "params.force_high_n",
       "not a finite number", "from 0 to 1000", kRide},
      {"largest integer", kCurlStation, "reps = 8", "reps = 9223372036854775807", kError, nullptr, 11, "params.reps", "is above",
       "from 1 to 100", kRide},
      {"between two steps", kCurlStation, "reps = 8", "hold_s = 1.3", kWarning, nullptr, 11, "params.hold_s",
       "1.3 lies between two steps of 0.5", "Use 1 or 1.5"},
      {"choice misspelt", kCurlStation, "\"left_first\"", "\"left_frist\"", kError, nullptr, 12, "params.sides",
       "\"left_frist\" is not one of the choices", "Did you mean \"left_first\"?", kRide},
      {"choice unknown", kCurlStation, "\"left_first\"", "\"banana\"", kError, nullptr, 12, "params.sides",
       "not one of the choices", "Known are \"none\", \"left_first\" and \"right_first\"", kRide},
      {"choice as number", kCurlStation, "\"left_first\"", "1", kError, nullptr, 12, "params.sides",
       "is the number 1, not the name of a choice", "Write one of \"none\"", kRide},
      {"flag as number", kCurlStation, "reps = 8", "beep = 1", kError, nullptr, 11, "params.beep",
       "is the number 1, not true or false", "Write true or false", kRide},
      {"list as number", kCurlStation, "reps = 8", "reps = [8]", kError, nullptr, 11, "params.reps", "is a list", "whole number",
       kRide},
      {"date as number", kCurlStation, "reps = 8", "reps = 2026-10-02", kError, nullptr, 11, "params.reps", "is a date or time",
       "whole number", kRide},
      {"unknown key near", kCurlStation, "reps = 8", "repz = 8", kWarning, nullptr, 11, "params.repz",
       "is not a parameter of this plugin", "Did you mean \"reps\"?"},
      {"unknown key far", kCurlStation, "reps = 8", "colour = 8", kWarning, nullptr, 11, "params.colour",
       "is not a parameter of this plugin", "Known are \"sets\", \"reps\""},
      {"low above high", kCurlStation, "reps = 8", "force_low_n = 90\nforce_high_n = 50", kError, nullptr, 11,
       "params.force_low_n", "force_low_n = 90 is not below force_high_n = 50", "Make force_low_n smaller", kRide},
      {"low equals high", kCurlStation, "reps = 8", "force_low_n = 50\nforce_high_n = 50", kError, nullptr, 11,
       "params.force_low_n", "force_low_n = 50 is not below", "Make force_low_n smaller", kRide},
      {"low above the module's high", kCurlStation, "reps = 8", "force_low_n = 200", kError, nullptr, 11, "params.force_low_n",
       "force_low_n = 200 is not below force_high_n = 80", "smaller", kRide},
      {"high below the module's low", kCurlStation, "reps = 8", "force_high_n = 30", kError, nullptr, 11, "params.force_high_n",
       "force_low_n = 40 is not below force_high_n = 30", "smaller", kRide},
      {"shortest above longest", kCurlStation, "reps = 8", "min_rep_s = 12", kError, nullptr, 11, "params.min_rep_s",
       "min_rep_s = 12 is not below max_rep_s = 10", "smaller", kRide},
      {"released above the start", kCurlStation, "reps = 8", "release_force_n = 20\nstart_force_n = 15", kError, nullptr, 11,
       "params.release_force_n", "release_force_n = 20 is not below start_force_n = 15", "Make release_force_n smaller", kRide},
      {"start above the target", kCurlStation, "reps = 8", "start_force_n = 41", kError, nullptr, 11, "params.start_force_n",
       "start_force_n = 41 is not below force_low_n = 40", "Make start_force_n smaller", kRide},
      {"params is a list", kCurlStation, "[params]", "[[params]]", kError, nullptr, 10, "params", "is a list, not a table",
       "[params] with single brackets", kRide},
  });
}

TEST_CASE("wrong rows") {
  check_all({
      {"table where a list is wanted", kRideStation, "[[params.phases]]\nname = \"In\"\nduration_s = 30\n\n[[params.phases]]",
       "[params.phases]", kError, nullptr, 11, "params.phases", "is a table, not a list of rows", "[[params.phases]]", kCurl},
      {"row too long", kRideStation, "duration_s = 30", "duration_s = 99999", kError, nullptr, 13, "params.phases[1].duration_s",
       "99999 is above the largest value 3600", "from 5 to 3600", kCurl},
      {"name too long", kRideStation, "\"In\"", "\"A very long name indeed\"", kError, nullptr, 12, "params.phases[1].name",
       "has 23 characters, more than 16", "at most 16", kCurl},
      {"name takes too many bytes", kRideStation, "\"In\"", "\"äöüäöüäöü\"", kError, nullptr, 12, "params.phases[1].name",
       "takes 18 bytes, more than 16", "Shorten", kCurl},
      {"name as number", kRideStation, "\"In\"", "5", kError, nullptr, 12, "params.phases[1].name", "is the number 5, not a text",
       "double quotes", kCurl},
      {"low above high in a row", kRideStation, "cadence_low_rpm = 70", "cadence_low_rpm = 95", kError, nullptr, 11,
       "params.phases[2].cadence_low_rpm", "phases.cadence_low_rpm = 95 is not below phases.cadence_high_rpm = 90", "smaller",
       kCurl},
      {"unknown column", kRideStation, "cadence_low_rpm", "cadence_lo_rpm", kWarning, nullptr, 17,
       "params.phases[2].cadence_lo_rpm", "is not a column", "Did you mean \"cadence_low_rpm\"?"},
      {"row is a number", kRideStation, "[[params.phases]]\nname = \"In\"\nduration_s = 30\n\n[[params.phases]]\nname = \"On\"",
       "[params]\nphases = [3]\n[other]", kError, nullptr, 12, "params.phases[1]", "is the number 3, not a row",
       "[[params.phases]]", kCurl},
      {"too many rows", kRideStation, "[[params.phases]]\nname = \"In\"",
       "[[params.phases]]\n[[params.phases]]\n[[params.phases]]\nname = \"In\"", kError, nullptr, 11, "params.phases",
       "has 4 rows", "Give 1 to 3 rows", kCurl},
      {"no rows", kRideStation, "[[params.phases]]\nname = \"In\"\nduration_s = 30\n\n[[params.phases]]\nname = \"On\"",
       "[params]\nphases = []\n[other]", kError, nullptr, 12, "params.phases", "has 0 rows", "Give 1 to 3 rows", kCurl},
  });
}

TEST_CASE("wrong bindings") {
  check_all({
      {"driver not installed", kCurlStation, "\"gauge\"", "\"guage\"", kError, nullptr, 7, "bind[1].driver",
       "the driver \"guage\" is not installed", "Did you mean \"gauge\"?", kRide},
      {"module reads no such channel", kCurlStation, "\"force\"", "\"forse\"", kError, nullptr, 6, "bind[1].channel",
       "reads no channel \"forse\"", "Did you mean \"force\"?", kRide},
      {"driver has no such channel", kCurlStation, "serial = \"A1\"", "device_channel = \"pul\"", kError, nullptr, 8,
       "bind[1].device_channel", "the driver \"gauge\" has no channel \"pul\"", "Did you mean \"pull\"?", kRide},
      {"other unit", kCurlStation, "serial = \"A1\"", "device_channel = \"mass\"", kError, nullptr, 6, "bind[1].channel",
       "the exercise wants \"N\" and the device measures \"kg\"", "same unit", kRide},
      {"required channel not bound", kRideStation, "channel = \"cadence\"", "channel = \"power\"", kError, nullptr, 4, "bind",
       "nothing is bound to \"cadence\"", "Add [[bind]] with channel = \"cadence\"", kCurl},
      {"bound twice", kCurlStation, "[params]", "[[bind]]\nchannel = \"force\"\ndriver = \"gauge\"\n[params]", kError, nullptr,
       11, "bind[2].channel", "\"force\" is bound twice", "Keep one", kRide},
      {"one device, two settings", kRideStation, "[[params.phases]]\nname = \"In\"",
       "[[bind]]\nchannel = \"power\"\ndriver = \"bike\"\nparams = {wheel_mm = "
       "2100}\n[[params.phases]]\nname = \"In\"",
       kError, nullptr, 14, "bind[2].params", "differ from those for \"cadence\" on the same device", "the same [bind.params]",
       kCurl},
      {"driver parameter too large", kCurlStation, "serial = \"A1\"", "params = {zero_n = 99}", kError, nullptr, 8,
       "bind[1].params.zero_n", "99 is above the largest value 50", "from -50 to 50", kRide},
      {"driver parameters contradict", kCurlStation, "serial = \"A1\"", "params = {range_low_n = 600}", kError, nullptr, 8,
       "bind[1].params.range_low_n", "range_low_n = 600 is not below range_high_n = 500", "smaller", kRide},
      {"bind is a table", kCurlStation, "[[bind]]", "[bind]", kError, nullptr, 5, "bind", "is a table, not a list",
       "Write [[bind]] with double brackets", kRide},
      {"serial number as number", kCurlStation, "\"A1\"", "12345", kError, nullptr, 8, "bind[1].serial",
       "is the number 12345, not a text", "double quotes", kRide},
      {"unknown key in a binding", kCurlStation, "serial", "seriall", kWarning, nullptr, 8, "bind[1].seriall",
       "is not a key that is known here", "Did you mean \"serial\"?"},
  });
}

TEST_CASE("two stations with one device and two settings: the later one is broken") {
  Folder folder;
  write_good_files(folder);
  std::string other = folder.read(kCurlStation);
  other.replace(other.find("\"curl\""), 6, "\"other\"");
  folder.write("stations/other.toml", other);
  CHECK(all_text(folder.load()) == "");
  other.replace(other.find("[params]"), 8, "params = {zero_n = 3}\n[params]");
  folder.write("stations/other.toml", other);
  const Config config = folder.load();
  CHECK(station_ids(config) == std::vector<std::string>{"ride", "curl"});
  REQUIRE(config.diagnostics.size() == 1);
  CHECK(config.diagnostics[0].file == "stations/other.toml");
  CHECK(config.diagnostics[0].what.find("set otherwise in the station \"curl\"") != std::string::npos);
  other.replace(other.find("A1"), 2, "B2");  // another device
  folder.write("stations/other.toml", other);
  CHECK(all_text(folder.load()) == "");
}

TEST_CASE("wrong stations") {
  check_all({
      {"no such exercise", kCurlStation, "exercise = \"curl\"", "exercise = \"curk\"", kError, nullptr, 3, "exercise",
       "there is no exercise \"curk\"", "Did you mean \"curl\"?", kRide},
      {"id is not the file's name", kCurlStation, "id = \"curl\"", "id = \"curls\"", kError, nullptr, 1, "id",
       "\"curls\" differs from the file's name \"curl\"", "Write id = \"curl\", or rename the file to curls.toml", kRide},
      {"the same id as another", kCurlStation, "id = \"curl\"", "id = \"ride\"", kError, nullptr, 1, "id",
       "\"ride\" differs from the file's name", "rename", kRide},
      {"id missing", kCurlStation, "id = \"curl\"", "", kError, nullptr, 1, "id", "is missing", "Add id", kRide},
      {"id with capitals", kCurlStation, "id = \"curl\"", "id = \"Curl\"", kError, nullptr, 1, "id", "\"Curl\" is not a name",
       "a-z, 0-9 and _", kRide},
      {"title missing", kCurlStation, "title = \"Curl\"", "", kError, nullptr, 1, "title", "is missing", "Add title", kRide},
      {"title empty", kCurlStation, "\"Curl\"", "\"\"", kError, nullptr, 2, "title", "is empty", "Write", kRide},
      {"title too long", kCurlStation, "\"Curl\"", "\"A title that no screen in the world could hold\"", kError, nullptr, 2,
       "title", "characters, more than 32", "at most 32", kRide},
      {"title with a line break", kCurlStation, "\"Curl\"", "\"Cu\\nrl\"", kError, nullptr, 2, "title", "has a control character",
       "one line", kRide},
      {"title with NUL", kCurlStation, "\"Curl\"", "\"Cu\\u0000rl\"", kError, nullptr, 2, "title", "has a control character",
       "one line", kRide},
      {"rule negative", kCurlStation, "lost_after_s = 1.5", "lost_after_s = -1.5", kError, nullptr, 15, "rules.lost_after_s",
       "-1.5 is below the smallest value 0.1", "from 0.1 to 60", kRide},
      {"rule above 10", kCurlStation, "lost_after_s = 1.5", "pain_tell_staff_from = 11", kError, nullptr, 15,
       "rules.pain_tell_staff_from", "11 is above the largest value 10", "from 1 to 10", kRide},
      {"rule as text", kCurlStation, "lost_after_s = 1.5", "pause_on_loss = \"yes\"", kError, nullptr, 15, "rules.pause_on_loss",
       "is the text \"yes\", not true or false", "without quotes", kRide},
      {"rule unknown", kCurlStation, "lost_after_s", "lost_afters", kWarning, nullptr, 15, "rules.lost_afters",
       "is not a key that is known here", "Did you mean \"lost_after_s\"?"},
      {"key unknown", kCurlStation, "title", "titel = \"x\"\ntitle", kWarning, nullptr, 2, "titel",
       "is not a key that is known here", "Did you mean \"title\"?"},
  });
}

TEST_CASE("rules that are no table") {
  check({"rules is a list", kCurlStation, "[rules]", "[[rules]]", kError, nullptr, 14, "rules", "is a list, not a table",
         "[rules] with single brackets", kRide});
}

TEST_CASE("wrong exercises break the stations that use them, and no other") {
  const char* const exercise = "exercises/curl.toml";
  check_all({
      {"module not installed", exercise, "\"band_reps\"", "\"band_rep\"", kError, nullptr, 3, "module",
       "the exercise module \"band_rep\" is not installed", "Did you mean \"band_reps\"?", kRide},
      {"told at the station too", exercise, "\"band_reps\"", "\"band_rep\"", kError, kCurlStation, 3, "exercise",
       "the exercise \"curl\" cannot be used", "exercises/curl.toml:3: module", kRide},
      {"parameter too large", exercise, "reps = 12", "reps = 999", kError, nullptr, 9, "params.reps", "999 is above",
       "from 1 to 100", kRide},
      {"steps missing", exercise, "steps = [\"Bend the knee.\"]", "", kError, nullptr, 1, "steps", "is missing", "Add steps",
       kRide},
      {"steps as text", exercise, "[\"Bend the knee.\"]", "\"Bend the knee.\"", kError, nullptr, 6, "steps", "not a list",
       "steps = [", kRide},
      {"step as number", exercise, "\"Bend the knee.\"", "7", kError, nullptr, 6, "steps", "is the number 7, not a text",
       "double quotes", kRide},
      {"step too long for the screen", exercise, "\"Bend the knee.\"",
       "\"Bend the knee as far as it will go without any hurry and then back again.\"", kWarning, nullptr, 6, "steps",
       "may not fit", "at most 60"},
      {"figure unknown", exercise, "\"stick\"", "\"stik\"", kWarning, nullptr, 5, "figure", "there is no figure \"stik\"",
       "Did you mean \"stick\"?"},
      {"not used by a station", "exercises/spare.toml", "\"band_reps\"", "\"gone\"", kError, nullptr, 3, "module",
       "is not installed", "Known are"},
  });
}

TEST_CASE("wrong figures are left out, and their exercises go on without") {
  const char* const figure = "figures/stick.toml";
  check_all({
      {"limb to nowhere", figure, "to = \"head\"", "to = \"haed\"", kError, nullptr, 5, "limbs[1].to",
       "there is no joint \"haed\"", "Did you mean \"head\"?"},
      {"points for other poses", figure, "[120, 60]]", "[120, 60], [1, 2]]", kError, nullptr, 11, "joints.head",
       "has 3 points for 2 poses", "one point a pose"},
      {"no point", figure, "[120, 60]", "[120]", kError, nullptr, 11, "joints.head", "is not a point", "[x, y]"},
      {"out of the box", figure, "[120, 60]", "[1200, 60]", kError, nullptr, 11, "joints.head", "1200 is above", "from"},
      {"times fall", figure, "[0, 1]", "[0, 0]", kError, nullptr, 3, "pose_times_s", "does not rise", "rising order"},
      {"times begin late", figure, "[0, 1]", "[0.5, 1]", kError, nullptr, 3, "pose_times_s", "does not begin with 0", "be at 0"},
      {"pose after the loop", figure, "[0, 1]", "[0, 2]", kError, nullptr, 3, "pose_times_s", "after the end",
       "below loop_s = 2"},
      {"no poses", figure, "[0, 1]", "[]", kError, nullptr, 3, "pose_times_s", "has 0 poses", "Give 1 to 64"},
      {"loop negative", figure, "loop_s = 2", "loop_s = -2", kError, nullptr, 2, "loop_s", "-2 is below", "from 0.1"},
      {"tone unknown", figure, "\"body\"", "\"pink\"", kError, nullptr, 5, "limbs[1].tone", "\"pink\" is not one", "Known are"},
      {"told at the exercise", figure, "loop_s = 2", "loop_s = -2", kWarning, "exercises/curl.toml", 5, "figure",
       "there is no figure \"stick\"", "There is none"},
  });
}

TEST_CASE("wrong kiosk.toml and clients.toml: what is right in them is used") {
  const char* const kiosk = "kiosk.toml";
  check_all({
      {"station unknown", kiosk, "\"curl\"", "\"culr\"", kError, nullptr, 2, "stations", "there is no station \"culr\"",
       "Did you mean \"curl\"?"},
      {"station twice", kiosk, "\"curl\"", "\"curl\", \"ride\"", kWarning, nullptr, 2, "stations", "\"ride\" is named twice",
       "once"},
      {"reminder of half a day", kiosk, "site_name", "calibration_remind_days = 0.5\nsite_name", kError, nullptr, 1,
       "calibration_remind_days", "whole", ""},
      {"a band cannot change by more", kiosk, "site_name", "band_change_percent = 150\nsite_name", kError, nullptr, 1,
       "band_change_percent", "100", ""},
      {"idle too short", kiosk, "site_name", "idle_home_s = 1\nsite_name", kError, nullptr, 1, "idle_home_s", "1 is below",
       "from 10 to 3600"},
      {"language unknown", kiosk, "site_name", "language = \"tlh\"\nsite_name", kError, nullptr, 1, "language",
       "\"tlh\" is not one", "\"en\""},
      {"flag as text", kiosk, "site_name", "fullscreen = \"true\"\nsite_name", kError, nullptr, 1, "fullscreen",
       "is the text \"true\"", "without quotes"},
      {"question twice", kiosk, "[[question]]", "[[question]]\nid = \"swollen\"\ntext = \"A?\"\n[[question]]", kError, nullptr, 9,
       "question[2].id", "\"swollen\" is used by an earlier question", "of its own"},
      {"question without text", kiosk, "text = \"Swollen?\"", "", kError, nullptr, 5, "question[1].text", "is missing",
       "Add text"},
      {"driver unknown", kiosk, "[[question]]", "[drivers.gouge]\nzero_n = 1\n[[question]]", kWarning, nullptr, 5,
       "drivers.gouge", "is no driver that is installed", "Did you mean \"gauge\"?"},
      {"driver's number too large", kiosk, "[[question]]", "[drivers.gauge]\nzero_n = 51\n[[question]]", kError, nullptr, 6,
       "drivers.gauge.zero_n", "51 is above", "from -50 to 50"},
      {"driver without a table", kiosk, "[[question]]", "drivers.gauge = 3\n[[question]]", kError, nullptr, 5, "drivers.gauge",
       "is the number 3, not a table", "[drivers.gauge]"},
      {"drivers as text", kiosk, "[[question]]", "drivers = \"gauge\"\n[[question]]", kError, nullptr, 5, "drivers",
       "is the text", "[drivers]"},
      {"key too long", kiosk, "[[question]]", "[drivers.gauge]\naccess_key = \"123456789012345678901\"\n[[question]]", kError,
       nullptr, 6, "drivers.gauge.access_key", "21", "20"},
      {"client twice", "clients.toml", "C-2", "C-1", kError, nullptr, 6, "client[2].ref", "\"C-1\" is used by an earlier client",
       "of their own"},
      {"two clients of one name", "clients.toml", "\"Bo\"", "\"Ann\"", kWarning, nullptr, 7, "client[2].name",
       "is \"Ann\" for both \"C-1\" and \"C-2\"", "knows which is theirs"},
      {"client is a table", "clients.toml", nullptr, "[client]\nref = \"C-1\"\n", kError, nullptr, 1, "client",
       "is a table, not a list", "[[client]]"},
  });
}

TEST_CASE("what is right beside a wrong client or question stays") {
  Folder folder;
  write_good_files(folder);
  folder.write("clients.toml", "[[client]]\nref = 7\nname = \"A\"\n[[client]]\nref = \"C-2\"\nname = \"Bo\"\n");
  folder.write("kiosk.toml",
               "site_name = 5\nstations = [\"curl\"]\n[[question]]\nid = \"a\"\n[[question]]\nid = "
               "\"b\"\ntext = \"B?\"\n");
  const Config config = folder.load();
  REQUIRE(config.clients.size() == 1);
  CHECK(config.clients[0].ref == "C-2");
  REQUIRE(config.kiosk.questions.size() == 1);
  CHECK(config.kiosk.questions[0].id == "b");
  CHECK(config.kiosk.site_name == "Patella");
  CHECK(station_ids(config) == std::vector<std::string>{"curl", "ride"});
}

TEST_CASE("files that are no TOML") {
  check_all({
      {"syntax", kCurlStation, "title = \"Curl\"", "title = \"Curl", kError, nullptr, 2, "", "is not valid TOML at column",
       "Correct the line", kRide},
      {"key twice", kCurlStation, "title = \"Curl\"", "title = \"Curl\"\ntitle = \"Again\"", kError, nullptr, 3, "",
       "is not valid TOML", "each key is given once", kRide},
      {"table twice", kCurlStation, "[rules]", "[params]", kError, nullptr, 14, "", "is not valid TOML", "Correct", kRide},
      {"value missing", kCurlStation, "reps = 8", "reps =", kError, nullptr, 11, "", "is not valid TOML", "Correct", kRide},
      {"YAML", kCurlStation, nullptr, "id: curl\ntitle: Curl\n", kError, nullptr, 1, "", "is not valid TOML", "Correct", kRide},
      {"empty", kCurlStation, nullptr, "", kError, nullptr, 0, "", "is empty", "Write the entry", kRide},
      {"blank", kCurlStation, nullptr, "\n\n  \t\n", kError, nullptr, 0, "", "is empty", "Write the entry", kRide},
      {"only a comment", kCurlStation, nullptr, "# nothing\n", kError, nullptr, 1, "id", "is missing", "Add id", kRide},
      {"Latin-1", kCurlStation, "Curl", "Curl\xE9", kError, nullptr, 2, "", "has a byte that is not UTF-8",
       "Save the file as UTF-8", kRide},
      {"overlong UTF-8", kCurlStation, "Curl", "\xC0\xAF", kError, nullptr, 2, "", "has a byte that is not UTF-8", "UTF-8",
       kRide},
      {"kiosk.toml",
       "kiosk.toml",
       nullptr,
       "stations = [",
       kError,
       nullptr,
       1,
       "",
       "is not valid TOML",
       "Correct",
       {"curl", "ride"}},
      {"a figure", "figures/stick.toml", nullptr, "=", kError, nullptr, 1, "", "is not valid TOML", "Correct"},
      {"an exercise", "exercises/curl.toml", nullptr, "=", kError, nullptr, 1, "", "is not valid TOML", "Correct", kRide},
      {"clients.toml", "clients.toml", nullptr, "[[client]", kError, nullptr, 1, "", "is not valid TOML", "Correct"},
  });
}

TEST_CASE("a file larger than 1 MiB is not read") {
  const std::string large = "# " + std::string((1u << 20) + 1, 'x') + "\n";
  check({"large", kCurlStation, nullptr, large.c_str(), kError, nullptr, 0, "", "is larger than 1048576 bytes",
         "Check that it is the right file", kRide});
}

TEST_CASE("brackets a thousand deep are an error and no crash") {
  const std::string deep = "x = " + std::string(100'000, '[');
  check({"deep", kCurlStation, nullptr, deep.c_str(), kError, nullptr, 1, "", "has more than 16 brackets inside each other",
         "Close each bracket", kRide});
}

TEST_CASE("keys and tables thousands deep are an error in every file, and no crash") {
  std::string dotted = "a", deep = "x = 1";
  for (int i = 0; i < 32'000; ++i) dotted += ".a";
  for (int i = 0; i < 1'000; ++i) deep = "x = {" + deep + "}";
  const std::string key = "# a\n" + dotted + " = 1\n", table = "[" + dotted + "]\n", list = "[[ " + dotted + " ]]\n",
                    nested = deep, spaced = "\"a\" . 'b' . " + dotted + " = 1\n";
  for (const char* file : {"kiosk.toml", "clients.toml", kCurlStation, "exercises/curl.toml", "figures/stick.toml"}) {
    for (const std::string* text : {&key, &table, &list, &spaced, &nested}) {
      INFO(file << ": " << text->substr(0, 20));
      Folder folder;
      write_good_files(folder);
      folder.write(file, *text);
      const Config config = folder.load();
      const auto told =
          std::find_if(config.diagnostics.begin(), config.diagnostics.end(), [&](const Diagnostic& f) { return f.file == file; });
      REQUIRE(told != config.diagnostics.end());
      CHECK(told->level == kError);
      CHECK(told->line == (text == &key ? 2 : 1));
      CHECK(told->what.find(text == &nested ? "brackets inside each other" : "a key of more than 16 parts") != std::string::npos);
    }
  }
}

namespace {
/// Puts something else in the place of stations/curl.toml and checks that this alone is lost.
template <class Make>
void check_instead(const Make& make, const char* what) {
  Folder folder;
  write_good_files(folder);
  const std::filesystem::path path = folder.path() / kCurlStation;
  std::filesystem::remove(path);
  make(path);
  const Config config = folder.load();
  INFO(all_text(config));
  CHECK(station_ids(config) == kRide);
  REQUIRE(config.broken.size() == 1);
  CHECK(config.broken[0].id == "curl");
  CHECK(config.broken[0].why.find(what) != std::string::npos);
  REQUIRE_FALSE(config.diagnostics.empty());
  CHECK(config.diagnostics[0].file == kCurlStation);
  CHECK(config.diagnostics[0].what.find(what) != std::string::npos);
  CHECK_FALSE(config.diagnostics[0].remedy.empty());
}
}  // namespace

TEST_CASE("what is no plain file is told and not read") {
  namespace fs = std::filesystem;
  check_instead([](const fs::path& path) { fs::create_directory(path); }, "is a folder, not a file");
  check_instead([](const fs::path& path) { fs::create_symlink("/nowhere/at/all", path); },
                "is a link to something that does not exist");
  check_instead([](const fs::path& path) { fs::create_symlink(path.filename(), path); },
                "");  // a link to itself
  check_instead([](const fs::path& path) { REQUIRE(mkfifo(path.c_str(), 0600) == 0); }, "is not a plain file");
  check_instead([](const fs::path& path) { fs::create_symlink("/dev/zero", path); }, "is not a plain file");
  // A plain file whose reading fails, for whoever runs the test.
  check_instead([](const fs::path& path) { fs::create_symlink("/proc/self/mem", path); }, "cannot be read");
}

TEST_CASE("a link to a file is followed") {
  Folder folder;
  write_good_files(folder);
  std::filesystem::rename(folder.path() / kCurlStation, folder.path() / "elsewhere.toml");
  std::filesystem::create_symlink("../elsewhere.toml", folder.path() / kCurlStation);
  const Config config = folder.load();
  CHECK(all_text(config) == "");
  CHECK(config.stations.size() == 2);
}

TEST_CASE("a file that may not be read is told") {
  const PlainRights plain;
  check_instead(
      [](const std::filesystem::path& path) {
        std::filesystem::copy_file(path.parent_path() / "ride.toml", path);
        std::filesystem::permissions(path, std::filesystem::perms::none);
      },
      "cannot be opened");
}

TEST_CASE("kiosk.toml missing gives the defaults, and the stations by name") {
  Folder folder;
  write_good_files(folder);
  std::filesystem::remove(folder.path() / "kiosk.toml");
  const Config config = folder.load();
  REQUIRE(config.diagnostics.size() == 1);
  CHECK(config.diagnostics[0].file == "kiosk.toml");
  CHECK(config.diagnostics[0].what == "is missing");
  CHECK_FALSE(config.diagnostics[0].remedy.empty());
  CHECK(config.kiosk.idle_home_s == 120);
  CHECK(station_ids(config) == std::vector<std::string>{"curl", "ride"});
}

TEST_CASE("folders that are missing or no folders are told") {
  for (const char* sub : {"stations", "exercises", "figures"}) {
    Folder folder;
    write_good_files(folder);
    std::filesystem::remove_all(folder.path() / sub);
    folder.write(sub, "a file");
    const Config config = folder.load();
    INFO(all_text(config));
    CHECK(std::any_of(config.diagnostics.begin(), config.diagnostics.end(), [&](const Diagnostic& f) {
      return f.file == sub && f.what.find("cannot be listed") != std::string::npos && !f.remedy.empty();
    }));
    CHECK(config.kiosk.site_name == "Test gym");
  }
  const Config nothing = load("/nowhere/at/all", modules(), drivers());
  CHECK(nothing.stations.empty());
  CHECK(nothing.diagnostics.size() == 4);
}

TEST_CASE("a name that looks like a TOML file and is not read is told") {
  Folder folder;
  write_good_files(folder);
  folder.write("stations/extra.toml.txt", "id = \"extra\"\n");
  folder.write("stations/Extra.TOML", "id = \"extra\"\n");
  folder.write(std::string("stations/\xFF.toml"), "id = \"extra\"\n");
  const Config config = folder.load();
  REQUIRE(config.diagnostics.size() == 3);
  for (const Diagnostic& diagnostic : config.diagnostics) {
    CHECK(diagnostic.level == kWarning);
    CHECK(diagnostic.remedy.find(".toml") != std::string::npos);
  }
  CHECK(config.stations.size() == 2);
}

TEST_CASE("without any plugin every station is broken with its reason, and its file untouched") {
  Folder folder;
  write_good_files(folder);
  const std::string before = folder.read(kCurlStation);
  const Config config = load(folder.path(), {}, {});
  CHECK(config.stations.empty());
  REQUIRE(config.broken.size() == 2);
  CHECK(config.broken[0].id == "ride");  // in the order of kiosk.toml
  CHECK(config.broken[0].title == "Ride");
  CHECK(config.broken[0].why.find("the exercise \"ride\" cannot be used") != std::string::npos);
  CHECK(all_text(config).find("the driver \"bike\" is not installed") != std::string::npos);
  CHECK(folder.read(kCurlStation) == before);
}

TEST_CASE("a parameter of a type from a later version is told and not guessed") {
  Folder folder;
  write_good_files(folder);
  params::PluginSpecs later = modules();
  later[0].params[1].type = 99;
  const Config config = load(folder.path(), later, drivers());
  CHECK(station_ids(config) == kRide);
  CHECK(all_text(config).find("is of a type that this version does not know") != std::string::npos);
}
