// What a touch can ask for: made by the UI, posted to the engine.
#pragma once

#include <string>

namespace patella::session {

enum class TapKind {
  open_station = 1,  ///< text = station id
  choose_guest,
  choose_client,  ///< text = client ref
  back,
  answer,          ///< text = question id, value 0 / 1
  set_pain,        ///< value 0…10: screening, pain_stop, after
  set_effort,      ///< value 0…10
  set_pain_place,  ///< text
  next,            ///< the main button of who, screening, pain_stop, after, summary
  start,           ///< on set_up
  staff_start,     ///< on start_gate: staff are here and let it start
  pause,
  resume,
  skip_rest,
  end_session,     ///< at once: the answer to the question whether to end, or a command
  ask_end,         ///< the button *End*
  keep_going,      ///< the other answer
  skip_questions,  ///< screening, pain_stop, after: on, with nothing answered that was not; where nobody can be asked
  pain_stop,
  call_staff,
  resume_session,
  close_interrupted,
  touch,        ///< the glass was touched where nothing is: a sign that somebody is there
  still_there,  ///< while asked
  leave_now,    ///< while asked: close at once
  // The staff area.
  staff_open,  ///< on home
  staff_leave,
  staff_member,       ///< text = id
  staff_key,          ///< text = "0" … "9", ".", or "" to take the last one back
  staff_accept,       ///< the PIN is typed
  staff_notices,      ///< the list of them
  staff_acknowledge,  ///< text = id of a notice
  staff_calibrate,    ///< value = index of the row, as for the next two
  staff_pair,
  staff_retry,
  take_point,
  weight_unit,  ///< text = "kg" or "N"
  undo_point,
  store_calibration,
  listen,         ///< for sensors around
  choose_sensor,  ///< text = id of the candidate
  use_sensor
};

struct Tap {
  TapKind kind = TapKind::back;
  std::string text;
  int value = 0;
};
/// The digit of a PIN that this tap carries; null: it carries none.
inline std::string* secret_of(Tap& tap) { return tap.kind == TapKind::staff_key ? &tap.text : nullptr; }

}  // namespace patella::session
