// The exercise: whatever the module's view holds, for every module.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

enum class Main { stopped, paused, countdown, done, trace, gauge, timer };

Main main_of(const session::Snapshot& s) {
  if (s.exercise_stopped_for_module) return Main::stopped;
  if (s.pause != session::Pause::none || s.view.phase == PATELLA_PHASE_PAUSED) return Main::paused;
  if (s.view.phase == PATELLA_PHASE_COUNTDOWN) return Main::countdown;
  if (s.view.phase == PATELLA_PHASE_DONE) return Main::done;
  if (s.view.trace_channel >= 0) return Main::trace;
  return primary_readout(s.view) ? Main::gauge : Main::timer;
}

bool working(const session::Snapshot& s) {
  return s.pause == session::Pause::none && !s.exercise_stopped_for_module &&
         (s.view.phase == PATELLA_PHASE_WORK || s.view.phase == PATELLA_PHASE_COUNTDOWN || s.view.phase == PATELLA_PHASE_WAITING);
}

std::string_view side_words(const Frame& f) {
  if (f.s.view.side == PATELLA_SIDE_LEFT) return f.words.left;
  if (f.s.view.side == PATELLA_SIDE_RIGHT) return f.words.right;
  return {};
}

/// "Left side" and what to do now, at the top of the main card.
void prompt_line(Frame& f, Rect r) {
  const std::string side(side_words(f)), prompt = view_text(f, f.s.view.prompt), title = view_text(f, f.s.view.title);
  if (!side.empty()) {
    const Rect used = state_pill(f, {r.x, r.centre().y - 40, std::min(420.f, r.w * .45f), 80}, Align::left, icon::person,
                                 f.colour.accent, side, 46);
    r.cut_left(used.w + 28);
  }
  text_in(f, r, {Weight::medium, size::title, f.colour.text, Align::left, Upright::middle, 2, 40},
          prompt.empty() ? title : prompt);
}

void target_line(Frame& f, Rect r, double low, double high, int decimals, std::string_view unit) {
  text_in(f, {r.x, r.y, r.w, 30}, {Weight::regular, size::caption, f.colour.text2},
          f.s.session->set_by_physio ? f.words.target_by : f.words.target_house);
  const std::string range = range_text(f.words.tr, low, high, decimals);
  const float unit_w = text_width(f, Weight::regular, 40, unit);
  const float w = figures(f, {r.x, r.y + 84}, 84, f.colour.text, range, Align::left, r.w - unit_w - 16);
  text_in(f, {r.x + w + 14, r.y + 76, unit_w + 4, 40}, {Weight::regular, 40, f.colour.text2}, unit);
}

// ---- main cards

void big_message(Frame& f, Rect r, unsigned code, ImU32 c, std::string_view title, std::string_view text) {
  const Rect in = r.inset(60, 40);
  const float badge = std::min(116.f, in.h * .20f);
  const V2 at{r.centre().x, in.y + in.h * .04f + badge};
  f.dl->AddCircleFilled(at, badge, mix(f.colour.card_bottom, c, .20f), 64);
  draw_icon(f, at, badge * 1.2f, c, code);
  text_in(f, {in.x, in.y + in.h * .47f, in.w, in.h * .22f},
          {Weight::medium, 92, f.colour.text, Align::centre, Upright::middle, 2, 56}, title);
  text_in(f, {in.x, in.y + in.h * .73f, in.w, in.h * .25f},
          {Weight::regular, 52, f.colour.text2, Align::centre, Upright::top, 3, 40}, text);
}

void main_stopped(Frame& f, Rect r) {
  big_message(f, r, icon::error, f.colour.high, f.words.stopped_title,
              f.words.stopped_text + " \xE2\x80\x93 " + f.words.tell_staff);
}

void main_paused(Frame& f, Rect r) {
  const std::string what_to_do = f.s.can_resume ? f.words.touch_resume : std::string();
  big_message(f, r, icon::pause, f.colour.accent, f.words.paused, f.s.pause_text.empty() ? what_to_do : f.say(f.s.pause_text));
}

void main_done(Frame& f, Rect r) {
  big_message(f, r, icon::check, f.colour.target, f.words.finished, view_text(f, f.s.view.prompt));
}

void main_countdown(Frame& f, Rect r) {
  Rect in = r.inset(48, 40);
  prompt_line(f, in.cut_top(100));
  const TimerLook timer = timer_look(f, 0);
  const double left = timer.there ? std::ceil(timer.seconds - 1e-6) : 0;
  const float px = std::min(380.f, in.h * .62f);
  const V2 c{in.centre().x, in.y + in.h * .46f};
  figures(f, c, px, f.colour.text, fmt::format("{:.0f}", left), Align::centre, in.w);
  const std::string label = view_text(f, f.s.view.timer_label);
  text_in(f, {in.x, in.bottom() - 84, in.w, 80},
          {Weight::medium, size::feedback, f.colour.accent, Align::centre, Upright::middle, 1, 44},
          label.empty() ? f.words.get_ready : label);
}

void main_gauge(Frame& f, Rect r) {
  const patella_readout& primary = *primary_readout(f.s.view);
  const ValueLook look = look_of(f, primary);
  Rect in{r.x + 24, r.y + 20, r.w - 48, r.h - 48};
  Rect right = in.cut_right(std::max(360.f, in.w * .36f));
  right.cut_left(16);
  right = {right.x, right.y + 24, right.w - 20, right.h - 30};
  in.cut_right(16);
  gauge(f, in, primary, look, feedback_of(f));
  if (const std::string_view side = side_words(f); !side.empty()) {
    state_pill(f, right.cut_top(72), Align::left, icon::person, f.colour.accent, side, 44);
    right.cut_top(20);
  }
  if (has_target(primary)) {
    target_line(f, right.cut_top(140), primary.target_low, primary.target_high, primary.decimals, unit_text(f, primary.unit));
    f.dl->AddLine({right.x, right.y + 8}, {right.right(), right.y + 8}, f.colour.edge, 2.5f);
    right.cut_top(28);
  }
  const std::string prompt = view_text(f, f.s.view.prompt);
  if (!prompt.empty())
    text_in(f, right.cut_bottom(132), {Weight::medium, 46, f.colour.text, Align::left, Upright::middle, 3, 36}, prompt);
  right.cut_bottom(16);
  if (f.s.session->figure && right.h > 120) draw_figure(f, right, *f.s.session->figure, working(f.s));
}

void main_trace(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  Rect in{r.x + 44, r.y + 26, r.w - 80, r.h - 44};
  prompt_line(f, in.cut_top(96));
  in.cut_top(12);
  Trace trace;
  trace.points = f.s.trace.points();
  trace.gaps = f.s.trace_gaps;
  trace.t1_s = f.s.session_t_s;
  trace.t0_s = f.s.session_t_s - (v.trace_seconds > 0 ? v.trace_seconds : 20);
  trace.offset = std::isfinite(v.trace_offset) ? v.trace_offset : 0;
  trace.band_low = v.trace_low;
  trace.band_high = v.trace_high;
  trace.min = v.trace_min;
  trace.max = v.trace_max;
  widen(trace);
  trace.live = true;
  const Trust trust = trust_of(f, v.trace_channel);
  trace.dot = trust == Trust::live ? tone_colour(f, v.tone) : f.colour.stale;
  draw_trace(f, in, trace);
}

void main_timer(Frame& f, Rect r) {
  Rect in = r.inset(44, 26);
  prompt_line(f, in.cut_top(96));
  in.cut_top(20);
  const Feedback feedback = feedback_of(f);
  const float radius = std::min(in.w * .25f, in.h / 2) - 18;
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  if (timer.there) {
    const Rect left = feedback.words.empty() ? in : in.cut_left(2 * radius + 60);
    const V2 c = left.centre();
    timer_ring(f, c, radius, 34, std::min(size::hero, radius * .86f), timer, f.colour.accent);
    const float w = radius * 1.2f;
    text_in(f, {c.x - w / 2, c.y + radius * .44f, w, 44}, {Weight::regular, 40, f.colour.text2, Align::centre},
            view_text(f, f.s.view.timer_label));
    if (!feedback.words.empty()) feedback_pill(f, in, feedback);
    return;
  }
  if (!feedback.words.empty()) feedback_pill(f, in.cut_bottom(108), feedback);
  text_in(f, in, {Weight::medium, 96, f.colour.text, Align::centre, Upright::middle, 3, 56}, view_text(f, f.s.view.title));
}

// ---- side cards

void timer_card(Frame& f, Rect r) {
  card(f, r);
  const patella_view& v = f.s.view;
  const float radius = std::min({r.h / 2 - 46, r.w * .24f, 150.f});
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  Rect in = r.inset(36, 34);
  if (timer.there) {
    timer_ring(f, {in.x + radius + 6, r.centre().y}, radius, 26, 92, timer, f.colour.accent);
    in.cut_left(2 * radius + 52);
  }
  const std::string next = view_text(f, v.next_label), title = view_text(f, v.title);
  std::string label = view_text(f, v.timer_label);
  if (!timer.there || label == title) label = {};
  if (in.h < 260 || next.empty()) {
    const float mid = in.centre().y;
    text_in(f, {in.x, mid - 66, in.w, 34}, {Weight::regular, size::caption, f.colour.text2}, label);
    text_in(f, {in.x, mid - 20, in.w, 96}, {Weight::medium, 50, f.colour.text, Align::left, Upright::top, 2, 36}, title);
    return;
  }
  text_in(f, {in.x, in.y + 2, in.w, 34}, {Weight::regular, size::caption, f.colour.text2}, label);
  text_in(f, {in.x, in.y + 60, in.w, 92}, {Weight::medium, 50, f.colour.text, Align::left, Upright::top, 2, 36}, title);
  const float line = in.y + in.h * .52f;
  f.dl->AddLine({in.x, line}, {in.right(), line}, f.colour.edge, 2.5f);
  text_in(f, {in.x, line + 18, in.w, in.bottom() - line - 18},
          {Weight::medium, 44, f.colour.text2, Align::left, Upright::middle, 2, 34}, next);
}

void hero_card(Frame& f, Rect r, const patella_readout& primary) {
  card(f, r);
  const ValueLook look = look_of(f, primary);
  Rect in = r.inset(40, 30);
  const Feedback feedback = feedback_of(f);
  if (!feedback.words.empty()) feedback_pill(f, in.cut_bottom(104), feedback);
  text_in(f, in.cut_top(38), {Weight::regular, size::caption, f.colour.text2}, view_text(f, primary.label));
  value_block(f, in, primary, look, std::min(size::hero, in.h * 1.2f), Align::centre);
}

void secondary_row(Frame& f, Rect r, const patella_readout& readout) {
  const ValueLook look = look_of(f, readout);
  const bool heart = view_field(readout.key) == "heart_rate";
  if (heart) {
    draw_icon(f, {r.x + 36, r.centre().y}, 64, look.trust == Trust::live ? f.colour.heart : f.colour.stale, icon::heart);
    r.cut_left(92);
  }
  const float px = std::clamp(r.h * .70f, 64.f, 110.f);
  const Rect words = r.cut_right(r.w * .44f);
  value_block(f, r, readout, look, px);
  const std::string label = view_text(f, readout.label);
  if (look.trust == Trust::live) {
    text_in(f, words, {Weight::regular, 36, f.colour.text2, Align::right, Upright::middle, 2}, label);
    return;
  }
  const Rect top{words.x, words.centre().y - 44, words.w, 40}, below{words.x, words.centre().y + 4, words.w, 44};
  text_in(f, top, {Weight::regular, 34, f.colour.text2, Align::right}, label);
  const Rect age =
      measure_in(f, {below.x + 44, below.y, below.w - 44, below.h}, {Weight::medium, 34, f.colour.high, Align::right},
                 look.age.empty() ? f.words.waiting_short : look.age);
  draw_icon(f, {age.x - 26, below.centre().y}, 38, f.colour.high, look.age.empty() ? icon::sensors_off : icon::timer);
  text_in(f, {below.x + 44, below.y, below.w - 44, below.h}, {Weight::medium, 34, f.colour.high, Align::right},
          look.age.empty() ? f.words.waiting_short : look.age);
}

/// Up to three readouts that are not the main one; false when there is none.
bool secondary_card(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  std::vector<const patella_readout*> rows;
  const auto count = std::min<std::size_t>(v.readout_count, PATELLA_VIEW_READOUTS);
  for (std::size_t i = 0; i < count; ++i)
    if (v.readouts[i].role != PATELLA_ROLE_PRIMARY) rows.push_back(&v.readouts[i]);
  if (rows.empty()) return false;
  const std::size_t most = std::max<std::size_t>(1, static_cast<std::size_t>((r.h - 30) / 92));
  if (rows.size() > most) rows.resize(most);
  card(f, r);
  const Rect in = r.inset(40, 18);
  const float h = in.h / static_cast<float>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rect row{in.x, in.y + h * static_cast<float>(i), in.w, h};
    if (i > 0) f.dl->AddLine({row.x, row.y}, {row.right(), row.y}, f.colour.edge, 2.5f);
    secondary_row(f, row, *rows[i]);
  }
  return true;
}

void figure_card(Frame& f, Rect r) {
  card(f, r);
  if (f.s.session->figure) return draw_figure(f, r.inset(28, 24), *f.s.session->figure, working(f.s));
  const V2 c = r.centre();
  draw_icon(f, c, std::min(200.f, r.h * .6f), f.colour.track_light, icon::for_station(f.s.station->icon));
}

/// The hold or rest timer beside a small figure.
void timer_and_figure(Frame& f, Rect r) {
  if (!f.s.session->figure || f.s.view.size == 0 || !std::isfinite(f.s.view.timer_s)) {
    if (std::isfinite(f.s.view.timer_s)) return timer_card(f, r);
    return figure_card(f, r);
  }
  card(f, r);
  Rect in = r.inset(30, 26);
  if (in.h < 190) {  // no room for both: the time is what is needed
    const float small = in.h / 2 - 2;
    timer_ring(f, {in.x + small, in.centre().y}, small - 10, 18, 56, timer_look(f, 2 * kPi * small), f.colour.target);
    in.cut_left(2 * small + 32);
    text_in(f, in, {Weight::medium, 48, f.colour.text2, Align::left, Upright::middle, 2, 34}, view_text(f, f.s.view.timer_label));
    return;
  }
  const float radius = std::min(in.h / 2 - 30, in.w * .22f);
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  const Rect left = in.cut_left(2 * radius + 16);
  timer_ring(f, {left.x + radius + 14, left.y + radius + 8}, radius, 24, 84, timer, f.colour.target);
  text_in(f, {left.x, left.bottom() - 32, left.w + 12, 38}, {Weight::regular, 34, f.colour.text2, Align::centre},
          view_text(f, f.s.view.timer_label));
  in.cut_left(24);
  draw_figure(f, in, *f.s.session->figure, working(f.s));
}

void buttons(Frame& f, Rect r) {
  const bool paused = f.s.pause != session::Pause::none || f.s.view.phase == PATELLA_PHASE_PAUSED;
  constexpr float kGap = 16;
  const float h = (r.h - kGap) / 2;
  const Rect top{r.x, r.y, r.w, h}, bottom{r.x, r.y + h + kGap, r.w, h};
  if (paused) {
    // What a sensor or the exercise paused goes on by itself: a button would do nothing. The reason is in the middle.
    if (f.s.can_resume && button(f, "resume", f.words.resume, icon::play, top, ButtonLook::primary)) f.tap(taps::Resume());
  } else if (button(f, "pause", f.words.pause, icon::pause, top, ButtonLook::secondary, !f.s.exercise_stopped_for_module)) {
    f.tap(taps::Pause());
  }
  if (button(f, "end_session", f.words.end, icon::stop, bottom, ButtonLook::secondary)) f.tap(taps::AskEnd());
}

void side_cards(Frame& f, Rect side, Main main) {
  const patella_readout* primary = primary_readout(f.s.view);
  const bool trace = f.s.view.trace_channel >= 0;
  const bool figure_only = main == Main::countdown || main == Main::timer;
  if (figure_only && f.s.view.readout_count == 0) return figure_card(f, side);
  const float split = trace && primary ? std::max(side.h * .56f, 352.f) : side.h * .53f;
  const Rect top = side.cut_top(split);
  side.cut_top(size::gutter);
  if (trace && primary) {
    hero_card(f, top, *primary);
    return main == Main::countdown ? figure_card(f, side) : timer_and_figure(f, side);
  }
  if (figure_only) {
    figure_card(f, top);
    if (!secondary_card(f, side)) timer_card(f, side);
    return;
  }
  timer_card(f, top);
  if (!secondary_card(f, side)) figure_card(f, side);
}

}  // namespace

void screen_live(Frame& f) {
  const std::string subtitle = f.say(f.s.session->client_label);
  float y = header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), subtitle, true);
  y = staff_strip(f, y) + 8;
  const Rect stop = pain_stop_place(f);
  Rect area{size::margin, y, f.w - 2 * size::margin, stop.y - size::gutter - y};
  Rect side = area.cut_right(std::max(656.f, area.w * .355f));
  area.cut_right(size::gutter);
  const Main main = main_of(f.s);
  card(f, area);
  switch (main) {
    case Main::stopped:
      main_stopped(f, area);
      break;
    case Main::paused:
      main_paused(f, area);
      break;
    case Main::countdown:
      main_countdown(f, area);
      break;
    case Main::done:
      main_done(f, area);
      break;
    case Main::trace:
      main_trace(f, area);
      break;
    case Main::gauge:
      main_gauge(f, area);
      break;
    case Main::timer:
      main_timer(f, area);
      break;
  }
  if (f.s.view.size != 0) side_cards(f, side, main);
  Rect bottom{size::margin, stop.y, stop.x - size::gutter - size::margin, stop.h};
  buttons(f, bottom.cut_right(270));
  bottom.cut_right(size::gutter);
  if (f.s.view.size != 0) progress_card(f, bottom);
  pain_stop_button(f);
}

}  // namespace patella::ui
