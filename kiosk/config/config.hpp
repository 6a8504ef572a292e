// The configuration as plain values, loaded and checked: kiosk.toml, stations/, exercises/, figures/, clients.toml; and over the
// stations what was changed at the kiosk (config/edits.hpp).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/figure.hpp"
#include "base/result.hpp"
#include "params/spec.hpp"
#include "plan/exercise.hpp"

namespace patella::config {

/// One thing that is wrong or odd in a file. `error`: the entry is left out; `warning`: told, and used as it is.
struct Diagnostic {
  enum class Level { warning = 1, error = 2 } level = Level::error;
  std::string file;
  int line = 0;  ///< 1-based; 0 = the file as a whole
  std::string key;
  std::string what;
  std::string remedy;
  /// "stations/tke.toml:12: params.reps: 400 is above the largest value 100. Use a number from 1 to 100."
  std::string text() const;
};

/// One entry of the exercise library (config/exercises/*.toml).
struct Exercise {
  std::string id, name, module;  ///< module: plugin folder name
  std::string icon, figure;
  std::vector<std::string> steps, watch_for;
  plan::ExerciseTraits traits;
  params::Values params;  ///< complete, checked
};

struct Binding {
  std::string channel;           ///< the module's channel key
  std::string driver;            ///< plugin folder name
  std::string device_channel;    ///< the driver's channel key; the same as `channel` unless given
  std::string serial, port;      ///< "" = any
  params::Values driver_params;  ///< complete, checked
};

/// What a yes to a question does.
enum class OnYes {
  nothing = 1,  ///< it is recorded
  notice,       ///< and staff get a notice
  staff_start   ///< and the start needs a member of staff at this screen
};

struct Question {
  std::string id, text;
  OnYes on_yes = OnYes::notice;
};

/// What the station does by rule; every number the physio's.
struct StationRules {
  double lost_after_s = 1.0;                          ///< a channel silent this long is lost
  bool pause_on_loss = true;                          ///< a lost required channel pauses the exercise
  int pain_tell_staff_from = 5;                       ///< pain entered from this value on: the screen says "tell staff"
  double presence_ask_s = 0;                          ///< instead of the kiosk's; 0 = none of its own
  bool pain_blocks_start = false;                     ///< and the start needs a member of staff at this screen
  std::vector<std::pair<std::string, OnYes>> on_yes;  ///< of these questions otherwise than in kiosk.toml
};

/// What is opened once, however many stations and channels it feeds.
inline bool same_device(const Binding& a, const Binding& b) {
  return a.driver == b.driver && a.serial == b.serial && a.port == b.port;
}

/// One exercise at a place. A place that offers several is several of these, one after the other: id, title, rules are the same.
struct Station {
  std::string id, title, subtitle;  ///< of the place
  Exercise exercise;                ///< with the station's own numbers in force
  std::vector<Binding> bindings;
  StationRules rules;
  std::string set_by;          ///< who set the numbers, and when: shown to the client
  bool set_by_physio = false;  ///< only then the screens say so; without it they are the house's numbers
  std::string json;            ///< all of this as in force, canonical JSON: its revision
  std::string file;
};

/// Who changed something, and when.
struct Editor {
  std::string id, name;  ///< of a member of staff; the name as it was shown then
  WallTime at;
};

/// One parameter of a station that was changed at the kiosk and is in force. Values are as in Station::json.
struct EditInForce {
  std::string station;
  std::string where;           ///< "params.reps", "bind[cadence].params.speed_cadence"
  std::string administrators;  ///< what it would be without the edit
  std::string edited;
  std::string administrators_then;  ///< what it would have been when it was edited; "" = not known
  Editor by;
  int revision = 0;  ///< of the station's edits
  std::string from;  ///< the station whose edit it is, when that is another one, which binds the same device; else ""
};

struct Client {
  std::string ref, name;
};

struct Kiosk {
  std::string site_name = "Patella";
  std::string language = "en";
  bool fullscreen = true;
  double idle_home_s = 120;          ///< back to home after this long without a sign of a person, outside an exercise
  double presence_ask_s = 90;        ///< an exercise that waits for the client this long asks whether they are there
  double staff_wait_s = 900;         ///< a client who waits for staff to start is asked after this long
  double presence_countdown_s = 30;  ///< how long that question counts down before the session is closed
  double resume_hours = 4;  ///< a session that was cut off is offered to its client for so long, then closed as interrupted
  int calibration_remind_days = 0;  ///< staff are reminded of a calibration older than this; 0 = never
  double band_change_percent = 0;   ///< a band whose stiffness changed by more is told; 0 = never. The physio's number
  std::vector<std::string> pain_places;
  std::vector<Question> questions;          ///< the neutral question set
  std::vector<std::string> notify_command;  ///< run for each notice to staff, with the notice as JSON; empty = none
  double notify_timeout_s = 20;             ///< it is ended when it takes longer
};

struct Config {
  Kiosk kiosk;
  std::vector<Station> stations;  ///< in the order of kiosk.toml, then by file name; only those without an error
  struct BrokenStation {
    std::string id, title, why;
  };
  std::vector<BrokenStation> broken;  ///< shown on home, greyed, with the reason
  std::vector<Exercise> exercises;    ///< the library, by id; only those without an error
  std::vector<Client> clients;
  std::vector<std::shared_ptr<const Figure>> figures;
  std::vector<EditInForce> edits;
  std::vector<Diagnostic> diagnostics;
};

/// A place for this exercise alone, without any device, its id that of the exercise: for whoever tries it out. Nothing: its module is
/// not among `modules`, or needs a sensor.
std::optional<Station> station_without_devices(const Exercise& exercise, const params::PluginSpecs& modules);

/// kiosk.toml alone, for what is shown before the plugins are known. Never fails: what is wrong in it load() finds again.
Kiosk load_kiosk_file(const std::filesystem::path& folder);

/// Loads everything under `folder`, and lays the edits in the folder `state` over its stations; "" = no edits. Never fails as a
/// whole: what is wrong is a Diagnostic, the rest is used; a missing or broken kiosk.toml gives the defaults and a Diagnostic. A station
/// whose edits are wrong has their newest earlier revision that is right, or none, and an error says which. What was last set of a device
/// at the kiosk is set at each station that binds it.
Config load(const std::filesystem::path& folder, const params::PluginSpecs& modules, const params::PluginSpecs& drivers,
            const std::filesystem::path& state = {});

}  // namespace patella::config
