// A force sensor and known weights: the reading on the left with the points below it, the weight on the right.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::CalibrationView;

void reading(Frame& f, Rect r, const CalibrationView& now, bool there) {
  text_in(f, r.cut_top(44), {Weight::regular, 34, f.colour.text2}, f.words.reading);
  const Rect state = r.cut_right(340);
  if (there)
    number_with_unit(f, r, 112, number_text(f.words.tr, now.reading_n, 1), f.words.newtons, Align::left);
  else
    text_in(f, r, {Weight::medium, 112, f.colour.text3}, "\xE2\x80\x93");
  const Rect pill{state.x, state.centre().y - 34, state.w, 68};
  if (!there)
    state_pill(f, pill, Align::right, icon::hourglass, f.colour.high, f.words.no_reading, 34);
  else if (now.still)
    state_pill(f, pill, Align::right, icon::check_circle, f.colour.target, f.words.still, 34);
  else if (now.moves)
    state_pill(f, pill, Align::right, icon::sensors, f.colour.low, f.words.not_still, 34);
  else
    state_pill(f, pill, Align::right, icon::hourglass, f.colour.low, f.words.one_moment, 34);
}

void cell(Frame& f, Rect r, const std::string& words, ImU32 c) { text_in(f, r, {Weight::medium, 34, c, Align::right}, words); }

std::string newtons(const Frame& f, const std::string& number) { return number + " " + f.words.newtons; }

/// "10 kg = 98.07 N"; what was typed in newtons stands alone.
std::string known_text(const Frame& f, const CalibrationView::Point& point) {
  const std::string typed = f.say(point.typed);
  return point.in_kg ? typed + " = " + newtons(f, number_text(f.words.tr, point.known_n, 2)) : typed;
}

void points(Frame& f, Rect r, const CalibrationView& now) {
  constexpr float kRow = 46;
  const float w = r.w / 3;
  const auto columns = [&](Rect row, const std::string& a, const std::string& b, const std::string& c, ImU32 ink) {
    cell(f, row.cut_left(w - 10), a, ink);
    cell(f, row.cut_left(w), b, ink);
    cell(f, row.cut_left(w), c, ink);
  };
  const Rect head = r.cut_top(50);
  f.dl->AddLine({head.x, head.bottom()}, {head.right(), head.bottom()}, f.colour.edge, 2.5f);
  columns(head, f.words.points_known, f.words.points_said, f.words.points_off, f.colour.text2);
  for (const CalibrationView::Point& point : now.points)
    columns(r.cut_top(kRow), known_text(f, point), newtons(f, number_text(f.words.tr, point.reading_n, 2)),
            point.has_off ? newtons(f, signed_text(f.words.tr, point.off_n, 2)) : "–", f.colour.text);
}

void line(Frame& f, Rect r, const CalibrationView& now) {
  if (!now.has_line) return;
  text_in(f, r.cut_top(48), {Weight::medium, 38, f.colour.target},
          fill_in(f.words.line_is, {number_text(f.words.tr, now.slope, 4), signed_text(f.words.tr, now.offset_n, 2)}));
  const std::string residual = fill_in(f.words.residual_is, {number_text(f.words.tr, now.residual_n, 2)});
  text_in(f, r.cut_top(44), {Weight::regular, 32, f.colour.text2}, now.points.size() == 2 ? f.words.two_points : residual);
}

void unit_choice(Frame& f, Rect r, const CalibrationView& now) {
  constexpr float kGap = 14;
  const float w = (r.w - kGap) / 2;
  const auto one = [&](const char* id, const std::string& label, float x, bool chosen, bool kg) {
    const Rect at{x, r.y, w, r.h};
    if (button(f, id, label, 0, at, ButtonLook::secondary, !now.taking)) f.tap(CalibrationView::TypeIn{kg});
    if (chosen) outline(f.dl, at, 26, f.colour.accent, 5);
  };
  one("unit_kg", f.words.kilograms, r.x, now.in_kg, true);
  one("unit_n", f.words.newtons, r.x + w + kGap, !now.in_kg, false);
}

/// On a small panel the keys need the height: then the button that takes the point stands in the row at the bottom.
void weight(Frame& f, Rect in, const CalibrationView& now, Rect bottom_take) {
  const float typed_h = std::max(88.f, f.touch_least()), take_h = std::max(104.f, f.touch_least());
  const bool tight = in.h < 52 + typed_h + 14 + 4 * f.touch_least() + 42 + 14 + take_h;
  text_in(f, in.cut_top(44), {Weight::regular, 34, f.colour.text2}, f.words.known_weight);
  in.cut_top(8);
  Rect typed = in.cut_top(typed_h);
  const Rect unit = typed.cut_right(std::max(240.f, 2 * f.touch_least() + 14));
  typed.cut_right(14);
  f.dl->AddRectFilled(typed.top_left(), typed.bottom_right(), f.colour.track, 24);
  if (!now.typed.empty()) figures(f, {typed.right() - 24, typed.centre().y}, 60, f.colour.text, now.typed, Align::right);
  unit_choice(f, unit, now);
  in.cut_top(14);
  const Rect take = tight ? bottom_take : in.cut_bottom(take_h);
  if (!tight) in.cut_bottom(14);
  if (const auto key = keypad(f, in, true, !now.taking)) f.tap(CalibrationView::Type{*key});
  if (button(f, "take_point", now.taking ? f.words.measuring : f.words.take, now.taking ? icon::hourglass : icon::scale, take,
             ButtonLook::primary, now.can_take))
    f.tap(CalibrationView::TakePoint());
}

}  // namespace

void draw_screen(Frame& f, const CalibrationView& now) {
  float y = header(f, icon::scale, fill_in(f.words.calibrate_one, {f.say(now.device.label)}), staff_subtitle(f, f.say(now.which)),
                   false);
  const bool there = now.has_reading && !is_old(f);
  session::StaffMessage message = now.message;
  // An absent sensor goes before what was said last.
  if (now.device.liveness != session::Liveness::live) {
    message = {verbatim(look_of(f, now.device).words), true};
    if (!now.points.empty()) message.text.push_back(Message("The points start again from the first"));
  }
  y = message_strip(f, y, message, f.words.first_point);
  Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  Rect left = area.cut_left(area.w * .56f);
  area.cut_left(size::gutter);
  card(f, left, 36);
  card(f, area, 36);
  Rect in = left.inset(40, 24);
  reading(f, in.cut_top(160), now, there);
  in.cut_top(6);
  points(f, in.cut_top(330), now);
  line(f, in, now);
  const float at = f.h - 32 - 120;
  weight(f, area.inset(36, 24), now, {size::margin + 720, at, f.w - 2 * size::margin - 720 - 520, 120});

  back_button(f, CalibrationView::Back());
  if (button(f, "undo", f.words.undo, 0, {size::margin + 340, at, 340, 120}, ButtonLook::secondary, now.can_undo))
    f.tap(CalibrationView::TakeBack());
  if (button(f, "store", f.words.store, icon::save, {f.w - size::margin - 480, at, 480, 120}, ButtonLook::primary, now.can_store))
    f.tap(CalibrationView::Store());
}

}  // namespace patella::ui
