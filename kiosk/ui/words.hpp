// Every word the kiosk itself writes, so that a language is one value. What stations, modules and sessions
// say comes in the snapshot. "{}" stands for a number or a name.
#pragma once

#include <string>

namespace patella::ui {

struct Words {
  std::string choose_station = "Choose a station", product = "Patella";
  std::string ready = "Ready", waiting = "Waiting for the sensor", starting = "Sensor is starting";
  std::string waiting_brief = "Waiting", starting_brief = "Starting", stopped_brief = "Stopped";
  std::string no_sensor = "No sensor needed", not_available = "Not available", tell_staff = "Tell staff";
  std::string moves = "This sensor moves";
  std::string staff_called_at = "{}: staff called, {}", staff_needed_at = "{}: staff needed, {}",
              notify_failed_at = "Notices could not be passed on, {}";
  std::string sensor_connected = "Sensor connected", sensor_stale = "Sensor data is late",
              sensor_failed = "Sensor stopped";
  std::string sensor_lost = "Sensor lost \xE2\x80\x93 waiting", no_stations = "No station is set up",
              getting_ready = "Getting the stations ready";

  std::string who = "Who is training?", guest = "Guest", guest_hint = "Train without a name";
  std::string names = "Tap your name", drag = "Drag for more names";
  std::string back = "Back", next = "Next", proceed = "Continue", done = "Done";

  std::string before_start = "Before you start", pain_now = "How strong is your pain now?";
  std::string no_pain = "No pain", worst_pain = "Worst imaginable", yes = "Yes", no = "No";

  std::string gate_title = "Please wait for staff",
              gate_text = "A member of staff will talk to you before you start. Please wait here.",
              gate_start = "Start (staff only)";
  std::string get_set = "Set up", steps = "How to do it", watch_for = "Watch for", plan = "Your plan", house_plan = "House default",
              start = "Start";
  std::string not_connected = "{} \xE2\x80\x93 not connected, not needed";
  std::string pain_stop = "Pain \xE2\x80\x93 stop";

  std::string target_by = "Target set by the physio", target_house = "Target, house default", get_ready = "Get ready";
  std::string pause = "Pause", resume = "Resume", touch_resume = "Touch Resume when you are ready", end = "End", paused = "Paused", set = "Set",
              repetitions = "Repetitions";
  std::string of = "{} of {}", plan_title = "Session plan", next_up = "Next", left = "Left side",
              right = "Right side";
  std::string seconds_old = "{} s old", waiting_short = "waiting", value_old = "Value is {} s old",
              finished = "Finished";
  std::string stopped_title = "Exercise display stopped", stopped_text = "Your session is being recorded";
  std::string unsaved = "{} saving", now = "now";

  std::string rest = "Rest", rest_left = "Rest left", skip_rest = "Skip rest";

  std::string set_stopped = "Stopped for pain", stay = "Stop here and rest.", where = "Where?";
  std::string how_strong = "How strong is the pain?", call_staff = "Call staff";

  std::string after = "How was it?", effort = "How hard was it?", no_effort = "No effort",
              max_effort = "Hardest possible", skip_questions = "Skip";

  std::string still_there = "Are you still there?", still_here = "I'm here",
              closes_in = "This session closes in {} s.",
              home_in = "Back to the stations in {} s.", end_now = "End and close", to_home = "Back to the stations";

  std::string ask_end = "End the exercise?", runs_on = "The exercise is still running", end_exercise = "End",
              keep_going = "Keep going";

  std::string completed = "Completed", stopped_early = "Stopped early", stopped_for_pain = "Stopped for pain", left_early = "Left";
  std::string interrupted = "Interrupted", duration = "Time", sets = "Sets", counted = "Counted",
              not_counted = "Not counted";
  std::string pain_before = "Pain before", pain_after = "Pain after", effort_short = "Effort",
              saved = "Everything is saved";
  std::string pain_rose = "Pain {} before, {} after", all_done = "The exercise is done", pain_at_stop = "Pain at the stop",
              not_begun = "Stopped before the exercise began", pain_of_ten = "Pain {}";
  std::string times = "{} \xC3\x97 {}", why_left_target = "Force left the target too soon: hold it longer",
              why_too_weak = "The target was not reached: pull further",
              why_above = "Force went above the target: pull a little less", why_too_short = "Too quick: move more slowly",
              why_not_released = "Let the band go fully slack between repetitions", why_too_long = "Too slow: move a little faster",
              why_sensor_lost = "Sensor lost: this one was not measured", why_paused = "Interrupted by a pause",
              why_ended = "Ended early", why_pain = "Stopped for pain", why_unknown = "Did not count";
  std::string saving = "Saving\xE2\x80\xA6", no_data = "no data", whole_session = "The whole session";
  std::string measured = "Measured", no_trace = "Nothing was recorded by a sensor", of_ten = "of 10";

  std::string cut_off = "Your session was interrupted", go_on_question = "Go on with the same set?";
  std::string go_on = "Go on", go_on_as = "Go on as {}", close_session = "Close the session", somebody_else = "Somebody else";

  std::string staff_area = "Staff", sign_in = "Sign in with your PIN", sign_in_to_start = "Enter your PIN to start the exercise",
              who_are_you = "Who are you?", pin = "PIN",
              accept = "OK", checking = "Checking", erase = "Erase";
  std::string leaves_soon = "Nobody has touched the screen: signs out in {} s";
  std::string locked = "Too many wrong PINs. Try again in {}";
  std::string notices = "Notices", no_notices = "No open notices", acknowledge = "Acknowledge",
              notices_open = "Notices ({})";
  std::string sensors = "Sensors", sign_out = "Sign out", calibrate = "Calibrate", which_is_mine = "Which is mine?",
              try_again = "Try again", no_sensors = "No station uses a sensor",
              only_physio = "A physio calibrates and chooses sensors", begin_anew = "the points start again from the first";
  std::string calibrate_one = "Calibrate: {}", reading = "The sensor says", still = "Still", not_still = "Moves", one_moment = "One moment",
              no_reading = "No reading", known_weight = "Known weight on the sensor", kilograms = "kg", newtons = "N",
              take = "Take the reading", measuring = "Waiting until it is still";
  std::string points_known = "Known", points_said = "Sensor said", points_off = "Off the line",
              undo = "Take back", store = "Store";
  std::string first_point = "Begin with nothing on the sensor: type 0. Then one known weight after the other",
              line_is = "Force = {} \xC3\x97 reading {} N", residual_is = "Residual {} N",
              two_points = "A third weight shows how straight the sensor is";
  std::string pair_title = "Which sensor is mine?", pair_hint = "Tap \xE2\x80\x9CListen\xE2\x80\x9D and pedal: the sensor that moves lights up",
              listen = "Listen", use_it = "Use it", moves_now = "Moves", has_moved = "Moved", does_not_move = "Does not move",
              in_use = "in use";
};

}  // namespace patella::ui
