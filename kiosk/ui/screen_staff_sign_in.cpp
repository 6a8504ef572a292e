// Who of the staff is it, and the PIN: only how many digits were typed is ever shown.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::SignInView;

void member_row(Frame& f, Rect r, const SignInView& now, const SignInView::Member& member) {
  const Press press = press_area(f, "staff_" + member.id, member.name, r, !now.checking);
  if (press.tapped) f.tap(SignInView::Choose{member.id});
  const bool picked = now.chosen == member.id;
  const Rect at = press.held ? r.inset(4) : r;
  fill(f.dl, at, 26, picked ? f.colour.track_light : f.colour.track, f.colour.track);
  if (picked || press.held) outline(f.dl, at, 26, f.colour.accent, 4);
  draw_icon(f, {at.x + 66, at.centre().y}, 52, picked ? f.colour.accent : f.colour.text2, icon::staff);
  text_in(f, {at.x + 122, at.y + 8, at.w - 146, at.h - 16},
          {Weight::medium, 44, f.colour.text, Align::left, Upright::middle, 2, 30}, member.name);
}

void members(Frame& f, Rect r, const SignInView& now) {
  constexpr float kGap = 18;
  const float row_h = std::max(112.f, f.touch_least());
  const auto& list = now.members;
  card(f, r, 36);
  Rect in = r.inset(36, 28);
  text_in(f, in.cut_top(48), {Weight::regular, 36, f.colour.text2}, f.words.who_are_you);
  in.cut_top(18);
  const float all = static_cast<float>(list.size()) * (row_h + kGap) - kGap, w = in.w - (all > in.h ? 38.f : 0.f);
  const Rect view{in.x - 8, in.y - 8, in.w + 16, in.h + 16};  // the outline of the chosen one reaches out of its row
  begin_scroll(f, view, all + 16);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Rect row{in.x, in.y + static_cast<float>(i) * (row_h + kGap) - f.scroll.offset, w, row_h};
    if (row.bottom() > in.y && row.y < in.bottom()) member_row(f, row, now, list[i]);
  }
  end_scroll(f, view, all + 16);
}

/// What stands where the digits are counted: they themselves, or why none can be typed.
std::string said(Frame& f, const SignInView& now, bool locked) {
  if (locked) {
    const int64_t left_us = now.locked_until_us - f.now_us;
    f.change_at(f.now_us + (left_us - 1) % 1'000'000 + 1);
    const int64_t left_s = (left_us + 999'999) / 1'000'000;
    return fill_in(f.words.locked, {fmt::format("{}:{:02}", left_s / 60, left_s % 60)});
  }
  return now.checking ? f.words.checking : f.say(now.message.text);
}

void pin_card(Frame& f, Rect r, const SignInView& now, bool usable, bool locked) {
  card(f, r, 36);
  Rect in = r.inset(44, 28);
  const Rect line = in.cut_top(84);
  f.dl->AddRectFilled(line.top_left(), line.bottom_right(), f.colour.track, 24);
  const std::string words = said(f, now, locked);
  constexpr float kDot = 13, kStep = 46;
  const float from = line.centre().x - kStep * static_cast<float>(now.digits - 1) / 2;
  if (!words.empty())
    text_in(
        f, line.inset(20, 6),
        {Weight::medium, 38, locked || now.message.trouble ? f.colour.high : f.colour.text, Align::centre, Upright::middle, 2},
        words);
  else if (now.digits == 0)
    text_in(f, line.inset(20, 6), {Weight::regular, 38, f.colour.text3, Align::centre}, f.words.pin);
  else
    for (int i = 0; i < now.digits; ++i)
      f.dl->AddCircleFilled({from + kStep * static_cast<float>(i), line.centre().y}, kDot, f.colour.text, 24);
  in.cut_top(24);
  if (const auto key = keypad(f, in, false, usable)) f.tap(SignInView::Type{*key});
}

}  // namespace

void draw_screen(Frame& f, const SignInView& now) {
  const float y =
      header(f, icon::staff, f.words.staff_area, now.lets_start ? f.words.sign_in_to_start : f.words.sign_in, false) + 12;
  Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  back_button(f, SignInView::Cancel());
  if (now.members.empty()) {
    card(f, area, 36);
    draw_icon(f, {area.centre().x, area.centre().y - 110}, 130, f.colour.text3, icon::lock);
    text_in(f, {area.x + 90, area.centre().y, area.w - 180, 190},
            {Weight::medium, 44, f.colour.text2, Align::centre, Upright::top, 3}, f.say(now.message.text));
    return;
  }
  const bool locked = f.now_us < now.locked_until_us;
  const bool usable = !locked && !now.checking && !now.chosen.empty();
  members(f, area.cut_left(area.w * .44f), now);
  area.cut_left(size::gutter);
  pin_card(f, area, now, usable, locked);
  const Rect ok{f.w - size::margin - 480, f.h - 32 - 120, 480, 120};
  if (button(f, "staff_accept", f.words.accept, icon::check, ok, ButtonLook::primary, now.can_accept && !locked))
    f.tap(SignInView::Accept());
}

}  // namespace patella::ui
