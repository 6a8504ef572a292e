// The rest between two sets: how long still, and what comes next.
#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

void rest_clock(Frame& f, Rect r) {
  card(f, r);
  Rect in = r.inset(40, 36);
  const float radius = std::min(in.w, in.h) / 2 - 18;
  const TimerLook timer = timer_look(f, 2 * kPi * radius);
  const std::string label = view_text(f, f.s.view.timer_label);
  const std::string_view words = label.empty() ? std::string_view(f.words.rest) : label;
  if (!timer.there) {
    text_in(f, in, {Weight::medium, 120, f.colour.text, Align::centre, Upright::middle, 2, 64}, words);
    return;
  }
  const V2 c = in.centre();
  {
    const ReadAt trained(f, Reading::trained);
    timer_ring(f, c, radius, 36, std::min(size::hero + 12, radius * .72f), timer, f.colour.accent);
  }
  const ReadAt far(f, Reading::needed);
  text_in(f, {c.x - radius * .62f, c.y + radius * .42f, radius * 1.24f, 84},
          {Weight::regular, size::needed, f.colour.text2, Align::centre, Upright::middle, 1, 40}, words);
}

void next_card(Frame& f, Rect r) {
  card(f, r);
  Rect in = r.inset(48, 40);
  const std::string next = view_text(f, f.s.view.next_label), prompt = view_text(f, f.s.view.prompt);
  const bool figure = f.s.session->figure != nullptr && in.h > 470;
  if (figure) {
    const Rect show = in.cut_bottom(std::min(in.h * .42f, 420.f));
    draw_figure(f, show, *f.s.session->figure, true);
    in.cut_bottom(20);
  }
  const ReadAt far(f, Reading::needed);
  const float part = prompt.empty() ? in.h : in.h * .5f - 8;
  text_in(f, in.cut_top(part), {Weight::medium, 76, f.colour.text, Align::left, Upright::middle, 2, 44},
          next.empty() ? prompt : next);
  if (!next.empty()) text_in(f, in, {Weight::regular, size::needed, f.colour.text2, Align::left, Upright::middle, 2, 36}, prompt);
}

}  // namespace

void screen_rest(Frame& f) {
  const float y =
      8 + header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), f.say(f.s.session->client_label), true);
  const Rect stop = pain_stop_place(f);
  Rect area{size::margin, y, f.w - 2 * size::margin, stop.y - size::gutter - y};
  rest_clock(f, area.cut_left(std::min(area.w * .46f, area.h * 1.25f)));
  area.cut_left(size::gutter);
  next_card(f, below_strip(f, area));

  Rect bottom = beside_pain_stop(f);
  Rect side = f.look.left_handed ? bottom.cut_left(320) : bottom.cut_right(320);
  if (f.look.left_handed)
    bottom.cut_left(size::gutter);
  else
    bottom.cut_right(size::gutter);
  const Rect skip = side.cut_top((side.h - 16) / 2);
  side.cut_top(16);
  if (button(f, "skip_rest", f.words.skip_rest, icon::skip, skip, ButtonLook::secondary)) f.tap(taps::SkipRest());
  if (button(f, "end_session", f.words.end, icon::stop, side, ButtonLook::secondary)) f.tap(taps::AskEnd());
  progress_card(f, bottom);
  pain_stop_button(f);
}

}  // namespace patella::ui
