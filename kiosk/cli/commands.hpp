// The commands of `patella`, one function each. They return the exit status: 0 done, 1 it could not be done,
// 2 wrong use.
#pragma once

#include <optional>
#include <string>

#include "runtime/assembly.hpp"
#include "runtime/state_folder.hpp"

namespace patella::cli {

using namespace runtime;  // the commands speak of its paths, stations and lists

struct RunOptions {
  bool windowed = false;
  bool child = false;  ///< started by the parent (or by systemd, which is the parent then)
  std::string size;    ///< "1280x720" when windowed
};
/// Width and height in pixels of "1280x720"; nullopt: it is no size that a window can have.
std::optional<std::pair<int, int>> window_size_of(const std::string& text);
/// The parent of a kiosk that systemd does not watch: starts it again when it dies, with a back-off.
int run_parent(int argc, char** argv);

struct SessionOptions {
  std::string station, exercise, client = "guest", script;
  bool headless = false, resume = false;
};
int session_command(const Paths& paths, const SessionOptions& options);

struct ExportOptions {
  std::string out, session, from, to, profile = "programs";
  std::string decimal;  ///< "point", "comma"; "" = as the locale has it
};
int export_command(const Paths& paths, const ExportOptions& options);

struct CalibrateOptions {
  std::string driver;  ///< folder of the driver
  std::string serial, port, channel;
  double still_n = 2;  ///< how far the reading may move and still be still
  std::string points;  ///< "0,10kg,20kg"; "" = asked for one after the other
  std::string who, script;
  bool list = false, json = false;
};
int calibrate_command(const Paths& paths, const CalibrateOptions& options);
/// A line on the sensors whose calibration is older than the site's limit; "": none is, or the log cannot be
/// read now. `sockets`: where a device is plugged in now.
std::string calibration_reminder(const Paths& paths, const std::vector<std::string>& sockets);

struct BandCheckOptions {
  std::string band, driver, serial, port;
  std::string lengths = "50cm,100cm";
  double still_n = 6;  ///< a hand that holds a band is never as still as a weight
  std::string who, script;
  bool list = false, json = false;
};
int band_check_command(const Paths& paths, const BandCheckOptions& options);

struct IdentifyOptions {
  std::string driver;        ///< folder of the driver, which a station uses
  std::string serial, port;  ///< "" = as the station says
};
/// Which of the sensors around is mine: prints what the driver hears, and what of it moves.
int identify_command(const Paths& paths, const IdentifyOptions& options);

struct StaffOptions {
  enum class Do { list, add, pin, remove, unlock };
  Do what = Do::list;
  std::string who;   ///< add: the new name; pin, remove: id or name
  std::string role;  ///< add: "physio" or "staff"
  bool json = false;
};
/// Who may sign in to the staff area. A PIN is asked for, never an argument.
int staff_command(const Paths& paths, const StaffOptions& options);

struct SessionsOptions {
  int last = 0;  ///< only so many, the newest; 0 = all
  bool json = false;
};
int sessions_command(const Paths& paths, const SessionsOptions& options);
int replay_command(const Paths& paths, const std::string& session);
int devices_command(const Paths& paths, bool json);
int check_config_command(const Paths& paths);
struct CheckPluginOptions {
  std::string file;
  std::string only;    ///< "" = every check
  std::string device;  ///< a device file (devices/device_script); "" = made-up bytes
  bool json = false;
};
int check_plugin_command(const Paths& paths, const CheckPluginOptions& options);
int check_system_command(const Paths& paths);
struct NoticesOptions {
  bool json = false, all = false;
  std::string acknowledge, by;  ///< id of a notice, and who has seen to it
};
int notices_command(const Paths& paths, const NoticesOptions& options);
struct EditsOptions {
  std::string station;  ///< "" = all that have edits
  int last = 20;        ///< only so many revisions, the newest
  int undo_to = -1;     ///< -1 = none
  std::string by = "command line";
  bool json = false;
};
int edits_command(const Paths& paths, const EditsOptions& options);
int status_command(const Paths& paths, bool json);
int mirror_command(const Paths& paths, bool follow, const std::string& png);

}  // namespace patella::cli
