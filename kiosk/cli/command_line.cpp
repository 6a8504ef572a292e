#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>

#include "base/wrong_use.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "cli/parent.hpp"

namespace patella::cli {

namespace {

constexpr int kWrongUse = 2;

int wrong_use(const std::string& text) {
  say(stderr, "patella: " + text + "\n");
  return kWrongUse;
}

/// What the library says, as a sentence with what to do.
std::string sentence_of(CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ConversionError*>(&error)) text += ". A number is wanted there";
  std::string command = "patella ";
  for (const std::string& word : arguments)
    if (!app.get_subcommands([&](const CLI::App* one) { return one->get_name() == word; }).empty()) {
      command += word + " ";
      break;
    }
  return text + (text.ends_with('?') ? " `" : ". `") + command + "--help` shows how";
}

/// One of these words, else what was probably meant.
CLI::Validator one_of(std::vector<std::string> words) {
  const std::string names = listed(words);
  return CLI::Validator(
      [words = std::move(words)](std::string& word) {
        const bool known = std::find(words.begin(), words.end(), word) != words.end();
        return known ? std::string() : "\"" + word + "\" is none of its values. " + did_you_mean(word, words);
      },
      names);
}

/// The size of a window in pixels: 1280x720.
CLI::Validator window_size() {
  return CLI::Validator(
      [](std::string& text) {
        if (window_size_of(text)) return std::string();
        return "\"" + text + "\" is no size of a window. Write width x height in pixels, 320x240 to 16384x16384: 1280x720";
      },
      "WIDTHxHEIGHT");
}

int run_command(int argc, char** argv, const RunKiosk& run_kiosk) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  CLI::App app{"Patella: exercise stations with real sensors, on a touchscreen"};
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", PATELLA_VERSION);
  std::string config, state;
  app.add_option("--config", config, "Folder with kiosk.toml, stations/, exercises/ …");
  app.add_option("--state", state, "Folder with the database, the log and the control socket");

  RunOptions run_options;
  auto* run = app.add_subcommand("run", "Start the kiosk");
  run->add_flag("--windowed", run_options.windowed, "In a window instead of the whole screen");
  run->add_option("--size", run_options.size, "Size of that window, 1280x720")->check(window_size());
  run->add_flag("--child", run_options.child, "Run without the parent process that restarts the kiosk; for systemd");
  int parent = 0;
  run->add_option("--parent", parent, "Process id of the parent that started it")->group("");

  SessionOptions session_options;
  auto* session = app.add_subcommand("session", "Run one exercise station in the terminal");
  session->add_option("STATION", session_options.station, "Id of the station, for example tke");
  session->add_option("--exercise", session_options.exercise,
                      "Id of the exercise: of those that the station offers, or at the first station that offers it");
  session->add_option("--client", session_options.client, "Pseudonym from clients.toml, or guest");
  session->add_option("--script", session_options.script,
                      "File of commands: start, pause, resume, pain, skip, end, wait SECONDS, until KIND");
  session->add_flag(
      "--headless", session_options.headless,
      "No keys: starts when the devices are ready, ends when the exercise is done. Pain and effort are stored as not answered");
  session->add_flag("--resume", session_options.resume, "Go on with a session of this station that was cut off");

  bool json = false, follow = false;
  auto* sessions = app.add_subcommand("sessions", "List the stored sessions");
  SessionsOptions sessions_options;
  sessions->add_option("--last", sessions_options.last, "Only the newest N")->type_name("N")->check(CLI::Range(1, 100'000));
  sessions->add_flag("--json", sessions_options.json, "As a JSON array");

  ExportOptions export_options;
  std::string format = "csv";
  auto* exporter = app.add_subcommand("export", "Write stored sessions to files");
  exporter->add_option("--format", format, "csv")->check(one_of({"csv"}));
  exporter->add_option("--out", export_options.out, "Folder for the files")->required();
  exporter->add_option("--session", export_options.session, "Only this session");
  exporter->add_option("--from", export_options.from, "Started at or after: 2026-11-20 or 2026-11-20T10:00:00Z");
  exporter->add_option("--to", export_options.to, "Started before");
  exporter
      ->add_option("--profile", export_options.profile,
                   "programs, or excel (byte order mark; text that looks like a number or a date stays text)")
      ->check(one_of({"programs", "excel"}));
  exporter
      ->add_option(
          "--decimal", export_options.decimal,
          "With --profile excel: point, or comma (then with semicolons between the cells); without it as the locale has it")
      ->check(one_of({"point", "comma"}));

  std::string id;
  auto* replay = app.add_subcommand("replay", "Run a session's stored input through its module again and compare");
  replay->add_option("ID", id, "Id of the session")->required();

  CalibrateOptions calibrate_options;
  auto* calibrate = app.add_subcommand("calibrate", "Calibrate a force sensor with known weights; list calibrations");
  calibrate->add_option("DEVICE", calibrate_options.driver, "Its driver, for example chronojump_force");
  calibrate->add_option("--serial", calibrate_options.serial, "The one with this serial number");
  calibrate->add_option("--port", calibrate_options.port, "The one in this port");
  calibrate->add_option("--channel", calibrate_options.channel, "Its first channel in newtons, unless given");
  calibrate->add_option("--points", calibrate_options.points, "The known weights in their order: 0,10kg,20kg");
  calibrate->add_option("--still", calibrate_options.still_n, "By how many newtons the reading may move and be still: 2")
      ->check(CLI::Range(0.01, 100.0));
  calibrate->add_option("--who", calibrate_options.who, "Who calibrates");
  calibrate->add_option("--script", calibrate_options.script, "File or named pipe with what would be typed, one answer a line");
  calibrate->add_flag("--list", calibrate_options.list, "The stored calibrations");
  calibrate->add_flag("--json", calibrate_options.json, "The list as a JSON array");

  BandCheckOptions band_options;
  auto* band_check = app.add_subcommand("band-check", "Measure the stiffness of a band at two lengths; list checks");
  band_check->add_option("BAND", band_options.band, "Name of the band, as written on it");
  band_check->add_option("--device", band_options.driver, "The force sensor's driver, for example chronojump_force");
  band_check->add_option("--serial", band_options.serial, "The one with this serial number");
  band_check->add_option("--port", band_options.port, "The one in this port");
  band_check->add_option("--lengths", band_options.lengths, "Two lengths: 50cm,100cm");
  band_check->add_option("--still", band_options.still_n, "By how many newtons the reading may move and be still: 6")
      ->check(CLI::Range(0.01, 100.0));
  band_check->add_option("--who", band_options.who, "Who checks");
  band_check->add_option("--script", band_options.script, "File or named pipe with what would be typed, one answer a line");
  band_check->add_flag("--list", band_options.list, "The stored checks");
  band_check->add_flag("--json", band_options.json, "The list as a JSON array");

  StaffOptions staff_options;
  auto* staff = app.add_subcommand("staff", "Who may sign in to the staff area, and their PINs");
  staff->require_subcommand(0, 1);
  staff->add_flag("--json", staff_options.json, "The list as a JSON array");
  staff->add_subcommand("list", "Who is staff (also without \"list\")");
  auto* staff_add = staff->add_subcommand("add", "A new member; asks for the PIN twice");
  staff_add->add_option("NAME", staff_options.who, "As shown at the sign-in")->required();
  staff_add->add_option("--role", staff_options.role, "physio or staff")->required()->check(one_of({"physio", "staff"}));
  auto* staff_pin = staff->add_subcommand("pin", "A new PIN; asks for it twice");
  auto* staff_remove = staff->add_subcommand("remove", "Who is removed cannot sign in any more");
  for (auto* one : {staff_pin, staff_remove}) one->add_option("ID", staff_options.who, "Id or name")->required();
  auto* staff_unlock = staff->add_subcommand("unlock", "Ends the delay after wrong PINs");

  auto* devices = app.add_subcommand("devices", "What is attached, which driver takes it, and why not");
  devices->add_flag("--json", json, "As JSON");

  IdentifyOptions identify_options;
  auto* identify = app.add_subcommand("identify", "Which of several sensors is mine: move it, and it is named");
  identify->add_option("DEVICE", identify_options.driver, "Its driver, for example ant_plus")->required();
  identify->add_option("--serial", identify_options.serial, "The one with this serial number");
  identify->add_option("--port", identify_options.port, "The one in this port");

  CheckPluginOptions plugin_options;
  auto* check = app.add_subcommand("check", "Check the configuration, a plugin, or this machine");
  check->require_subcommand(1);
  auto* check_config = check->add_subcommand("config", "Every fault in the configuration: file, line, key, remedy");
  auto* check_plugin = check->add_subcommand("plugin", "The conformance tests of one plugin");
  check_plugin->add_option("FILE", plugin_options.file, "The plugin's library")->required()->check(CLI::ExistingFile);
  check_plugin->add_flag("--json", plugin_options.json, "As JSON");
  check_plugin->add_option("--only", plugin_options.only, "Only these checks: CHECK[,CHECK...]");
  check_plugin->add_option("--device", plugin_options.device, "Drivers: a file with what the device answers and says")
      ->check(CLI::ExistingFile);
  auto* check_system = check->add_subcommand("system", "Which layers of confinement this kernel gives");

  NoticesOptions notices_options;
  auto* notices = app.add_subcommand("notices", "List the notices to staff that nobody has acknowledged; acknowledge one");
  notices->add_flag("--json", notices_options.json, "As a JSON array");
  notices->add_flag("--all", notices_options.all, "Also those that were acknowledged, the newest 1000");
  auto* acknowledge =
      notices->add_option("--acknowledge", notices_options.acknowledge, "Somebody has seen to the notice of this id");
  auto* by = notices->add_option("--by", notices_options.by, "Who: as the audit will say");
  acknowledge->needs(by);
  by->needs(acknowledge);

  EditsOptions edits_options;
  auto* edits = app.add_subcommand("edits", "List what was changed at the kiosk; put an earlier revision in force");
  auto* edited_station =
      edits->add_option("STATION", edits_options.station, "Id of the station; without it all that were changed");
  edits->add_option("--last", edits_options.last, "List only the newest N revisions (20 unless given)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  edits->add_option("--undo-to", edits_options.undo_to, "Make a new revision that equals this one; 0 is without edits")
      ->type_name("REVISION")
      ->check(CLI::Range(0, 1'000'000'000))
      ->needs(edited_station);
  edits->add_option("--by", edits_options.by, "Who wants that: as the audit will say");
  edits->add_flag("--json", edits_options.json, "As a JSON array");

  auto* status = app.add_subcommand("status", "Show the kiosk's status");
  status->add_flag("--json", json, "As JSON");

  std::string png;
  auto* mirror = app.add_subcommand("mirror", "What is on the kiosk's screen, as JSON");
  mirror->add_flag("--follow", follow, "One object a line, whenever it changes");
  mirror->add_option("--png", png, "Write it as a picture instead");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    const std::string word = unknown_word(app, "patella", arguments);
    return wrong_use(word.empty() ? sentence_of(app, error, arguments) : word);
  }
  const Paths paths = find_paths(config, state);
  if (*run) {
    if (!run_options.child && !std::getenv("NOTIFY_SOCKET")) return run_parent(argc, argv);
    return end_with_parent(parent) ? child_exit(run_kiosk(paths, run_options), parent) : 0;
  }
  if (*session && session_options.station.empty() && session_options.exercise.empty())
    return wrong_use("Name a station, or an exercise with --exercise. `patella session --help` shows how");
  if (*session) return session_command(paths, session_options);
  if (*sessions) return sessions_command(paths, sessions_options);
  if (*exporter) return export_command(paths, export_options);
  if (*replay) return replay_command(paths, id);
  if (*calibrate) return calibrate_command(paths, calibrate_options);
  if (*band_check) return band_check_command(paths, band_options);
  if (*identify) return identify_command(paths, identify_options);
  if (*staff) {
    using Do = StaffOptions::Do;
    staff_options.what = *staff_add      ? Do::add
                         : *staff_pin    ? Do::pin
                         : *staff_remove ? Do::remove
                         : *staff_unlock ? Do::unlock
                                         : Do::list;
    return staff_command(paths, staff_options);
  }
  if (*devices) return devices_command(paths, json);
  if (*check_config) return check_config_command(paths);
  if (*check_plugin) return check_plugin_command(paths, plugin_options);
  if (*check_system) return check_system_command(paths);
  if (*notices) return notices_command(paths, notices_options);
  if (*edits) return edits_command(paths, edits_options);
  if (*status) return status_command(paths, json);
  if (*mirror) return mirror_command(paths, follow, png);
  return kWrongUse;
}
}  // namespace

std::optional<std::pair<int, int>> window_size_of(const std::string& text) {
  int width = 0, height = 0, used = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &used) != 2 || static_cast<std::size_t>(used) != text.size())
    return std::nullopt;
  if (width < 320 || height < 240 || width > 16384 || height > 16384) return std::nullopt;
  return std::pair(width, height);
}

int command_line(int argc, char** argv, const RunKiosk& run_kiosk) {
  ::prctl(PR_SET_DUMPABLE, 0);  // no child of the same user may read or write this process, whatever the command
  ::umask(0077);                // whatever makes a file or folder, also a library: it is its owner's alone
  try {
    return run_command(argc, argv, run_kiosk);
  } catch (const std::exception& error) {
    return failed(std::string("patella ends: ") + error.what() +
                  ". This is a fault of the program: tell its makers what you typed");
  }
}

}  // namespace patella::cli
