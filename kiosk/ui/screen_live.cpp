// The exercise: whatever the module's view holds, for every module.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

constexpr float kHeroW = 720;  // of the card with the trained number beside a trace

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

/// Left is round and in accent, right is square and in the colour of text: neither needs the colour to be told apart.
void side_pill(Frame& f, Rect r) {
  const bool left = f.s.view.side == PATELLA_SIDE_LEFT;
  const ReadAt at_a_glance(f, Reading::feedback);
  const ImU32 c = left ? f.colour.accent : f.colour.text;
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.card_bottom, c, .20f), left ? r.h / 2 : 18);
  const TextStyle style{Weight::medium, size::feedback, f.colour.text, Align::left, Upright::middle, 1, 44};
  const Rect room{r.x + 96, r.y, r.w - 192, r.h};
  const Rect used = measure_in(f, room, style, side_words(f));
  const float x = r.centre().x - used.w / 2;
  text_in(f, {x, r.y, room.w, r.h}, style, side_words(f));
  draw_icon(f, {left ? x - 48 : x + used.w + 48, r.centre().y}, 72, c, left ? icon::back : icon::next);
}

/// What to do now, or where one is.
std::string prompt_words(const Frame& f) {
  const std::string prompt = view_text(f, f.s.view.prompt);
  return prompt.empty() ? view_text(f, f.s.view.title) : prompt;
}

constexpr TextStyle kCue{Weight::medium, size::needed, 0, Align::left, Upright::middle, 4, 40};

/// "Target 40–80", and in small below it who set it.
constexpr float kTargetH = 118;
void target_line(Frame& f, Rect r, double low, double high, int decimals, Align align) {
  const std::string range = range_text(f.words.tr, low, high, decimals);
  text_in(f, {r.x, r.bottom() - 32, r.w, 32}, {Weight::regular, size::floor, f.colour.text2, align},
          f.s.session->set_by_physio ? f.words.target_by : f.words.target_house);
  const ReadAt far(f, Reading::needed);
  const float range_w = figures_width(f, size::needed, range), gap = 34;
  const Rect label{r.x, r.y, r.w - range_w - gap, 84};
  const TextStyle style{Weight::regular, size::needed, f.colour.text2, Align::left, Upright::middle, 1, 36};
  const float label_w = measure_in(f, label, style, f.words.target_label).w;
  const bool both = label_w + gap + range_w <= r.w;
  const float all = both ? label_w + gap + range_w : range_w, x = align == Align::centre ? r.centre().x - all / 2 : r.x;
  if (both) text_in(f, {x, label.y, label.w, label.h}, style, f.words.target_label);
  figures(f, {both ? x + label_w + gap : x, label.centre().y}, size::needed, f.colour.target, range, Align::left, r.w);
}

// ---- main cards

void big_message(Frame& f, Rect r, unsigned code, ImU32 c, std::string_view title, std::string_view text) {
  const Rect in = r.inset(48, 36);
  const float badge = std::min(96.f, in.h * .16f);
  const V2 at{r.centre().x, in.y + badge};
  f.dl->AddCircleFilled(at, badge, mix(f.colour.card_bottom, c, .20f), 64);
  draw_icon(f, at, badge * 1.2f, c, code);
  {
    const ReadAt at_a_glance(f, Reading::feedback);
    text_in(f, {in.x, in.y + 2 * badge + 16, in.w, in.h * .22f},
            {Weight::medium, 96, f.colour.text, Align::centre, Upright::middle, 2, 56}, title);
  }
  const ReadAt far(f, Reading::needed);
  const float y = in.y + 2 * badge + 16 + in.h * .22f + 20;
  text_in(f, {in.x, y, in.w, in.bottom() - y},
          {Weight::regular, size::needed, f.colour.text2, Align::centre, Upright::top, 4, 40}, text);
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
  Rect in = r.inset(48, 36);
  const std::string label = view_text(f, f.s.view.timer_label);
  {
    const ReadAt at_a_glance(f, Reading::feedback);
    if (!side_words(f).empty()) {
      side_pill(f, in.cut_top(112));
      in.cut_top(16);
    }
    text_in(f, in.cut_bottom(100), {Weight::medium, size::feedback, f.colour.accent_text, Align::centre, Upright::middle, 1, 44},
            label.empty() ? f.words.get_ready : label);
  }
  {
    const ReadAt far(f, Reading::needed);
    TextStyle cue = kCue;
    cue.align = Align::centre;
    cue.max_lines = 2;
    text_in(f, in.cut_top(160), cue, prompt_words(f));
  }
  const TimerLook timer = timer_look(f, 0);
  const double left = timer.there ? std::ceil(timer.seconds - 1e-6) : 0;
  const ReadAt trained(f, Reading::trained);
  figures(f, in.centre(), std::min(380.f, in.h * 1.05f), f.colour.text, fmt::format("{:.0f}", left), Align::centre, in.w);
}

void main_gauge(Frame& f, Rect r) {
  const patella_readout& primary = *primary_readout(f.s.view);
  const ValueLook look = look_of(f, primary);
  Rect in{r.x + 24, r.y + 20, r.w - 48, r.h - 40};
  Rect right = in.cut_right(std::max(440.f, in.w * .38f));
  right = {right.x + 8, right.y + 16, right.w - 20, right.h - 32};
  in.cut_right(12);
  gauge(f, in, primary, look, feedback_of(f));
  if (!side_words(f).empty()) {
    side_pill(f, right.cut_top(112));
    right.cut_top(20);
  }
  if (has_target(primary)) {
    target_line(f, right.cut_top(kTargetH), primary.target_low, primary.target_high, primary.decimals, Align::left);
    f.dl->AddLine({right.x, right.y + 14}, {right.right(), right.y + 14}, f.colour.edge, 2.5f);
    right.cut_top(30);
  }
  const std::string prompt = view_text(f, f.s.view.prompt);
  if (!prompt.empty()) {
    const ReadAt far(f, Reading::needed);
    const float h = std::min(measure_in(f, right, kCue, prompt).h + 16, right.h);
    text_in(f, right.cut_bottom(h), kCue, prompt);
    right.cut_bottom(16);
  }
  if (f.s.session->figure && right.h > 150) draw_figure(f, right, *f.s.session->figure, working(f.s));
}

Trace trace_of(Frame& f) {
  const patella_view& v = f.s.view;
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
  trace.line = 9;
  widen(trace);
  trace.live = true;
  const Trust trust = trust_of(f, v.trace_channel);
  trace.dot = trust == Trust::live ? tone_colour(f, v.tone) : f.colour.stale;
  return trace;
}

/// The trace gives way to what has to be read; a prompt that the feedback says already is left out.
void trace_card(Frame& f, Rect r, bool with_prompt) {
  card(f, r);
  Rect in = r.inset(24, 24);
  const std::string prompt = with_prompt ? prompt_words(f) : std::string();
  if (!prompt.empty()) {
    const ReadAt far(f, Reading::needed);
    const Rect room{in.x + 8, in.y, in.w - 16, in.h * .62f};
    const float h = measure_in(f, room, kCue, prompt).h;
    text_in(f, {room.x, room.y, room.w, h + 8}, kCue, prompt);
    in.cut_top(h + 28);
  }
  if (in.h > 180) draw_trace(f, in, trace_of(f));
}

/// The feedback; when there is none, a prompt that is short enough for one line.
Feedback pill_of(Frame& f, float width) {
  Feedback feedback = feedback_of(f);
  if (!feedback.words.empty()) return feedback;
  feedback = {prompt_words(f), f.colour.accent, icon::info};
  if (text_width(f, Weight::medium, size::feedback, feedback.words) > width - 200) return {};
  return feedback;
}

/// The number that is trained, with side, target and feedback: nothing takes room from this card.
void hero_card(Frame& f, Rect r) {
  card(f, r);
  Rect in = r.inset(28, 26);
  const patella_readout* primary = primary_readout(f.s.view);
  const Feedback feedback = pill_of(f, in.w);
  if (!side_words(f).empty()) {
    side_pill(f, in.cut_top(112));
    in.cut_top(14);
  }
  const float pill = feedback_height(f, in.w, feedback);
  feedback_pill(f, in.cut_bottom(pill), feedback);
  in.cut_bottom(14);
  if (!primary) return;
  if (has_target(*primary)) {
    target_line(f, in.cut_bottom(kTargetH), primary->target_low, primary->target_high, primary->decimals, Align::centre);
    in.cut_bottom(6);
  }
  const ReadAt trained(f, Reading::trained);
  value_block(f, in, *primary, look_of(f, *primary), std::clamp(in.h * 1.25f, 190.f, 280.f), Align::centre);
}

/// A hold of up to a minute and a half is counted in seconds alone.
TimerLook in_seconds(const Frame& f, TimerLook timer) {
  const double total = f.s.view.timer_total_s, rate = f.s.view.timer_rate;
  const bool tenths = rate >= 0 && total <= 20;
  if (!timer.there || tenths || !std::isfinite(total) || total >= 100) return timer;
  timer.words = fmt::format("{:.0f}", rate < 0 ? std::ceil(timer.seconds - 1e-6) : std::floor(timer.seconds + 1e-6));
  return timer;
}

/// "of 30 s", or what the timer counts.
std::string timer_words(const Frame& f) {
  const patella_view& v = f.s.view;
  if (std::isfinite(v.timer_total_s) && v.timer_total_s > 0 && v.timer_total_s < 100)
    return fill_in(f.words.of_all, {f.say(Message("{0}", Quantity{v.timer_total_s, 0, "s"}))});
  return view_text(f, v.timer_label);
}

void main_timer(Frame& f, Rect r) {
  Rect in = r.inset(36, 22);
  const Feedback feedback = feedback_of(f);
  const std::string prompt = prompt_words(f);
  const bool tall = in.h > in.w;
  const float radius = (tall ? std::min(in.w * .42f, in.h * .28f) : std::min(in.w * .28f, in.h / 2)) - 26;
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  if (timer.there) {
    const Rect place = tall ? in.cut_top(2 * radius + 60) : in.cut_left(2 * radius + 60);
    in = tall ? Rect{in.x, in.y + 24, in.w, in.h - 24} : Rect{in.x + 32, in.y, in.w - 32, in.h};
    const V2 c = place.centre();
    {
      const ReadAt trained(f, Reading::trained);
      const TimerLook seconds = in_seconds(f, timer);
      timer_ring(f, c, radius, 52, seconds.words.size() > 3 ? size::hero : 300, seconds, f.colour.accent);
    }
    const ReadAt far(f, Reading::needed);
    const float w = radius * 1.1f;
    text_in(f, {c.x - w / 2, c.y + radius * .40f, w, 80}, {Weight::regular, size::needed, f.colour.text2, Align::centre},
            view_text(f, f.s.view.timer_label));
  }
  if (!side_words(f).empty()) {
    side_pill(f, in.cut_top(112));
    in.cut_top(20);
  }
  Rect words = in;
  if (!feedback.words.empty()) {
    const ReadAt at_a_glance(f, Reading::feedback);
    text_in(f, words.cut_top(words.h * .36f), {Weight::medium, 128, feedback.c, Align::left, Upright::bottom, 2, 56},
            feedback.words);
    words.cut_top(28);
  }
  const ReadAt far(f, Reading::needed);
  if (timer.there) text_in(f, words.cut_bottom(words.h * .28f), {Weight::regular, size::needed, f.colour.text2}, timer_words(f));
  TextStyle cue = kCue;
  cue.px = size::feedback;
  text_in(f, words, cue, prompt);
}

// ---- side cards

/// What it is now, its time, how much of it has passed, and what comes next.
void timer_card(Frame& f, Rect r) {
  card(f, r);
  const patella_view& v = f.s.view;
  const std::string next = view_text(f, v.next_label), title = view_text(f, v.title);
  Rect in = r.inset(32, 28);
  const TimerLook timer = timer_look(f, in.w);
  if (!next.empty() && in.h > 260)
    text_in(f, in.cut_bottom(48), {Weight::medium, 36, f.colour.text2, Align::left, Upright::middle, 1, 30}, next);
  if (timer.part >= 0 && in.h > 190) {
    const Rect bar = in.cut_bottom(28);
    const Rect track{bar.x, bar.y + 4, bar.w, 16};
    pill(f.dl, track, f.colour.track);
    pill(f.dl, {track.x, track.y, std::max(16.f, track.w * timer.part), 16}, f.colour.accent);
  }
  const ReadAt far(f, Reading::needed);
  const TextStyle style{Weight::medium, size::needed, f.colour.text, Align::left, Upright::middle, 1, 40};
  if (!timer.there) {
    TextStyle whole = style;
    whole.max_lines = 3;
    return static_cast<void>(text_in(f, in, whole, title));
  }
  text_in(f, in.cut_top(in.h * .42f), style, title);
  figures(f, {in.x, in.centre().y}, std::min(size::count, in.h * 1.3f), f.colour.text, timer.words, Align::left, in.w);
}

void secondary_row(Frame& f, Rect r, const patella_readout& readout) {
  const ValueLook look = look_of(f, readout);
  const bool heart = view_field(readout.key) == "heart_rate";
  if (heart) {
    draw_icon(f, {r.x + 36, r.centre().y}, 64, look.trust == Trust::live ? f.colour.heart : f.colour.stale, icon::heart);
    r.cut_left(92);
  }
  const float px = std::clamp(r.h * .70f, 72.f, 120.f);
  const Rect words = r.cut_right(r.w * .44f);
  {
    const ReadAt far(f, Reading::needed);
    value_block(f, r, readout, look, px);
  }
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

/// The hold: seconds in a ring, of how many, and the figure in what room is left.
void hold_card(Frame& f, Rect r) {
  const bool timed = f.s.view.size != 0 && std::isfinite(f.s.view.timer_s);
  if (!timed) return figure_card(f, r);
  card(f, r);
  Rect in = r.inset(24, 26);
  const bool tall = in.h > in.w;
  const float radius = std::min({130.f, in.h / 2 - (tall ? 40.f : 0.f), in.w * .27f});
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  Rect time = tall ? in.cut_top(2 * radius + 108) : in.cut_left(in.w * .56f);
  {
    const ReadAt far(f, Reading::needed);
    timer_ring(f, {time.centre().x, tall ? time.y + radius : time.y + radius}, radius, 24, 150, in_seconds(f, timer),
               f.colour.target);
    text_in(f, {time.x, time.y + 2 * radius + 16, time.w, 84},
            {Weight::regular, size::needed, f.colour.text, Align::centre, Upright::middle, 1, 40}, timer_words(f));
  }
  if (f.s.session->figure && in.h > 120) draw_figure(f, in, *f.s.session->figure, working(f.s));
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

/// What is beside a gauge, a clock or a message: time, further readouts, figure.
void side_cards(Frame& f, Rect side, Main main) {
  if (f.s.view.size == 0) return;
  const bool figure_only = main == Main::countdown || main == Main::timer || main == Main::done;
  if (main == Main::countdown || (figure_only && f.s.view.readout_count == 0)) return figure_card(f, side);
  const Rect top = side.cut_top(side.h * .53f);
  side.cut_top(size::gutter);
  if (figure_only) {
    figure_card(f, top);
    if (!secondary_card(f, side)) timer_card(f, side);
    return;
  }
  timer_card(f, top);
  if (!secondary_card(f, side)) figure_card(f, side);
}

void main_card(Frame& f, Rect r, Main main) {
  card(f, r);
  switch (main) {
    case Main::stopped:
      return main_stopped(f, r);
    case Main::paused:
      return main_paused(f, r);
    case Main::countdown:
      return main_countdown(f, r);
    case Main::done:
      return main_done(f, r);
    case Main::gauge:
      return main_gauge(f, r);
    case Main::timer:
      return main_timer(f, r);
    case Main::trace:
      return;  // three cards of its own
  }
}

/// Feedback and prompt do not say the same.
bool prompt_says_more(Frame& f) {
  const std::string feedback = view_text(f, f.s.view.feedback), prompt = view_text(f, f.s.view.prompt);
  if (feedback.empty()) return pill_of(f, kHeroW - 56).words.empty();
  return !prompt.empty() && f.s.view.tone != PATELLA_TONE_ON_TARGET && feedback != prompt;
}

/// Notices take a strip of what is beside the main card, which keeps its size.
void wide_layout(Frame& f, Rect area, Main main) {
  if (main == Main::trace) {
    hero_card(f, area.cut_left(kHeroW));
    area.cut_left(size::gutter);
    area = below_strip(f, area);
    const Rect hold = area.cut_right(std::min(460.f, area.w * .42f));
    area.cut_right(size::gutter);
    trace_card(f, area, prompt_says_more(f));
    return hold_card(f, hold);
  }
  Rect side = area.cut_right(592);
  area.cut_right(size::gutter);
  main_card(f, area, main);
  side_cards(f, below_strip(f, side), main);
}

}  // namespace

void screen_live(Frame& f) {
  const std::string subtitle = f.say(f.s.session->client_label);
  const float y = header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), subtitle, true) + 8;
  const Rect stop = pain_stop_place(f);
  wide_layout(f, {size::margin, y, f.w - 2 * size::margin, stop.y - size::gutter - y}, main_of(f.s));
  Rect bottom = beside_pain_stop(f);
  buttons(f, f.look.left_handed ? bottom.cut_left(280) : bottom.cut_right(280));
  if (f.look.left_handed)
    bottom.cut_left(size::gutter);
  else
    bottom.cut_right(size::gutter);
  if (f.s.view.size != 0) progress_card(f, bottom);
  pain_stop_button(f);
}

}  // namespace patella::ui
