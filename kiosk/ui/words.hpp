// Every word the kiosk itself writes, in one language. What stations, modules and sessions say comes in the snapshot.
// "{0}" and "{1}" stand for a number or a name: fill_in(). scripts/texts collects the texts for the catalogues.
#pragma once

#include <string>

#include "text/language.hpp"

namespace patella::ui {

struct Words {
  text::Language tr = {};  ///< first: the others are looked up in it

  std::string choose_station = tr("Choose a station"), product = tr("Patella");
  std::string ready = tr("Ready"), waiting = tr("Sensor not connected. Staff can help."), starting = tr("Sensor is starting");
  std::string waiting_brief = tr("Waiting"), starting_brief = tr("Starting"), stopped_brief = tr("Stopped");
  std::string no_sensor = tr("No sensor needed"), not_available = tr("Not available"), tell_staff = tr("Tell staff");
  std::string moves = tr("This sensor moves");
  std::string staff_called_at = tr("{0}: staff called, {1}"), staff_needed_at = tr("{0}: staff needed, {1}"),
              notify_failed_at = tr("Notices could not be passed on, {0}");
  std::string sensor = tr("Sensor");
  std::string sensor_connected = tr("Sensor connected"), sensor_stale = tr("Sensor data is late"),
              sensor_failed = tr("Sensor stopped");
  std::string sensor_lost = tr("Sensor lost – waiting"), no_stations = tr("No station is set up"),
              getting_ready = tr("Getting the stations ready");

  std::string who = tr("Who is training?"), guest = tr("Guest"), guest_hint = tr("Train without a name");
  std::string names = tr("Tap your name"), drag = tr("Drag for more names");
  std::string back = tr("Back"), next = tr.in("button", "Next"), proceed = tr("Continue"), done = tr.in("button", "Done");

  std::string before_start = tr("Before you start"), pain_now = tr("How strong is your pain now?");
  std::string no_pain = tr("No pain"), worst_pain = tr("Worst imaginable"), yes = tr("Yes"), no = tr("No");

  std::string gate_title = tr("Please wait for staff"),
              gate_text = tr("A member of staff will talk to you before you start. Please wait here."),
              gate_start = tr("Start (staff only)");
  std::string get_set = tr("Set up"), steps = tr("How to do it"), watch_for = tr("Watch for"), plan = tr("Your plan"),
              house_plan = tr("House default"), start = tr.in("button", "Start");
  std::string not_connected = tr("{0} – not connected, not needed");
  std::string pain_stop = tr("Pain – stop");

  std::string target_by = tr("Target set by the physio"), target_house = tr("Target, house default"), get_ready = tr("Get ready");
  std::string pause = tr("Pause"), resume = tr("Resume"), touch_resume = tr("Touch Resume when you are ready"),
              end = tr.in("button", "End"), paused = tr("Paused"), set = tr("Set"), repetitions = tr("Repetitions");
  std::string of = tr("{0} of {1}"), plan_title = tr("Session plan"), next_up = tr.in("label", "Next"),
              left = tr.in("side", "Left side"), right = tr.in("side", "Right side");
  std::string target_label = tr.in("label", "Target"), repetitions_short = tr.in("count", "repetitions"),
              sets_short = tr.in("count", "sets"), of_all = tr.in("count", "of {0}");
  std::string seconds_old = tr("{0} s old"), waiting_short = tr("waiting"), value_old = tr("Value is {0} s old"),
              finished = tr("Finished");
  std::string stopped_title = tr("Exercise display stopped"), stopped_text = tr("Your session is being recorded");
  std::string unsaved = tr("{0} saving"), now = tr.in("clock", "now");

  std::string rest = tr("Rest"), rest_left = tr("Rest left"), skip_rest = tr("Skip rest");

  std::string set_stopped = tr("Stopped for pain"), stay = tr("Stop here and rest."), where = tr("Where?");
  std::string how_strong = tr("How strong is the pain?"), call_staff = tr("Call staff");

  std::string after = tr("How was it?"), effort = tr("How hard was it?"), no_effort = tr("No effort"),
              max_effort = tr("Hardest possible"), skip_questions = tr("Skip"), more_time = tr("More time"),
              goes_on = tr("Going on. Touch another number to change it."),
              goes_on_unanswered = tr("Without an answer it goes on in {0} s.");

  std::string still_there = tr("Are you still there?"), still_here = tr("I'm here"),
              closes_in = tr("This session closes in {0} s."), home_in = tr("Back to the stations in {0} s."),
              end_now = tr("End and close"), to_home = tr("Back to the stations");

  std::string ask_end = tr("End the exercise?"), runs_on = tr("The exercise is still running"), end_exercise = tr("End"),
              keep_going = tr("Keep going");

  std::string completed = tr("Completed"), stopped_early = tr("Stopped early"), stopped_for_pain = tr("Stopped for pain"),
              left_early = tr.in("outcome", "Left");
  std::string interrupted = tr.in("outcome", "Interrupted"), duration = tr("Time"), sets = tr("Sets"), counted = tr("Counted"),
              not_counted = tr("Not counted");
  std::string pain_before = tr("Pain before"), pain_after = tr("Pain after"), effort_short = tr("Effort"),
              saved = tr("Everything is saved");
  std::string pain_rose = tr("Pain {0} before, {1} after"), all_done = tr("The exercise is done"),
              pain_at_stop = tr("Pain at the stop"), not_begun = tr("Stopped before the exercise began"),
              pain_of_ten = tr("Pain {0}");
  std::string times = tr("{0} × {1}"), why_unknown = tr("Did not count");
  std::string saving = tr("Saving…"), no_data = tr("no data"), whole_session = tr("The whole session");
  std::string measured = tr("Measured"), no_trace = tr("Nothing was recorded by a sensor"), of_ten = tr("of 10");

  std::string cut_off = tr("Your session was interrupted"), go_on_question = tr("Go on with the same set?");
  std::string go_on = tr("Go on"), go_on_as = tr("Go on as {0}"), close_session = tr("Close the session"),
              somebody_else = tr("Somebody else");

  std::string staff_area = tr("Staff"), sign_in = tr("Sign in with your PIN"),
              sign_in_to_start = tr("Enter your PIN to start the exercise"), who_are_you = tr("Who are you?"), pin = tr("PIN"),
              accept = tr("OK"), checking = tr("Checking"), erase = tr("Erase");
  std::string leaves_soon = tr("Nobody has touched the screen: signs out in {0} s");
  std::string locked = tr("Too many wrong PINs. Try again in {0}");
  std::string notices = tr("Notices"), no_notices = tr("No open notices"), acknowledge = tr("Acknowledge"),
              notices_open = tr("Notices ({0})");
  std::string sensors = tr("Sensors"), sign_out = tr("Sign out"), calibrate = tr("Calibrate"),
              which_is_mine = tr("Which is mine?"), try_again = tr("Try again"), no_sensors = tr("No station uses a sensor"),
              only_physio = tr("Only a physio can calibrate and choose sensors");
  std::string calibrate_one = tr("Calibrate: {0}"), reading = tr("The sensor says"), still = tr.in("reading", "Still"),
              not_still = tr.in("reading", "Moves"), one_moment = tr("One moment"), no_reading = tr("No reading"),
              known_weight = tr("Known weight on the sensor"), kilograms = tr("kg"), newtons = tr("N"),
              take = tr("Take the reading"), measuring = tr("Waiting until it is still");
  std::string points_known = tr.in("column", "Known"), points_said = tr("Sensor said"), points_off = tr("Off the line"),
              undo = tr("Take back"), store = tr("Store");
  std::string first_point = tr("Begin with nothing on the sensor: type 0. Then one known weight after the other"),
              line_is = tr("Force = {0} × reading {1} N"), residual_is = tr("Residual {0} N"),
              two_points = tr("A third weight shows how straight the sensor is");
  std::string pair_title = tr("Which sensor is mine?"), pair_hint = tr("Tap “Listen” and pedal: the sensor that moves lights up"),
              listen = tr("Listen"), use_it = tr("Use it"), moves_now = tr("Moves"), has_moved = tr("Moved"),
              does_not_move = tr("Does not move"), in_use = tr("in use");
};

}  // namespace patella::ui
