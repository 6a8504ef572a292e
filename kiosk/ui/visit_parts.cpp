#include "ui/visit_parts.hpp"

#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {

VisitLayout visit_layout(const Frame& f, bool with_stop, float row_upright) {
  VisitLayout out;
  out.k = unit(f);
  out.upright = upright(f);
  const float k = out.k, margin = size::margin * k, gap = (out.upright ? 18 : 28) * k;
  Rect all{margin, 136 * k, f.w - 2 * margin, f.h - 136 * k - margin};
  if (out.upright) {
    if (with_stop) {
      out.stop = all.cut_bottom(std::max(146 * k, f.touch_least()));
      all.cut_bottom(gap);
    }
    out.bottom = all.cut_bottom(std::max(row_upright * k, f.touch_least()));
  } else {
    out.bottom = all.cut_bottom(std::max(176.f, f.touch_least()));
    if (with_stop) {
      out.stop = out.bottom.cut_right(size::stop_w);
      out.bottom.cut_right(gap);
    }
  }
  all.cut_bottom(gap);
  out.content = all;
  return out;
}

bool visit_header(Frame& f, unsigned code, std::string_view title, std::string_view subtitle, const HeaderButton& extra) {
  const float k = unit(f), y = 68 * k, margin = size::margin * k;
  const V2 c{margin + 44 * k, y};
  f.dl->AddCircleFilled(c, 44 * k, mix(f.colour.background, f.colour.accent, .20f), 64);
  draw_icon(f, c, 52 * k, f.colour.accent, code);
  float right = f.w - margin;
  if (!f.s.wall_clock.empty()) right -= figures(f, {right, y}, 44 * k, f.colour.text, f.s.wall_clock, Align::right) + 32 * k;
  bool tapped = false;
  if (!extra.label.empty()) {
    const float h = std::max(88 * k, f.touch_least());
    const float w =
        std::clamp(text_width(f, Weight::medium, 36 * k, extra.label) + 120 * k, 200 * k, upright(f) ? 280 * k : 420 * k);
    const Rect r{right - w, std::max(18.f, y - h / 2), w, h};
    tapped = plain_button(f, extra.id, extra.label, extra.icon, r, 36);
    right -= w + 24 * k;
  }
  if (!f.s.kiosk->banners.empty() && f.s.screen != session::Screen::home) {
    const bool room = right - 152 * k > 900 * k;
    const Rect box{right - 480 * k, y - 30 * k, 480 * k, 60 * k};
    if (room)
      right = chip(f, box, Align::right, icon::warning, f.colour.high, f.say(f.s.kiosk->banners[0].front())).x - 24 * k;
    else
      draw_icon(f, {right - 30 * k, y}, 48 * k, f.colour.high, icon::warning), right -= 84 * k;
  }
  const float x = margin + 112 * k, w = right - x - 8 * k;
  text_in(f, {x, y - 46 * k, w, 56 * k}, {Weight::medium, 48 * k, f.colour.text, Align::left, Upright::middle, 1, 40 * k}, title);
  text_in(f, {x, y + 12 * k, w, 40 * k}, {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k},
          subtitle);
  return tapped;
}

void visit_pain_stop(Frame& f, Rect r) {
  const Press press = press_area(f, "pain_stop", f.words.pain_stop, r);
  constexpr int64_t kPressedUs = 200'000;
  const bool fresh = f.now_us - f.touch.stop_pressed_us < kPressedUs;
  if (fresh) f.change_at(f.touch.stop_pressed_us + kPressedUs);
  const bool down = press.held || fresh;
  const float k = unit(f);
  const Rect at = down ? r.inset(5) : r;
  shadow(f.dl, at, 24 * k, 30 * k, .5f, 8 * k);
  fill(f.dl, at, 24 * k, f.colour.stop_top, down ? f.colour.stop_bottom : mix(f.colour.stop_bottom, f.colour.stop_top, .2f));
  outline(f.dl, at, 24 * k, fade(f.colour.white, .28f), 2.5f * k);
  const float icon_w = 96 * k, gap = 20 * k;
  const TextStyle style{Weight::medium, 60 * k, f.colour.white, Align::left, Upright::middle, 2, 40 * k};
  Rect words{at.x + 28 * k + icon_w + gap, at.y + 10 * k, at.w - 52 * k - icon_w - gap, at.h - 20 * k};
  const Rect used = measure_in(f, words, style, f.words.pain_stop);
  const float x = at.centre().x - (icon_w + gap + used.w) / 2;
  draw_icon(f, {x + icon_w / 2, at.centre().y}, 92 * k, f.colour.white, icon::hand);
  words.x = x + icon_w + gap;
  text_in(f, words, style, f.words.pain_stop);
}

Rect visit_card(Frame& f, Rect r, float pad) {
  const float k = unit(f);
  card(f, r, size::radius * k);
  return r.inset(pad * k);
}

namespace {

/// Icon and words in the middle of the box, beside each other, or one over the other where the box is narrow and high.
void label_in(Frame& f, Rect r, std::string_view label, unsigned code, ImU32 ink, float px) {
  const float k = unit(f), icon_px = px * 1.2f;
  const bool has_icon = code != 0 && !f.fonts.icons.empty();
  if (!has_icon) {
    text_in(f, r.inset(16 * k, 8 * k), {Weight::medium, px, ink, Align::centre, Upright::middle, 2, 28 * k}, label);
    return;
  }
  const float beside = text_width(f, Weight::medium, px, label) + icon_px + 64 * k;
  if (r.h > 140 * k && beside > r.w) {
    draw_icon(f, {r.centre().x, r.y + r.h * .28f}, icon_px, ink, code);
    const Rect words{r.x + 12 * k, r.y + r.h * .44f, r.w - 24 * k, r.h * .46f};
    text_in(f, words, {Weight::medium, px, ink, Align::centre, Upright::middle, 2, 28 * k}, label);
    return;
  }
  const TextStyle style{Weight::medium, px, ink, Align::left, Upright::middle, 2, 28 * k};
  const float gap = 14 * k;
  Rect words{0, r.y + 6 * k, r.w - 40 * k - icon_px - gap, r.h - 12 * k};
  const Rect used = measure_in(f, words, style, label);
  const float x = r.centre().x - (icon_px + gap + used.w) / 2;
  draw_icon(f, {x + icon_px / 2, r.centre().y}, icon_px, ink, code);
  words.x = x + icon_px + gap;
  text_in(f, words, style, label);
}

void button_ground(Frame& f, Rect at, bool held, bool enabled) {
  const float k = unit(f);
  fill(f.dl, at, 24 * k, held ? f.colour.track : mix(f.colour.track, f.colour.track_light, .35f),
       mix(f.colour.track, f.colour.card_bottom, .25f));
  outline(f.dl, at, 24 * k, enabled ? f.colour.outline : f.colour.edge, 2 * k);
}

}  // namespace

bool big_button(Frame& f, std::string_view id, std::string_view label, std::string_view second, unsigned code, Rect r,
                ImU32 ground, float px, bool enabled) {
  const Press press = press_area(f, id, label, r, enabled);
  if (press.there) f.shown.controls.back().primary = true;
  const float k = unit(f);
  const Rect at = press.held ? r.inset(4 * k) : r;
  const ImU32 ink = enabled ? ink_on(ground) : f.colour.text3;
  if (enabled) {
    shadow(f.dl, at, 24 * k, 26 * k, .4f, 8 * k);
    fill(f.dl, at, 24 * k, mix(ground, f.colour.white, .08f), press.held ? mix(ground, rgb(0x000000), .08f) : ground);
  } else {
    fill(f.dl, at, 24 * k, f.colour.track, mix(f.colour.card_bottom, f.colour.track, .8f));
  }
  if (!second.empty()) {
    two_lines(f, at.inset(16 * k, 10 * k), {Weight::medium, px * k, ink, Align::centre, Upright::middle, 1, 30 * k}, label,
              {Weight::regular, 32 * k, ink, Align::centre, Upright::middle, 2, 28 * k}, second);
    return press.tapped;
  }
  label_in(f, at, label, code, ink, px * k);
  return press.tapped;
}

bool plain_button(Frame& f, std::string_view id, std::string_view label, unsigned code, Rect r, float px, bool enabled) {
  const Press press = press_area(f, id, label, r, enabled);
  const float k = unit(f);
  const Rect at = press.held ? r.inset(4 * k) : r;
  button_ground(f, at, press.held, enabled);
  label_in(f, at, label, code, enabled ? f.colour.text : f.colour.text3, px * k);
  return press.tapped;
}

bool icon_button(Frame& f, std::string_view id, std::string_view label, unsigned code, Rect r, bool enabled) {
  const Press press = press_area(f, id, label, r, enabled);
  const float k = unit(f);
  const Rect at = press.held ? r.inset(4 * k) : r;
  button_ground(f, at, press.held, enabled);
  draw_icon(f, at.centre(), std::min(64 * k, at.h * .5f), enabled ? f.colour.text : f.colour.text3, code);
  return press.tapped;
}

bool choice_button(Frame& f, std::string_view id, std::string_view label, Rect r, bool chosen, float px) {
  const Press press = press_area(f, id, label, r);
  const float k = unit(f);
  const Rect at = press.held ? r.inset(4 * k) : r;
  if (chosen)
    fill(f.dl, at, 24 * k, f.colour.accent, f.colour.accent);
  else
    fill(f.dl, at, 24 * k, mix(f.colour.track, f.colour.track_light, .3f), mix(f.colour.track, f.colour.card_bottom, .25f));
  if (!chosen) outline(f.dl, at, 24 * k, f.colour.edge, 2 * k);
  text_in(f, at.inset(12 * k, 8 * k),
          {Weight::medium, px * k, chosen ? ink_on(f.colour.accent) : f.colour.text, Align::centre, Upright::middle, 1, 28 * k},
          label);
  return press.tapped;
}

Rect chip(Frame& f, Rect r, Align align, unsigned code, ImU32 c, std::string_view words) {
  return state_pill(f, r, align, code, c, words, std::min(34 * unit(f), r.h * .56f));
}

void small_figure(Frame& f, Rect r, const std::shared_ptr<const Figure>& figure, bool moving, float opacity, ImU32 ground) {
  const int from = f.dl->VtxBuffer.Size;
  if (figure)
    draw_figure(f, r, *figure, moving);
  else
    draw_icon(f, r.centre(), std::min({r.w, r.h, 96 * unit(f)}) * .8f, f.colour.text3, icon::gymnastics);
  if (opacity >= 1) return;
  if (ground == 0) ground = f.colour.card_top;
  // Limbs lie over each other: they take on the colour of the ground instead of becoming transparent.
  for (int i = from; i < f.dl->VtxBuffer.Size; ++i) {
    ImU32& c = f.dl->VtxBuffer[i].col;
    c = (mix(c | IM_COL32_A_MASK, ground | IM_COL32_A_MASK, 1 - opacity) & ~IM_COL32_A_MASK) | (c & IM_COL32_A_MASK);
  }
}

void two_lines(Frame& f, Rect r, const TextStyle& first, std::string_view one, const TextStyle& second, std::string_view two) {
  if (two.empty()) {
    text_in(f, r, first, one);
    return;
  }
  const float gap = std::max(16.f, second.px * .6f), room = r.h - gap;
  const float first_h = measure_in(f, {r.x, r.y, r.w, room * .6f}, first, one).h;
  const float second_h = measure_in(f, {r.x, r.y, r.w, room - first_h}, second, two).h;
  const float y = r.y + std::max(0.f, (r.h - first_h - gap - second_h) / 2);
  text_in(f, {r.x, y, r.w, first_h + 1}, first, one);
  text_in(f, {r.x, y + first_h + gap, r.w, second_h + 1}, second, two);
}

void empty_message(Frame& f, Rect r, unsigned code, std::string_view words) {
  const float k = unit(f);
  draw_icon(f, {r.centre().x, r.centre().y - 70 * k}, 110 * k, f.colour.text3, code);
  text_in(f, {r.x + 40 * k, r.centre().y + 10 * k, r.w - 80 * k, std::min(160 * k, r.h / 2 - 10 * k)},
          {Weight::medium, 44 * k, f.colour.text2, Align::centre, Upright::top, 3, 32 * k}, words);
}

int64_t seconds_until(Frame& f, int64_t t_us) {
  const int64_t left_us = std::max<int64_t>(0, t_us - f.now_us);
  if (left_us > 0) f.change_at(f.now_us + (left_us - 1) % 1'000'000 + 1);
  return (left_us + 999'999) / 1'000'000;
}

std::string dose_line(const Frame& f, const Messages& dose) {
  std::string out;
  for (const Message& one : dose) out += (out.empty() ? "" : ", ") + f.say(one);
  return out;
}

void dashed_circle(ImDrawList* dl, V2 centre, float radius, ImU32 c, float thickness) {
  constexpr int kDashes = 18;
  for (int i = 0; i < kDashes; ++i) {
    const float a = static_cast<float>(i) * 2 * kPi / kDashes;
    dl->PathArcTo(centre, radius, a, a + kPi / kDashes, 4);
    dl->PathStroke(c, 0, thickness);
  }
}

void dashed_outline(ImDrawList* dl, Rect r, float radius, ImU32 c, float thickness) {
  const float dash = 10 * thickness / 2, gap = 8 * thickness / 2;
  r = r.inset(thickness / 2);
  const auto side = [&](V2 from, V2 to) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    const V2 along = (to - from) * (1 / std::max(length, 1.f));
    for (float at = 0; at < length; at += dash + gap)
      dl->AddLine(from + along * at, from + along * std::min(at + dash, length), c, thickness);
  };
  side({r.x + radius, r.y}, {r.right() - radius, r.y});
  side({r.right(), r.y + radius}, {r.right(), r.bottom() - radius});
  side({r.right() - radius, r.bottom()}, {r.x + radius, r.bottom()});
  side({r.x, r.bottom() - radius}, {r.x, r.y + radius});
  for (int corner = 0; corner < 4; ++corner) {
    const V2 c0{corner == 0 || corner == 3 ? r.right() - radius : r.x + radius, corner < 2 ? r.bottom() - radius : r.y + radius};
    const float from = static_cast<float>(corner) * kPi / 2;
    for (int i = 0; i < 3; ++i) {
      const float a = from + (static_cast<float>(i) + .2f) * kPi / 6;
      dl->PathArcTo(c0, radius, a, a + kPi / 10, 4);
      dl->PathStroke(c, 0, thickness);
    }
  }
}

}  // namespace patella::ui
