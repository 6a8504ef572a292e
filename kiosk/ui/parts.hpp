// What a module's view is made of, drawn: values with their age, gauge, trace, timer, sets, repetitions and
// phases.
#pragma once

#include <span>

#include "ui/widgets.hpp"

namespace patella::ui {

// ---- values

enum class Trust { live, old_value, none };

/// A readout as it may be shown now: no number is shown as live when it is not.
struct ValueLook {
  Trust trust = Trust::live;
  std::string number;  ///< "79", or dashes
  std::string age;     ///< "2 s old"; "" when live
  std::string why;     ///< "Sensor lost – waiting"; "" when live or not from a sensor
  bool waits = false;  ///< dashes because of the sensor, not because the module has nothing yet
};

ValueLook look_of(Frame& f, const patella_readout& readout);
/// The channel's trust now: the session's word, and the UI's own clock in case no snapshot comes any more:
/// then an old value after 2.5 s, none after 6 s.
Trust trust_of(Frame& f, int channel);
const patella_readout* primary_readout(const patella_view& view);
bool has_target(const patella_readout& readout);
/// "75–85", "≥ 40", "≤ 80".
std::string range_text(const Phrasebook& language, double low, double high, int decimals);
std::string number_text(const Phrasebook& language, double value, int decimals);
/// With its sign: "+0.5".
std::string signed_text(const Phrasebook& language, double value, int decimals);
/// Fixed-size text of a view as it stands there, cut at its end if the terminator is missing.
template <std::size_t N>
std::string_view view_field(const char (&text)[N]) {
  return {text, static_cast<std::size_t>(std::find(text, text + N, '\0') - text)};
}
/// The same in the client's language.
template <std::size_t N>
std::string view_text(const Frame& f, const char (&text)[N]) {
  return f.say(read_messages(view_field(text), f.s.session->module));
}
template <std::size_t N>
std::string unit_text(const Frame& f, const char (&unit)[N]) {
  return f.words.tr.word("unit", std::string(view_field(unit)));
}

// ---- feedback

struct Feedback {
  std::string words;
  ImU32 c = 0;
  unsigned icon = 0;
};
/// The module's word, or why there is none: a lost sensor is said instead of a feedback that would be a
/// guess.
Feedback feedback_of(Frame& f);
ImU32 tone_colour(const Frame& f, uint32_t tone);
/// What the pill takes up of this width: one line or two. 0 without words.
float feedback_height(const Frame& f, float width, const Feedback& feedback);
/// Icon and words in a bright pill that is read at 3 m, centred in the box.
void feedback_pill(Frame& f, Rect box, const Feedback& feedback);

void gauge(Frame& f, Rect box, const patella_readout& readout, const ValueLook& look, const Feedback& feedback);
/// Number, unit and age of one readout inside the box.
void value_block(Frame& f, Rect box, const patella_readout& readout, const ValueLook& look, float px, Align align = Align::left);

// ---- time

struct TimerLook {
  bool there = false;
  double seconds = 0;
  float part = -1;    ///< 0…1 for the ring; -1 = no ring
  std::string words;  ///< "2:34", "6.2"
};
/// The timer at this moment, at most 1.5 s beyond what the view said; notes when it changes next.
TimerLook timer_look(Frame& f, float ring_length_px);
std::string clock_text(double seconds);
void timer_ring(Frame& f, V2 centre, float radius, float thickness, float digits_px, const TimerLook& timer, ImU32 c);

// ---- sets, repetitions, phases

void progress_card(Frame& f, Rect r);

// ---- trace

struct Trace {
  std::span<const session::TracePoint> points;
  std::span<const session::TraceGap> gaps;
  double t0_s = 0, t1_s = 1;
  double offset = 0;
  double band_low = 0, band_high = 0;  ///< NaN = none
  double min = 0, max = 1;
  bool live = false;  ///< dot at the newest value, time axis counts back from now
  ImU32 dot = 0;
  float line = 6;
};
void draw_trace(Frame& f, Rect r, const Trace& trace);
/// Makes room for what the line does outside the range that the module expected, up to the next round number. One or two values that
/// no neighbour bears out are wild ones: they make no room.
void widen(Trace& trace);
/// Smallest and largest value of each pixel column, in the order of time, broken at the gaps; at most
/// `columns` columns.
struct TracePiece {
  std::size_t from = 0, to = 0;
};
void decimate(const Trace& trace, Rect plot, std::size_t columns, std::vector<ImVec2>& points, std::vector<TracePiece>& pieces);

}  // namespace patella::ui
