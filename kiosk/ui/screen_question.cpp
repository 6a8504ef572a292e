// A question over a screen of a session: is somebody still there, shall the exercise end? The pain stop stays where it is.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

/// Whole seconds that are left, and a new picture for the next one.
int64_t seconds_left(Frame& f, int64_t until_us) {
  const int64_t left_us = std::max<int64_t>(0, until_us - f.now_us);
  const int64_t left_s = (left_us + 999'999) / 1'000'000;
  if (left_s > 0) f.change_at(until_us - (left_s - 1) * 1'000'000);
  return left_s;
}

bool has_pain_stop(session::Screen screen) {
  using session::Screen;
  return screen == Screen::set_up || screen == Screen::live || screen == Screen::rest;
}

Rect question_card(Frame& f) {
  const float bottom = has_pain_stop(f.s.screen) ? pain_stop_place(f).y - size::gutter : f.h - 32;
  const float w = std::min(1500.f, f.w - 2 * size::margin), top = size::header + 20;
  const float h = std::min(760.f, bottom - top);
  const Rect r{(f.w - w) / 2, top + (bottom - top - h) / 2, w, h};
  card(f, r, 36);
  return r.inset(64, 44);
}

}  // namespace

void screen_ask_end(Frame& f) {
  header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), f.say(f.s.session->client_label), true);
  Rect in = question_card(f);
  Rect row = in.cut_bottom(std::min(160.f, in.h * .3f));
  in.cut_bottom(28);
  text_in(f, in.cut_top(in.h * .58f), {Weight::medium, 84, f.colour.text, Align::centre, Upright::middle, 2, 48},
          f.words.ask_end);
  if (f.s.pause == session::Pause::none)
    text_in(f, in, {Weight::regular, 44, f.colour.text2, Align::centre, Upright::middle, 2, 32}, f.words.runs_on);
  const Rect end = row.cut_left(row.w * .42f);
  row.cut_left(size::gutter);
  if (button(f, "end_confirm", f.words.end_exercise, icon::stop, end, ButtonLook::secondary)) f.tap(taps::EndSession());
  if (button(f, "keep_going", f.words.keep_going, icon::play, row, ButtonLook::primary)) f.tap(taps::KeepGoing());
  pain_stop_button(f);
}

void screen_still_there(Frame& f) {
  header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), "", false);
  Rect in = question_card(f);
  Rect row = in.cut_bottom(std::min(160.f, in.h * .3f));
  in.cut_bottom(28);
  text_in(f, in.cut_top(in.h * .42f), {Weight::medium, 84, f.colour.text, Align::centre, Upright::middle, 1, 48},
          f.words.still_there);
  const std::string seconds = std::to_string(seconds_left(f, f.s.asked_until_us));
  figures(f, {in.centre().x, in.y + in.h * .3f}, std::min(150.f, in.h * .5f), f.colour.accent, seconds, Align::centre);
  text_in(f, in.cut_bottom(in.h * .36f), {Weight::regular, 44, f.colour.text2, Align::centre, Upright::middle, 2, 32},
          fill_in(is_session_screen(f.s.screen) ? f.words.closes_in : f.words.home_in, {seconds}));
  const Rect leave = row.cut_left(row.w * .42f);
  row.cut_left(size::gutter);
  if (button(f, "leave_now", is_session_screen(f.s.screen) ? f.words.end_now : f.words.to_home, icon::close, leave,
             ButtonLook::secondary))
    f.tap(taps::LeaveNow());
  if (button(f, "still_there", f.words.still_here, icon::check, row, ButtonLook::primary)) f.tap(taps::StillThere());
  if (has_pain_stop(f.s.screen)) pain_stop_button(f);
}

}  // namespace patella::ui
