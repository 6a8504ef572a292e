// What the UI draws: plain values, made by the session thread, immutable once published. One is made for each sample: what stays as it
// is from one to the next is held in common (base/shared.hpp), not copied.
#pragma once

#include <patella/view.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/figure.hpp"
#include "base/message.hpp"
#include "base/shared.hpp"
#include "notices/notice.hpp"
#include "session/appearance.hpp"
#include "session/device_state.hpp"
#include "session/staff_view.hpp"
#include "session/trace_points.hpp"
#include "session/visit_views.hpp"

namespace patella::session {

enum class Screen {
  home = 1,
  who,         ///< guest, or a name from the list
  screening,   ///< pain now 0–10 and the question set
  start_gate,  ///< the start needs a member of staff at this screen
  set_up,      ///< figure, steps, readiness of the devices, start
  live,        ///< the module's view: countdown, work, paused
  rest,
  pain_stop,  ///< how strong 0–10, and where
  after,      ///< pain and effort afterwards
  summary,
  resume_offer,  ///< the kiosk was cut off: go on with the same set, or close the session
  sign_in,       ///< a client's: code, or a name from the list
  day_after,     ///< how it was the day after the last visit
  today,         ///< the plan's items, the next one large
  library,       ///< all exercises by group
  visit_summary,
  staff  ///< the staff area, reached from home with a PIN: Snapshot::staff says which of its screens
};

/// "home", "live", …: in the log and in the mirror, for ever the same. The screens of the staff area: name_of(snapshot).
const char* name_of(Screen screen);
std::optional<Screen> screen_named(std::string_view name);
/// A client is at a station: something is being recorded.
bool is_session_screen(Screen screen);

struct StationTile {
  std::string id;
  Message title, subtitle;
  std::string icon;  ///< "bike", "wall", "band"
  std::vector<DeviceState> devices;
  bool can_open = true;
  Messages why_not;                           ///< when it cannot: what a client is told
  std::string fault = {};                     ///< and what is wrong, for whoever looks after the kiosk: never on a screen
  int exercises = 0;                          ///< home: how many it offers
  bool moves = false;                         ///< home: one of its sensors is moved or pressed right now, or was a moment ago
  bool in_use = false;                        ///< home: another client is there
  std::shared_ptr<const Figure> figure = {};  ///< home: of its first exercise; null: the icon stands for it
};

inline constexpr const char* kGuest = "guest";  ///< ClientEntry::ref of everybody without a name

struct ClientEntry {
  std::string ref;   ///< pseudonym: "C-0007"; or kGuest
  std::string name;  ///< shown name or initials; "" of a guest
};
/// What a screen says of them: the name, or "Guest".
Message label_of(const ClientEntry& client);

/// What a yes to a question does: config/config.hpp says the same of the file.
enum class OnYes { nothing = 1, notice, staff_start };

struct Question {
  std::string id;
  Message text;
  int answer = -1;  ///< -1 not answered, 0 no, 1 yes
  OnYes on_yes = OnYes::nothing;
};

/// Why an exercise stands.
enum class Pause {
  none = 1,
  client,  ///< the client paused it, or it waits for them
  sensor,  ///< a sensor that it needs is away
  module   ///< the exercise itself paused: "Pedalling stopped"
};

struct ChannelState {
  Liveness liveness = Liveness::unused;
  int64_t age_us = 0;  ///< of its newest sample; 0 when there was none
};

struct RepSummary {
  int set = 0, n = 0;
  uint32_t side = PATELLA_SIDE_NONE;
  bool counted = false;
  std::string reason;
  double t_s = 0, peak = 0, hold_s = 0;
  bool saved = false;        ///< acknowledged by the store
  Message reason_text = {};  ///< what the module says of `reason` to the client; empty = nothing
};

struct MetricValue {
  std::string key;
  Message label;
  std::string unit;
  double value = 0;
  int decimals = 0;
};

struct Summary {
  std::string outcome;  ///< "completed", "stopped_early", "stopped_for_pain", "left", "interrupted"
  double duration_s = 0;
  int pain_before = -1, pain_after = -1, effort = -1;
  int pain_at_stop = -1;   ///< what was answered after the pain stop
  std::string pain_place;  ///< and where
  bool exercised = true;   ///< false: it was stopped at the set-up, so there is nothing to draw
  int sets_done = 0;       ///< by their number: both sides of a set are one
  int sets_planned = 0;    ///< 0 = not known
  int reps_counted = 0, reps_not_counted = 0;
  std::vector<RepSummary> reps;
  std::vector<MetricValue> metrics;  ///< those that are for clients
  std::vector<TracePoint> trace;     ///< the whole session, at most 2000 points
  std::vector<TraceGap> gaps;
  Message trace_label;
  std::string trace_unit;
  double target_low = 0, target_high = 0;  ///< NaN = none
  bool stored = false;                     ///< everything acknowledged by the store
};

/// A device that a driver of the kiosk has open.
struct DeviceInUse {
  std::string driver;  ///< its folder: "chronojump_force"
  std::string port;    ///< "tty:ttyUSB0@1-1", "usb:1-1"
};

/// A notice that nobody has acknowledged yet, with what the rest of the kiosk needs to show it.
struct OpenNotice {
  notices::Notice notice;
  Message station_title;  ///< empty = of no station
  Messages lines;         ///< what happened, for staff; never for home
};
using OpenNotices = std::shared_ptr<const std::vector<OpenNotice>>;

/// Of the kiosk itself, whatever is on the screen.
struct KioskInfo {
  std::string site_name;                    ///< "" = none was given
  std::vector<Messages> banners;            ///< "Emulated devices", "The disk is full: …": one line each, staff read them
  std::vector<DeviceInUse> devices_in_use;  ///< for `patella devices`
};

/// Home: what everybody may set before they have signed in.
struct HomeControls {
  bool can_sign_in = false;            ///< the site knows clients: *Sign in* is there
  bool can_be_guest = false;           ///< and *Continue as guest*
  std::vector<std::string> languages;  ///< "en", "de", …: in this order; fewer than two: nothing to choose
  std::string language;                ///< the one that the screen speaks
  int volume = -1;                     ///< 0…7; −1: there is no sound
  Message sound;                       ///< what is heard at this level: "Important only"; may be empty
};

/// Of the open session: the same from its beginning to its end, but for what plan_lines say of a slow sensor.
struct SessionInfo {
  Message client_label;        ///< "Guest", "Anna K."
  std::vector<Message> steps;  ///< set-up: short sentences
  std::vector<Message> watch_for;
  std::shared_ptr<const Figure> figure;  ///< may be null
  std::vector<Message> plan_lines;       ///< "3 sets of 10 each side", "Target 40–80 N"
  bool set_by_physio = false;            ///< the numbers are a physio's; else they are the house's
  std::string set_by;                    ///< who set the numbers: "Physio M. Berg, 2026-10-02"
  std::vector<std::string> pain_places;  ///< "Left knee", …
  std::string module;                    ///< folder of the module: the texts of its view are looked up in the catalogues there
};

struct Snapshot {
  uint64_t version = 0;
  int64_t made_us = 0;     ///< monotonic; the UI derives ages from it and its own clock
  std::string wall_clock;  ///< "10:42"
  Screen screen = Screen::home;
  bool starting = false;  ///< home: the plugins are still being looked at, so there are no stations to choose yet

  Shared<KioskInfo> kiosk;
  OpenNotices notices;                        ///< oldest first; null = none. On home only where and when
  Shared<std::vector<StationTile>> stations;  ///< home
  Shared<HomeControls> home;
  Shared<std::vector<ClientEntry>> clients;  ///< who

  Appearance appearance;  ///< as the client at this screen likes it

  /// Nobody gave a sign: "Are you still there?" is asked until this monotonic time, then the session closes; 0 = not asked.
  int64_t asked_until_us = 0;

  // A client's screens outside of an exercise.
  Shared<ClientSignInView> sign_in;
  Shared<DayAfterView> day_after;
  Shared<TodayView> today;
  Shared<LibraryView> library;
  Shared<VisitSummaryView> visit_summary;
  Message visit_label;  ///< whose visit it is: "Anna K.", "Guest"; empty on home

  // From here on: the open session. Empty on home.
  Shared<StationTile> station;
  Shared<SessionInfo> session;
  Shared<std::vector<Question>> questions;
  std::vector<Message> gate_reasons;  ///< start_gate: which answers the start waits for
  int pain_now = -1;                  ///< the value being chosen on screening, pain_stop and after
  int effort = -1;
  int64_t goes_on_us = 0;     ///< after: it goes on by itself at this monotonic time, with what was chosen; 0 = it does not
  std::string pain_place;     ///< "" or one of session->pain_places
  bool can_continue = false;  ///< the screen's main button is enabled
  Messages why_not_continue;  ///< when not

  patella_view view{};                     ///< live, rest; size 0 = none yet. Its texts are written messages: read_messages()
  std::array<ChannelState, 8> channels{};  ///< by the module's channel index
  int64_t view_made_us = 0;                ///< monotonic time the view speaks of: timer_s at t = timer_s + rate·(t − made)
  Pause pause = Pause::none;
  Messages pause_text;                       ///< what there is to say of it beyond that
  bool can_resume = false;                   ///< the client paused it, and everything is there to go on
  bool asks_end = false;                     ///< "End the exercise?" is to be answered
  bool exercise_stopped_for_module = false;  ///< the module is quarantined; samples are still recorded
  TracePoints trace;                         ///< the last trace_seconds of view.trace_channel, raw values, each sample a point
  std::vector<TraceGap> trace_gaps;
  double session_t_s = 0;     ///< right end of the trace
  uint64_t unsaved_reps = 0;  ///< shown but not yet acknowledged by the store
  Messages staff_notice;      ///< "Staff are being called"; empty = none

  Shared<Summary> summary;
  Message resume_text;      ///< resume_offer: "Wall sit, Anna K., set 2 of 3, 10:31"
  Shared<StaffView> staff;  ///< on the screens of the staff area
};

/// Of what is shown: "home", "live", "staff_sensors", …
const char* name_of(const Snapshot& snapshot);

/// "Tell staff: …" before what they should know.
Messages for_staff(Messages text);

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace patella::session
