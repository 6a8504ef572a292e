// What is changed at the kiosk lies in files of its own over the administrator's, is judged by the same rules, and can be taken back.
#include "config/edits.hpp"

#include <patella/plugin.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "config/test_specs.hpp"
#include "config/toml.hpp"
#include "support/catch.hpp"
#include "support/plain_rights.hpp"

using namespace patella;
using namespace patella::config;
using namespace patella::config::test;

namespace fs = std::filesystem;

namespace {

const Editor kBerg{"0190-berg", "M. Berg", {1'795'000'000'000'000, 60}},
    kKern{"0190-kern", "A. Kern \"K\"", {1'795'000'600'000'000, -90}};

Editor at_minute(int minute) {
  Editor by = kBerg;
  by.at.utc_us += int64_t{minute} * 60'000'000;
  return by;
}

params::Values number(const std::string& key, double value) { return {{key, -1, value, std::nullopt}}; }
params::Values text(const std::string& key, const std::string& value) { return {{key, -1, 0, value}}; }

/// A configuration with a plain text among the parameters, and a state folder.
struct Place {
  Place() {
    write_good_files(folder);
    params::Spec note;
    note.type = PATELLA_PARAM_TEXT;
    note.key = "note";
    note.max = 40;
    modules[0].params.push_back(note);
    before = administrators();
  }
  ~Place() { CHECK(administrators() == before); }  // never written, whatever happens
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::map<std::string, std::string> administrators() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      if (entry.is_regular_file()) files[entry.path().string()] = folder.read(fs::relative(entry.path(), folder.path()).string());
    return files;
  }
  void write(const std::string& name, const std::string& content) {
    folder.write(name, content);
    before = administrators();
  }
  EditTarget target() const { return {folder.path(), state.path(), modules, drivers}; }
  Config load() const { return config::load(folder.path(), modules, drivers, state.path()); }
  Result<SavedEdits> save(const ParamEdit& edit, const Editor& by = kBerg) const { return save_edits(target(), {&edit, 1}, by); }
  Result<SavedEdits> undo(const std::string& station, int revision) const {
    return undo_edits(target(), station, revision, kKern);
  }
  Station station(const std::string& id) const {
    for (Station& one : load().stations)
      if (one.id == id) return std::move(one);
    throw std::runtime_error("no such station");
  }
  double value(const std::string& key) const { return number_of(station("curl").exercise.params, key); }
  double zero_n() const { return number_of(station("curl").bindings.at(0).driver_params, "zero_n"); }
  std::string told() const { return all_text(load()); }
  bool has(const std::string& name) const { return fs::exists(state.path() / name); }

  Folder folder, state;
  params::PluginSpecs modules = test::modules(), drivers = test::drivers();
  std::map<std::string, std::string> before;
};

std::string error_of(const Result<SavedEdits>& result) { return result ? "" : result.error().text(); }

void replace_in(const Folder& folder, const std::string& name, const std::string& from, const std::string& to) {
  std::string content = folder.read(name);
  const std::size_t at = content.find(from);
  REQUIRE(at != std::string::npos);
  folder.write(name, content.replace(at, from.size(), to));
}

constexpr const char* kFile = "edits/stations/curl.toml";

}  // namespace

TEST_CASE("every type of parameter is edited, read back the same, and taken back") {
  Place place;
  const ParamEdit edits[] = {{"curl", "", "", "reps", number("reps", 17)},
                             {"curl", "", "", "force_low_n", number("force_low_n", 12.345678901234567)},
                             {"curl", "", "", "rest_s", number("rest_s", 0.1)},
                             {"curl", "", "", "hold_s", number("hold_s", 4)},
                             {"curl", "", "", "sides", number("sides", 2)},
                             {"curl", "", "", "beep", number("beep", 0)},
                             {"curl", "", "", "note", text("note", "it's \"é\" \\ # [x] = 'y'")},
                             {"curl", "force", "gauge", "zero_n", number("zero_n", -2.5)},
                             {"ride", "", "", "phases",
                              params::Values{{"phases.name", 0, 0, "A \"1\""},
                                             {"phases.duration_s", 0, 7.5, {}},
                                             {"phases.cadence_low_rpm", 0, 50, {}},
                                             {"phases.cadence_high_rpm", 0, 51, {}},
                                             {"phases.name", 1, 0, ""},
                                             {"phases.duration_s", 1, 3600, {}},
                                             {"phases.cadence_low_rpm", 1, 0, {}},
                                             {"phases.cadence_high_rpm", 1, 1e-3, {}}}}};
  for (const ParamEdit& edit : edits) {
    INFO(edit.key);
    const auto in_force = [&] {
      const Station station = place.station(edit.station);
      params::Values values;
      for (const params::Value& value : edit.channel.empty() ? station.exercise.params : station.bindings.at(0).driver_params)
        if (value.key == edit.key || value.key.starts_with(edit.key + ".")) values.push_back(value);
      return values;
    };
    const params::Values administrators = in_force();
    REQUIRE(administrators != *edit.values);
    const auto saved = place.save(edit);
    INFO(error_of(saved));
    REQUIRE(saved.ok());
    CHECK(saved->stations == std::vector<std::string>{edit.station});
    CHECK(saved->exercise == edit.channel.empty());
    CHECK(saved->drivers != edit.channel.empty());
    CHECK(in_force() == *edit.values);
    CHECK(all_text(saved->config) == place.told());
    REQUIRE(place.save({edit.station, edit.channel, edit.driver, edit.key, std::nullopt}).ok());
    CHECK(in_force() == administrators);
    REQUIRE(place.undo(edit.station, static_cast<int>(edit_revisions(place.state.path(), edit.station).size()) - 1).ok());
    CHECK(in_force() == *edit.values);
  }
  CHECK(place.load().edits.size() == 9);
}

TEST_CASE("who changed what and when is told, with the administrator's value, and when that changed since") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  REQUIRE(place.save({"curl", "", "", "sides", number("sides", 2)}, kKern).ok());
  Config config = place.load();
  CHECK(all_text(config) == "");
  REQUIRE(config.edits.size() == 2);
  const EditInForce& reps = config.edits[0];
  CHECK((reps.station == "curl" && reps.where == "params.reps" && reps.administrators == "8" && reps.edited == "10" &&
         reps.administrators_then == "8" && reps.revision == 2));
  CHECK((reps.by.id == kBerg.id && reps.by.name == "M. Berg" && reps.by.at.utc_us == kBerg.at.utc_us &&
         reps.by.at.zone_offset_min == 60));
  const EditInForce& sides = config.edits[1];
  CHECK((sides.administrators == "\"left_first\"" && sides.edited == "\"right_first\"" && sides.by.name == kKern.name));
  CHECK((sides.by.at.utc_us == kKern.at.utc_us && sides.by.at.zone_offset_min == -90));
  CHECK(place.station("curl").json.find(R"("reps":10)") != std::string::npos);

  place.write("stations/curl.toml", [&] {
    std::string file = place.folder.read("stations/curl.toml");
    return file.replace(file.find("reps = 8"), 8, "reps = 9");
  }());
  config = place.load();
  CHECK(all_text(config) == "");
  CHECK(place.value("reps") == 10);
  CHECK(config.edits.at(0).administrators == "9");
  CHECK(config.edits.at(0).administrators_then == "8");
}

TEST_CASE("what is so already makes no revision, and the file is the kiosk's alone") {
  Place place;
  const auto saved = place.save({"curl", "", "", "reps", number("reps", 8)});
  REQUIRE(saved.ok());
  CHECK(saved->stations == std::vector<std::string>{"curl"});
  CHECK_FALSE(saved->exercise);
  CHECK_FALSE(place.has("edits"));
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  const std::string file = place.state.read(kFile);
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}, kKern).ok());
  CHECK(place.state.read(kFile) == file);
  CHECK(fs::status(place.state.path() / kFile).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(fs::status(place.state.path() / "edits/stations").permissions() == fs::perms::owner_all);
  CHECK_FALSE(place.has("edits/stations/curl"));

  const ParamEdit twice[] = {{"curl", "", "", "reps", number("reps", 11)}, {"curl", "", "", "reps", number("reps", 12)}};
  REQUIRE(save_edits(place.target(), twice, kBerg).ok());
  CHECK(place.value("reps") == 12);
  CHECK(place.state.read("edits/stations/curl/1.toml") == file);  // the previous one is kept
}

TEST_CASE("an edit is judged as the administrator's file is, and nothing is saved when it is wrong") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  const std::string file = place.state.read(kFile);
  struct Case {
    ParamEdit edit;
    const char* told;
  };
  const params::Values no_row, row{{"phases.name", 0, 0, "x"}, {"phases.duration_s", 0, 1, {}}};
  const Case cases[] = {
      {{"curl", "", "", "reps", number("reps", 400)},
       "params.reps: 400 is above the largest value 100. Use a number from 1 to 100"},
      {{"curl", "", "", "reps", number("reps", 2.5)}, "params.reps: is the number 2.5, not a whole number"},
      {{"curl", "", "", "rest_s", number("rest_s", std::nan(""))},
       "params.rest_s: is not a finite number. Use a number from 0 to 600"},
      {{"curl", "", "", "sides", number("sides", 3)}, "params.sides: is the number 3, not the name of a choice. Write one of"},
      {{"curl", "", "", "beep", number("beep", 2)}, "params.beep: is the number 2, not true or false"},
      {{"curl", "", "", "note", text("note", "a\nb")}, "params.note: has a control character"},
      {{"curl", "", "", "note", text("note", std::string(41, 'x'))}, "params.note: has 41 characters, more than 40"},
      {{"curl", "", "", "note", text("note", "\xFF")}, "could not be written so that it reads the same"},
      {{"curl", "", "", "force_low_n", number("force_low_n", 90)},
       "params.force_low_n: force_low_n = 90 is not below force_high_n = 80"},
      {{"curl", "force", "gauge", "zero_n", number("zero_n", 51)}, "bind[force].params.zero_n: 51 is above the largest value 50"},
      {{"ride", "", "", "phases", no_row}, "params.phases: has 0 rows. Give 1 to 3 rows"},
      {{"ride", "", "", "phases", row}, "params.phases[1].duration_s: 1 is below the smallest value 5"},
      {{"curl", "", "", "repz", number("repz", 5)}, "\"band_reps\" has no parameter \"repz\". Did you mean \"reps\"?"},
      {{"curl", "cadence", "gauge", "zero_n", number("zero_n", 5)},
       "the station \"curl\" binds nothing to \"cadence\", not \"gauge\""},
      {{"curl", "force", "bike", "wheel_mm", number("wheel_mm", 600)},
       "binds \"gauge\" to \"force\", not \"bike\". Start the kiosk again"},
      {{"cur", "", "", "reps", number("reps", 5)}, "there is no station \"cur\". Did you mean \"curl\"?"},
      {{"../curl", "", "", "reps", number("reps", 5)}, "there is no station"}};
  for (const Case& c : cases) {
    const std::string told = error_of(place.save(c.edit));
    INFO(c.edit.key << ": " << told);
    CHECK(told.find(c.told) != std::string::npos);
    CHECK(place.state.read(kFile) == file);
    CHECK_FALSE(place.has("edits/stations/ride.toml"));
  }
  CHECK(place.told() == "");
}

TEST_CASE("a wrong file is told with line, key and remedy, and the newest revision that is right is in force") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 11)}).ok());
  const std::string good = place.state.read(kFile);
  struct Case {
    const char *name, *from, *to, *told;
  };
  const Case cases[] = {
      {"out of range", "value = 11", "value = 400",
       "edits/stations/curl.toml:15: params.reps: 400 is above the largest value 100. Use a number from 1 to 100."},
      {"another type", "value = 11", "value = \"11\"",
       "params.reps: is the text \"11\", not a whole number. Write 11 without quotes"},
      {"nobody", "by = '0190-berg'\n", "", "edits/stations/curl.toml:1: by: is missing. Add by ="},
      {"no time", "at = 2026", "at = 7 # 2026", "at: is the number 7, not a time with its zone. Write it as"},
      {"a time without its zone", "+01:00", "", "at: is a date or time, not a time with its zone"},
      {"another station's", "station = 'curl'", "station = 'ride'", "id: \"ride\" differs from the file's name \"curl\""},
      {"no revision", "revision = 2", "revision = 0", "revision: 0 is below the smallest value 1"},
      {"no value", "value = 11", "", "edit[1].value: is missing"},
      {"twice", "[[edit]]\n", "[[edit]]\nat = 2026-11-18T12:00:00Z\nby = 'x'\nby_name = 'x'\nkey = 'reps'\nvalue = 3\n[[edit]]\n",
       "edit[2].key: params.reps is given twice. Keep one of the two"},
      {"a driver of no channel", "key = 'reps'", "key = 'reps'\ndriver = 'gauge'", "edit[1].channel: is missing"},
      {"torn", "by_name = 'M. Berg'\nkey", "by_name = 'M. B", "is not valid TOML at column"},
      {"cut off", "# End of the edits", "",
       "edits/stations/curl.toml: was cut off: its last line is missing. Put a revision in force"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    place.state.write(kFile, good);
    replace_in(place.state, kFile, c.from, c.to);
    const std::string told = place.told();
    INFO(place.state.read(kFile) << told);
    CHECK(told.find(c.told) != std::string::npos);
    CHECK(told.find("edits/stations/curl.toml: is not used; \"curl\" has its revision 1. `patella edits curl` lists") !=
          std::string::npos);
    CHECK(place.value("reps") == 10);
  }
  // A file that is cut anywhere is the same, or is told; the station is there in any case.
  for (std::size_t size = 0; size < good.size(); ++size) {
    place.state.write(kFile, good.substr(0, size));
    const Config config = place.load();
    INFO(size << ' ' << all_text(config));
    CHECK(station_ids(config) == std::vector<std::string>{"ride", "curl"});
    const bool told = !config.diagnostics.empty();
    CHECK(place.value("reps") == (told ? 10 : 11));
    if (size + 2 < good.size()) CHECK(told);
  }
  place.state.write("edits/stations/curl/1.toml", "also = wrong");
  place.state.write(kFile, "is wrong");
  CHECK(place.told().find("is not used; \"curl\" is as the administrator's file says") != std::string::npos);
  CHECK(place.value("reps") == 8);
}

TEST_CASE("a wrong file is mended by the next change or an undo, and kept") {
  Place place;
  for (const int reps : {10, 11}) REQUIRE(place.save({"curl", "", "", "reps", number("reps", reps)}).ok());
  place.state.write(kFile, "is wrong");
  SECTION("the next change goes on from what is in force") {
    REQUIRE(place.save({"curl", "", "", "sides", number("sides", 0)}).ok());
    CHECK(place.value("reps") == 10);
    CHECK(place.value("sides") == 0);
  }
  SECTION("the same value again mends it too") {
    REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
    CHECK(place.value("reps") == 10);
  }
  SECTION("the revision that is in force already") {
    const auto undone = place.undo("curl", 1);
    REQUIRE(undone.ok());
    CHECK(undone->changed == std::vector<std::string>{"curl"});
    CHECK(place.value("reps") == 10);
  }
  CHECK(place.told() == "");
  CHECK(place.state.read("edits/stations/curl/2.toml") == "is wrong");
  const auto list = edit_revisions(place.state.path(), "curl");
  REQUIRE(list.size() == 3);
  CHECK(list[1].damaged.find("edits/stations/curl/2.toml:1: is not valid TOML") == 0);
  CHECK(list[2].number == 3);
  CHECK(list[2].in_force);
  CHECK(error_of(place.undo("curl", 2)).find("is not valid TOML") != std::string::npos);
}

TEST_CASE("keys that a later version may know are kept and named") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  replace_in(place.state, kFile, "[[edit]]\n", "[[edit]]\nreason = 'knee'\n");
  replace_in(place.state, kFile, "revision = 1\n", "revision = 1\nsite = 7\n");
  const std::string told = place.told();
  INFO(told);
  CHECK(told.find("edits/stations/curl.toml:7: site: is not a key that is known here; it is kept and not used") !=
        std::string::npos);
  CHECK(told.find("edit[1].reason: is not a key that is known here") != std::string::npos);
  CHECK(place.value("reps") == 10);
  REQUIRE(place.save({"curl", "", "", "sides", number("sides", 0)}).ok());
  CHECK(place.state.read(kFile).find("site = 7") != std::string::npos);
  CHECK(place.state.read(kFile).find("reason = 'knee'") != std::string::npos);
}

TEST_CASE("an edit outlives the parameter, the binding, the station and the plugin that it is of") {
  Place place;
  REQUIRE(place.save({"curl", "force", "gauge", "zero_n", number("zero_n", 3)}).ok());
  REQUIRE(place.save({"curl", "", "", "note", text("note", "kept")}).ok());
  const std::string file = place.state.read(kFile), station = place.folder.read("stations/curl.toml");

  place.write("stations/curl.toml", [&] {
    std::string other = station;
    return other.replace(other.find("serial = \"A1\""), 13, "device_channel = \"pull\"");
  }());
  CHECK(place.told() == "");
  CHECK(place.zero_n() == 3);  // another one of the same kind

  params::Spec zero = place.drivers[1].params[0];
  place.drivers[0].params.push_back(zero);
  place.drivers[0].channels.push_back(place.drivers[1].channels[0]);
  place.write("stations/curl.toml", [&] {
    std::string other = station;
    return other.replace(other.find("driver = \"gauge\""), 16, "driver = \"bike\"");
  }());
  CHECK(place.told().find(
            "bind[force].params.zero_n: stations/curl.toml binds the driver \"gauge\" to \"force\" no more; it is kept") !=
        std::string::npos);
  CHECK(place.zero_n() == 0);  // another driver's number is none of this one's
  CHECK(place.load().edits.size() == 1);

  place.write("stations/curl.toml", station);
  place.modules[0].params.pop_back();
  CHECK(place.told().find("params.note: is not a parameter of this plugin; it is kept and not used") != std::string::npos);
  CHECK(place.zero_n() == 3);
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  CHECK(place.state.read(kFile).find("value = 'kept'") != std::string::npos);

  fs::remove(place.folder.path() / "stations/curl.toml");
  place.write("kiosk.toml", "stations = [\"ride\"]\n");
  CHECK(place.told() ==
        "edits/stations/curl.toml: there is no station \"curl\" any more; its edits are kept and not used. Put "
        "stations/curl.toml back, or move the file of edits and its folder away.\n");
  CHECK(place.has(kFile));
}

TEST_CASE("a secret is laid over and shown nowhere but in its file") {
  Place place;
  REQUIRE(place.save({"curl", "force", "gauge", "access_key", text("access_key", "not for all")}).ok());
  const Config config = place.load();
  CHECK(place.station("curl").bindings.at(0).driver_params.back() == params::Value{"access_key", -1, 0, "not for all"});
  REQUIRE(config.edits.size() == 1);
  CHECK(config.edits[0].edited == "\"(set)\"");
  CHECK(edit_revisions(place.state.path(), "curl").at(0).changes.at(0).after == "\"(set)\"");
}

TEST_CASE("every revision can be had again, and none is lost") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());               // 1
  REQUIRE(place.save({"curl", "force", "gauge", "zero_n", number("zero_n", 3)}).ok());  // 2
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 12)}).ok());               // 3
  REQUIRE(place.save({"curl", "", "", "reps", std::nullopt}).ok());                     // 4
  std::map<int, std::string> files;
  for (int n = 1; n <= 3; ++n) files[n] = place.state.read("edits/stations/curl/" + std::to_string(n) + ".toml");
  struct Step {
    int to;
    double reps, zero_n;
  };
  int made = 4;
  for (const Step& step : {Step{1, 10, 0}, {2, 10, 3}, {3, 12, 3}, {4, 8, 3}, {0, 8, 0}, {3, 12, 3}, {6, 10, 3}}) {
    INFO(step.to);
    const auto undone = place.undo("curl", step.to);
    INFO(error_of(undone));
    REQUIRE(undone.ok());
    CHECK(place.value("reps") == step.reps);
    CHECK(place.zero_n() == step.zero_n);
    CHECK(place.told() == "");
    const auto list = edit_revisions(place.state.path(), "curl");
    REQUIRE(static_cast<int>(list.size()) == ++made);
    CHECK((list.back().number == made && list.back().in_force && list.back().undo_of == step.to &&
           list.back().by.name == kKern.name));
  }
  for (const auto& [n, text] : files) CHECK(place.state.read("edits/stations/curl/" + std::to_string(n) + ".toml") == text);
  const auto list = edit_revisions(place.state.path(), "curl");
  CHECK((list[0].changes.at(0).where == "params.reps" && list[0].changes[0].before.empty() && list[0].changes[0].after == "10"));
  CHECK((list[2].changes.at(0).before == "10" && list[2].changes[0].after == "12" && list[2].by.name == "M. Berg"));
  CHECK((list[3].changes.at(0).before == "12" && list[3].changes[0].after.empty()));
  CHECK(error_of(place.undo("curl", 99)).find("there is no revision 99 of the edits of \"curl\"") != std::string::npos);
  CHECK(error_of(place.undo("ride", 1)).find("there is no revision 1 of the edits of \"ride\"") != std::string::npos);
  const auto stations = edited_stations(place.state.path());
  REQUIRE(stations.ok());
  CHECK(*stations == std::vector<std::string>{"curl"});
  const auto again = place.undo("curl", made);
  REQUIRE(again.ok());
  CHECK(again->changed.empty());
  CHECK(static_cast<int>(edit_revisions(place.state.path(), "curl").size()) == made);  // is so already
  // Who set a value first has set it, and who took it back is who did.
  const Config config = place.load();
  REQUIRE(config.edits.size() == 2);
  CHECK(config.edits[0].by.name == kKern.name);
}

TEST_CASE("an undo that would be wrong by now is refused") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "force_high_n", number("force_high_n", 900)}).ok());
  REQUIRE(place.save({"curl", "", "", "force_high_n", std::nullopt}).ok());
  place.modules[0].params[6].max = 500;
  CHECK(error_of(place.undo("curl", 1)) == "params.force_high_n: 900 is above the largest value 500. Use a number from 0 to 500");
  CHECK(place.told() == "");
}

TEST_CASE("what a save that was cut off left behind goes with the next") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  const std::string left = std::string(kFile) + ".0123456789abcdef.new", other = "edits/stations/curly.toml.0123456789abcdef.new";
  for (const std::string& name : {left, other}) place.state.write(name, "half");
  CHECK(place.told() == "");
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 11)}).ok());
  CHECK_FALSE(place.has(left));
  CHECK(place.has(other));
}

TEST_CASE("two revisions with one number are both kept") {
  Place place;
  for (const int reps : {10, 11, 12}) REQUIRE(place.save({"curl", "", "", "reps", number("reps", reps)}).ok());
  const std::string first = place.state.read("edits/stations/curl/1.toml"),
                    second = place.state.read("edits/stations/curl/2.toml");
  std::string other = first;
  other.replace(other.find("value = 10"), 10, "value = 30");
  place.state.write(kFile, other);  // somebody copied a first revision of elsewhere over it
  CHECK(place.value("reps") == 30);
  CHECK(edit_revisions(place.state.path(), "curl").size() == 3);
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 13)}).ok());
  CHECK(place.state.read("edits/stations/curl/1.toml") == first);
  CHECK(place.state.read("edits/stations/curl/2.toml") == second);
  CHECK(place.state.read("edits/stations/curl/3.toml") == other);
  const auto list = edit_revisions(place.state.path(), "curl");
  REQUIRE(list.size() == 4);
  CHECK(list.back().number == 4);
  REQUIRE(place.undo("curl", 3).ok());
  CHECK(place.value("reps") == 30);
}

TEST_CASE("a file in force that is gone, a folder, a link or a pipe is told, and nobody waits for it") {
  Place place;
  for (const int reps : {10, 11}) REQUIRE(place.save({"curl", "", "", "reps", number("reps", reps)}).ok());
  const fs::path file = place.state.path() / kFile;
  const std::string good = place.state.read(kFile);
  fs::remove(file);
  std::string told;
  SECTION("gone") { told = "is missing, and its earlier revisions are there"; }
  SECTION("a folder") {
    fs::create_directory(file);
    told = "is a folder, not a file";
  }
  SECTION("a link") {
    place.state.write("elsewhere.toml", good);
    fs::create_symlink("../../elsewhere.toml", file);
    told = "is a link, and not a file of the kiosk's own";
  }
  SECTION("a link to nothing") {
    fs::create_symlink("nowhere", file);
    told = "is a link";
  }
  SECTION("a pipe") {
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    told = "is not a plain file";
  }
  INFO(place.told());
  CHECK(place.told().find("edits/stations/curl.toml: " + told) != std::string::npos);
  CHECK(place.value("reps") == 10);
  const bool there = fs::exists(fs::symlink_status(file));
  const std::string refused = error_of(place.save({"curl", "", "", "reps", number("reps", 12)}));
  if (there) {
    CHECK(refused.find("is no plain file of the kiosk's own. Move it away") != std::string::npos);
    CHECK(place.value("reps") == 10);
    fs::remove_all(file);
    CHECK(place.undo("curl", 1).ok());
  }
  CHECK(place.told() == "");
  CHECK(place.value("reps") == (there ? 10 : 12));
}

namespace {

/// Two stations with one gauge, and an edit for it.
struct Shared : Place {
  Shared() {
    write("exercises/pull.toml", "id = \"pull\"\nname = \"Pull\"\nmodule = \"band_reps\"\nsteps = [\"Pull.\"]\n");
    write("stations/pull.toml",
          "id = \"pull\"\ntitle = \"Pull\"\nexercise = \"pull\"\n[[bind]]\nchannel = \"force\"\ndriver = \"gauge\"\nserial = "
          "\"A1\"\n");
  }
  std::vector<double> zeros() const { return {zero_n(), number_of(station("pull").bindings.at(0).driver_params, "zero_n")}; }
  Result<SavedEdits> set(double zero, int minute = 0) const {
    return save({"curl", "force", "gauge", "zero_n", number("zero_n", zero)}, at_minute(minute));
  }
  void remove_edits(const std::string& id) const {
    fs::remove(state.path() / ("edits/stations/" + id + ".toml"));
    fs::remove_all(state.path() / "edits/stations" / id);
  }
};
using Zeros = std::vector<double>;

/// A disk that takes no file above so many bytes, for everybody, root too.
class LargestFile {
 public:
  explicit LargestFile(rlim_t bytes) : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~LargestFile() {
    setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_);
  }
  LargestFile(const LargestFile&) = delete;
  LargestFile& operator=(const LargestFile&) = delete;

 private:
  void (*signal_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("a device that two stations share is changed and taken back in both") {
  Shared place;
  const auto saved = place.set(3);
  REQUIRE(saved.ok());
  CHECK(saved->stations == std::vector<std::string>{"curl", "pull"});
  CHECK(place.zeros() == Zeros{3, 3});
  REQUIRE(place.set(4).ok());
  REQUIRE(place.undo("pull", 1).ok());
  CHECK(place.zeros() == Zeros{3, 3});
  REQUIRE(place.undo("curl", 0).ok());
  CHECK(place.zeros() == Zeros{0, 0});
  CHECK(place.told() == "");
}

TEST_CASE("a device that feeds two channels of two stations is changed and taken back in all four") {
  Place place;
  const std::string binds =
      "[[bind]]\nchannel = \"cadence\"\ndriver = \"bike\"\n[[bind]]\nchannel = \"power\"\ndriver = \"bike\"\n";
  for (const char* id : {"ride", "spin"})
    place.write(std::string("stations/") + id + ".toml",
                std::string("id = \"") + id + "\"\ntitle = \"Ride\"\nexercise = \"ride\"\n" + binds);
  const auto all = [&](double wheel_mm) {
    for (const char* id : {"ride", "spin"})
      for (const Binding& binding : place.station(id).bindings)
        if (number_of(binding.driver_params, "wheel_mm") != wheel_mm) return false;
    return place.told().empty();
  };
  for (const double wheel_mm : {600.0, 700.0}) {
    REQUIRE(place.save({"spin", "power", "bike", "wheel_mm", number("wheel_mm", wheel_mm)}).ok());
    CHECK(all(wheel_mm));
  }
  for (const auto& [revision, wheel_mm] : {std::pair{1, 600.0}, {0, 2096.0}, {2, 700.0}}) {
    const auto undone = place.undo("ride", revision);
    INFO(error_of(undone));
    CHECK(undone.ok());
    CHECK(all(wheel_mm));
  }
}

TEST_CASE("an undo saves the station it is of first: its exercise is set in no other file") {
  Shared place;
  for (const double zero : {3.0, 4.0}) REQUIRE(place.set(zero).ok());
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  REQUIRE(watch >= 0);
  REQUIRE(inotify_add_watch(watch, (place.state.path() / "edits/stations").c_str(), IN_MOVED_TO) >= 0);
  const auto saved_in_order = [&] {
    alignas(inotify_event) char block[4096];
    const ssize_t got = ::read(watch, block, sizeof block);
    std::vector<std::string> names;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(block + at);
      names.emplace_back(event->name);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return names;
  };
  REQUIRE(place.undo("pull", 1).ok());
  CHECK(saved_in_order() == std::vector<std::string>{"pull.toml", "curl.toml"});
  REQUIRE(place.undo("curl", 0).ok());
  CHECK(saved_in_order() == std::vector<std::string>{"curl.toml", "pull.toml"});
  ::close(watch);
}

TEST_CASE("power that goes between two files leaves both stations alike, as it was set last, and that is told") {
  Shared place;
  const std::string curl = kFile, pull = "edits/stations/pull.toml";
  std::string later = "curl", earlier = "pull";
  SECTION("the second file is missing its new revision") {
    REQUIRE(place.set(3, 1).ok());
    REQUIRE(place.set(4, 2).ok());
    const bool first = GENERATE(true, false);
    if (first) std::swap(later, earlier);
    const std::string file = "edits/stations/" + earlier;
    place.state.write(file + ".toml", place.state.read(file + "/1.toml"));
    CHECK(place.zeros() == Zeros{4, 4});
    CHECK(place.told().find(file + ".toml: the same device was set later in \"" + later + "\", and that is in force in both") !=
          std::string::npos);
  }
  SECTION("the second file never was") {
    REQUIRE(place.set(3, 1).ok());
    place.remove_edits(GENERATE("curl", "pull"));
    CHECK(place.zeros() == Zeros{3, 3});
    CHECK(place.told() == "");
  }
  SECTION("the edit was taken back") {
    REQUIRE(place.set(3, 1).ok());
    const std::string before = place.state.read(pull);
    REQUIRE(place.undo("curl", 0).ok());
    place.state.write(pull, before);
    CHECK(place.zeros() == Zeros{0, 0});
    CHECK(place.told().find("the same device was set later in \"curl\"") != std::string::npos);
  }
  REQUIRE(place.set(5, 20).ok());
  CHECK(place.zeros() == Zeros{5, 5});
  CHECK(place.told() == "");
}

TEST_CASE("a station that is added has what was set of its device at the kiosk, wherever its name stands in the list") {
  Shared place;
  REQUIRE(place.set(3, 1).ok());
  const std::string id = GENERATE("a_third", "z_third"), params = GENERATE("", "params = { zero_n = 7 }\n");
  INFO(id << " " << params);
  place.write("stations/" + id + ".toml",
              "id = \"" + id +
                  "\"\ntitle = \"Third\"\nexercise = \"pull\"\n[[bind]]\nchannel = \"force\"\ndriver = \"gauge\"\nserial "
                  "= \"A1\"\n" +
                  params);
  CHECK(place.zeros() == Zeros{3, 3});
  CHECK(number_of(place.station(id).bindings.at(0).driver_params, "zero_n") == 3);
  CHECK(place.told() == "");
  const Config config = place.load();
  const auto edit = std::find_if(config.edits.begin(), config.edits.end(), [&](const EditInForce& e) { return e.station == id; });
  REQUIRE(edit != config.edits.end());
  CHECK((edit->from == "curl" && edit->revision == 1 && edit->administrators == (params.empty() ? "0" : "7")));
  // An edit of another of its drivers or of its exercise says nothing of this one.
  REQUIRE(place.save({id, "", "", "reps", number("reps", 9)}, at_minute(2)).ok());
  CHECK(place.zeros() == Zeros{3, 3});
  // It is one of them from now on.
  REQUIRE(place.save({id, "force", "gauge", "zero_n", number("zero_n", 5)}, at_minute(3)).ok());
  CHECK(place.zeros() == Zeros{5, 5});
  CHECK(place.told() == "");
  if (params.empty()) {
    REQUIRE(place.undo("curl", 0).ok());
    CHECK(place.zeros() == Zeros{0, 0});
    CHECK(number_of(place.station(id).bindings.at(0).driver_params, "zero_n") == 0);
  } else {  // without the edits the administrator's files contradict each other
    CHECK(error_of(place.undo("curl", 0)).find("the device \"gauge\" is set otherwise in the station") != std::string::npos);
    CHECK(place.zeros() == Zeros{5, 5});
  }
}

TEST_CASE("a station that could not be used while its device was set has what was set when it can be used again") {
  Shared place;
  REQUIRE(place.set(3, 1).ok());
  const std::string name = GENERATE("stations/curl.toml", "stations/pull.toml");
  const bool is_curl = name == "stations/curl.toml";
  const std::string good = place.folder.read(name), other = is_curl ? "pull" : "curl";
  place.write(name, "id = \"curl\"\nwrong");
  double zero = 4;
  SECTION("set") { REQUIRE(place.save({other, "force", "gauge", "zero_n", number("zero_n", zero)}, at_minute(2)).ok()); }
  SECTION("taken back") {
    REQUIRE(place.undo(other, 0).ok());
    zero = 0;
  }
  place.write(name, good);
  CHECK(place.zeros() == Zeros{zero, zero});
}

TEST_CASE("a file of edits from before they said when a driver was set goes by the time of its edits") {
  Shared place;
  REQUIRE(place.set(3, 1).ok());
  for (const char* name : {kFile, "edits/stations/pull.toml"}) {
    std::string text = place.state.read(name);
    const std::size_t from = text.find("[drivers_at]");
    REQUIRE(from != std::string::npos);
    text.erase(from, text.find('\n', text.find("force", from)) - from + 1);
    if (name == std::string(kFile)) text.replace(text.find("value = 3"), 9, "value = 9");
    place.state.write(name, text);
  }
  CHECK(place.zeros() == Zeros{9, 9});  // of the same time: the first
  replace_in(place.state, "edits/stations/pull.toml", "at = 2026", "at = 2027");
  replace_in(place.state, "edits/stations/pull.toml", "at = 2026", "at = 2027");
  CHECK(place.zeros() == Zeros{3, 3});
}

TEST_CASE("a disk that is full or may not be written leaves everything as it was") {
  Shared place;
  REQUIRE(place.set(3).ok());
  const auto files = [&] {
    std::map<std::string, std::string> all;
    for (const char* name : {"curl", "pull"}) all[name] = place.state.read(std::string("edits/stations/") + name + ".toml");
    return all;
  };
  const auto before = files();
  const auto full = [&](std::size_t bytes) {
    const LargestFile limit(bytes);
    return error_of(place.set(4));
  };
  CHECK(full(10).find("cannot be written: File too large") != std::string::npos);
  CHECK(files() == before);
  CHECK(place.told() == "");

  const fs::path folder = place.state.path() / "edits/stations";
  const auto read_only = [&](const fs::path& path) {
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_exec);
    const std::string told = [&] {
      const PlainRights plain;
      return error_of(place.set(4));
    }();
    fs::permissions(path, fs::perms::owner_all);
    return told;
  };
  const std::string refused = read_only(folder);
  CHECK(refused.find("curl.toml: cannot be made: Permission denied. Make the folder writable") != std::string::npos);
  CHECK(files() == before);
  CHECK(place.zeros() == Zeros{3, 3});
  REQUIRE(place.set(4).ok());
  CHECK(place.zeros() == Zeros{4, 4});
}

TEST_CASE("when the second file cannot be saved the first is as before") {
  Shared place;
  REQUIRE(place.set(3).ok());
  // Longer by what the one station says more of itself: its file is too large for this disk, the other's is not.
  REQUIRE(place.save({"pull", "", "", "note", text("note", std::string(40, 'x'))}).ok());
  const auto size = [&](const char* name) { return place.state.read(name).size(); };
  const std::size_t room = (size("edits/stations/pull.toml") + size(kFile)) / 2;
  REQUIRE(size(kFile) + 20 < room);
  const std::string pull = place.state.read("edits/stations/pull.toml"), curl = place.state.read(kFile);
  const std::string told = [&] {
    const LargestFile limit(room);
    return error_of(place.set(4));
  }();
  CHECK(told.find("pull.toml: cannot be written: File too large") != std::string::npos);
  for (const auto& entry : fs::directory_iterator(place.state.path() / "edits/stations"))
    CHECK_FALSE(entry.path().string().ends_with(".new"));
  CHECK(place.state.read("edits/stations/pull.toml") == pull);
  CHECK(place.state.read(kFile) == curl);
  CHECK(edit_revisions(place.state.path(), "curl").size() == 1);
  CHECK(place.zeros() == Zeros{3, 3});
  REQUIRE(place.undo("pull", 0).ok());
  CHECK(place.zeros() == Zeros{0, 0});
  CHECK(edit_revisions(place.state.path(), "curl").size() == 2);
}

TEST_CASE("without a state folder, or with one that cannot be looked into, the stations are as the administrator says") {
  Place place;
  REQUIRE(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  CHECK(all_text(config::load(place.folder.path(), place.modules, place.drivers)) == "");
  CHECK(all_text(config::load(place.folder.path(), place.modules, place.drivers, place.state.path() / "nowhere")) == "");
  fs::permissions(place.state.path(), fs::perms::none);
  bool listed = true;
  const std::string told = [&] {
    const PlainRights plain;
    listed = edited_stations(place.state.path()).ok();
    return place.told();
  }();
  fs::permissions(place.state.path(), fs::perms::owner_all);
  CHECK_FALSE(listed);
  CHECK(told.find("edits/stations: cannot be listed: Permission denied") != std::string::npos);
}

TEST_CASE("an edit of one station asks nothing of another that is broken") {
  Place place;
  place.write("stations/ride.toml", "id = \"ride\"\n");
  CHECK(place.save({"curl", "", "", "reps", number("reps", 10)}).ok());
  CHECK(error_of(place.save({"ride", "", "", "countdown_s", number("countdown_s", 4)}))
            .find("the station \"ride\" cannot be used: stations/ride.toml") == 0);
}
