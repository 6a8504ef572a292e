#include "ui/widgets.hpp"

#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {

using session::Liveness;

void card(Frame& f, Rect r, float radius) { card(f.dl, f.colour, r, radius); }

Press press_area(Frame& f, std::string_view id, std::string_view label, Rect r, bool enabled) {
  const float least_w = std::min(f.touch_least(), r.w), least_h = std::min(f.touch_least(), r.h);
  r = r.overlap(f.clip);
  if (r.w < least_w || r.h < least_h) return {};  // a row that is nearly scrolled away is no target
  f.shown.controls.push_back({std::string(id), std::string(label), {r.x, r.y, r.w, r.h}, enabled});
  ImGui::SetCursorScreenPos(r.top_left());
  const bool released = ImGui::InvisibleButton(f.shown.controls.back().id.c_str(), {std::max(1.f, r.w), std::max(1.f, r.h)});
  const bool meant = enabled && !f.scroll.dragging && f.touch.began_us - f.touch.screen_since_us >= Touch::kGhostUs;
  return {released && meant, meant && ImGui::IsItemActive() && ImGui::IsItemHovered(), true};
}

namespace {

struct Ground {
  ImU32 top, bottom, ink;
};

Ground ground_of(const Frame& f, ButtonLook look, bool enabled) {
  if (!enabled)
    return {mix(f.colour.card_bottom, f.colour.track, .8f), mix(f.colour.card_bottom, f.colour.track, .6f), f.colour.text3};
  if (look == ButtonLook::primary) return {f.colour.go_top, f.colour.go_bottom, f.colour.go_ink};
  if (look == ButtonLook::secondary) return {f.colour.track_light, f.colour.track, f.colour.text};
  return {f.colour.card_top, f.colour.card_bottom, f.colour.text};
}

/// Icon and label side by side in the middle, stacked when the box is more tall than wide.
void icon_and_label(Frame& f, Rect r, unsigned code, std::string_view label, ImU32 ink, float px) {
  const bool has_icon = code != 0 && !f.fonts.icons.empty();
  if (!has_icon) {
    text_in(f, r.inset(20, 8), {Weight::medium, px, ink, Align::centre, Upright::middle, 2}, label);
    return;
  }
  const float icon_px = px * 1.25f;
  if (r.h > r.w * .75f) {
    const Rect words{r.x + 14, r.centre().y + 8, r.w - 28, r.h * .38f};
    draw_icon(f, {r.centre().x, r.y + r.h * .34f}, icon_px * 1.15f, ink, code);
    text_in(f, words, {Weight::medium, px * .9f, ink, Align::centre, Upright::middle, 2}, label);
    return;
  }
  Rect room = r.inset(24, 8);
  const TextStyle style{Weight::medium, px, ink, Align::left, Upright::middle, 2};
  Rect words{room.x + icon_px + px * .4f, room.y, room.w - icon_px - px * .4f, room.h};
  const Rect used = measure_in(f, words, style, label);
  const float total = icon_px + px * .4f + used.w, x = r.centre().x - total / 2;
  draw_icon(f, {x + icon_px / 2, r.centre().y}, icon_px, ink, code);
  words.x = x + icon_px + px * .4f;
  text_in(f, words, style, label);
}

}  // namespace

bool button(Frame& f, std::string_view id, std::string_view label, unsigned code, Rect r, ButtonLook look, bool enabled) {
  const Press press = press_area(f, id, label, r, enabled);
  if (press.there) f.shown.controls.back().primary = look == ButtonLook::primary;
  const Ground ground = ground_of(f, look, enabled);
  const Rect at = press.held ? r.inset(4) : r;
  if (enabled && look == ButtonLook::primary) shadow(f.dl, at, 26, 26, .4f, 8);
  fill(f.dl, at, 26, press.held ? ground.bottom : ground.top, ground.bottom);
  if (look != ButtonLook::primary || !enabled) outline(f.dl, at, 26, enabled ? f.colour.outline : f.colour.edge, 2);
  icon_and_label(f, at, code, label, ground.ink, std::clamp(r.h * .36f, 34.f, 52.f));
  return press.tapped;
}

Rect pain_stop_place(const Frame& f) {
  const float h = std::max(size::bottom_row, 2 * f.touch_least() + 16);  // beside it two buttons, one over the other
  return {f.look.left_handed ? size::margin : f.w - size::margin - size::stop_w, f.h - 32 - h, size::stop_w, h};
}

Rect beside_pain_stop(const Frame& f) {
  const Rect stop = pain_stop_place(f);
  const float x = f.look.left_handed ? stop.right() + size::gutter : size::margin;
  return {x, stop.y, f.w - 2 * size::margin - stop.w - size::gutter, stop.h};
}

void pain_stop_button(Frame& f) {
  const Rect r = pain_stop_place(f);
  const Press press = press_area(f, "pain_stop", f.words.pain_stop, r);
  const bool down = press.held || f.now_us - f.touch.stop_pressed_us < 200'000;
  if (f.now_us - f.touch.stop_pressed_us < 200'000) f.change_at(f.touch.stop_pressed_us + 200'000);
  const Rect at = down ? r.inset(5) : r;
  shadow(f.dl, at, 32, 40, .55f, 10);
  fill(f.dl, at, 32, f.colour.stop_top, down ? f.colour.stop_bottom : mix(f.colour.stop_bottom, f.colour.stop_top, .2f));
  outline(f.dl, at.inset(1), 31, f.colour.stop_edge, f.colour.stop_edge_px);
  const ReadAt at_a_glance(f, Reading::needed);
  const TextStyle style{Weight::medium, 76, f.colour.white, Align::left, Upright::middle, 2, 34};
  Rect words{at.x + 148, at.y + 12, at.w - 148 - 28, at.h - 24};
  const Rect used = measure_in(f, words, style, f.words.pain_stop);
  const float x = at.centre().x - (used.w + 112) / 2;
  draw_icon(f, {x + 42, at.centre().y}, 88, f.colour.white, icon::hand);
  words.x = x + 112;
  text_in(f, words, style, f.words.pain_stop);
}

void back_button(Frame& f, session::Tap back) {
  const Rect r{size::margin, f.h - 32 - 120, 300, 120};
  if (button(f, "back", f.words.back, icon::back, r, ButtonLook::secondary)) f.tap(std::move(back));
}

void told_beside_button(Frame& f, const Rect& place, Align align, bool staff) {
  const std::string notice = staff ? f.say(f.s.staff_notice) : std::string(),
                    why = f.s.can_continue ? std::string() : f.say(f.s.why_not_continue);
  if (notice.empty() || why.empty()) {
    text_in(f, place, {Weight::regular, 36, f.colour.high, align, Upright::middle, 3}, notice + why);
    return;
  }
  Rect lower = place;
  const Rect upper = lower.cut_top(place.h / 2);
  text_in(f, upper, {Weight::medium, 36, f.colour.high, align, Upright::middle, 1, 24}, notice);
  text_in(f, lower, {Weight::regular, 36, f.colour.text2, align, Upright::middle, 1, 24}, why);
}

void main_button(Frame& f, std::string_view id, std::string_view label) {
  const Rect r{f.w - size::margin - 480, f.h - 32 - 120, 480, 120};
  if (button(f, id, label, icon::next, r, ButtonLook::primary, f.s.can_continue)) f.tap(taps::Next());
  // Before the exercise a notice has no strip of its own: nothing moves under a finger that is answering.
  const Rect beside{size::margin + 340, r.y, r.x - size::margin - 340 - 36, r.h};
  told_beside_button(f, beside, Align::right, f.s.screen == session::Screen::screening);
}

Rect state_pill(Frame& f, Rect box, Align align, unsigned code, ImU32 c, std::string_view words, float px) {
  const float pad = box.h * .38f, icon_px = px * 1.2f, lead = pad + icon_px + px * .35f;
  const TextStyle style{Weight::medium, px, c, Align::left, Upright::middle, 1};
  Rect text{box.x + lead, box.y, box.w - lead - pad, box.h};
  const Rect used = measure_in(f, text, style, words);
  const float w = lead + used.w + pad;
  const float x = align == Align::left ? box.x : align == Align::right ? box.right() - w : box.x + (box.w - w) / 2;
  const Rect at{x, box.y, w, box.h};
  if (f.clip.holds(at)) f.shown.pills.push_back({at.x, at.y, at.w, at.h});
  pill(f.dl, at, mix(f.colour.card_bottom, c, .18f));
  draw_icon(f, {x + pad + icon_px / 2, box.centre().y}, icon_px, c, code);
  text.x = x + lead;
  text_in(f, text, style, words);
  return at;
}

DeviceLook look_of(const Frame& f, const session::DeviceState& device) {
  const auto say = [&](const std::string& ours) {
    // What a driver says of its device names it and how it is connected: staff read that.
    return f.s.screen != session::Screen::staff || device.text.empty() ? ours : f.say(device.text);
  };
  switch (device.liveness) {
    case Liveness::live:
      return {icon::check_circle, f.colour.target, f.words.ready, f.words.ready};
    case Liveness::unused:
      return {icon::check_circle, f.colour.target, f.words.ready, f.words.ready};
    case Liveness::absent:
      return {icon::hourglass, f.colour.high, say(f.words.waiting), f.words.waiting_brief};
    case Liveness::starting:
      return {icon::hourglass, f.colour.low, say(f.words.starting), f.words.starting_brief};
    case Liveness::stale:
      return {icon::sensors, f.colour.high, say(f.words.sensor_stale), f.words.waiting_brief};
    case Liveness::lost:
      return {icon::sensors_off, f.colour.high, say(f.words.sensor_lost), f.words.waiting_brief};
    case Liveness::failed:
      return {icon::error, f.colour.high, say(f.words.sensor_failed), f.words.stopped_brief};
  }
  return {icon::info, f.colour.text2, f.words.no_sensor, f.words.no_sensor};
}

bool is_there(const session::DeviceState& device) { return !session::is_missing(device.liveness); }

/// What an exercise can do without is not told when it is late.
bool is_ready(const session::DeviceState& device) {
  return device.liveness == Liveness::live || device.liveness == Liveness::unused;
}

const session::DeviceState* worst_device(const session::StationTile& station) {
  const auto rank = [](const session::DeviceState& d) {
    switch (d.liveness) {
      case Liveness::failed:
        return 6;
      case Liveness::lost:
        return 5;
      case Liveness::stale:
        return 4;
      case Liveness::absent:
        return 3;
      case Liveness::starting:
        return 2;
      case Liveness::live:
        return 1;
      case Liveness::unused:
        return 0;
    }
    return 0;
  };
  const session::DeviceState* worst = nullptr;
  for (const auto& device : station.devices)
    if ((device.required || is_ready(device)) && (!worst || rank(device) > rank(*worst))) worst = &device;
  return worst;
}

Rect header_place(const Frame& f, float keep_free) {
  const float clock = f.s.wall_clock.empty() ? 0 : figures_width(f, 46, f.s.wall_clock) + 40;
  const float h = std::max(88.f, f.touch_least()), y = std::max(20.f, 72 - h / 2);
  return {f.w - size::margin - clock - keep_free, y, keep_free, h};
}

float header(Frame& f, unsigned code, std::string_view title, std::string_view subtitle, bool with_devices, float keep_free) {
  const float y = 72;
  f.dl->AddCircleFilled({88, y}, 40, mix(f.colour.background, f.colour.accent, .20f), 48);
  draw_icon(f, {88, y}, 48, f.colour.accent, code);
  float right = f.w - size::margin;
  if (!f.s.wall_clock.empty()) right -= figures(f, {right, y}, 46, f.colour.text, f.s.wall_clock, Align::right) + 40;
  if (keep_free > 0) right -= keep_free + 24;
  const session::DeviceState* device = with_devices ? worst_device(*f.s.station) : nullptr;
  if (device && device->liveness != Liveness::unused) {
    const DeviceLook look = look_of(f, *device);
    constexpr float kMax = 560, kAroundWords = 120;
    // Where the whole sentence does not fit, the word for it: set-up says the rest at the bottom.
    const bool room = text_width(f, Weight::medium, size::floor, look.words) < kMax - kAroundWords;
    const std::string& words = device->liveness == Liveness::live ? f.words.sensor_connected : room ? look.words : look.brief;
    right = state_pill(f, {right - kMax, y - 30, kMax, 60}, Align::right, look.icon, look.c, words, 30).x - 24;
  }
  if (!f.s.kiosk->banners.empty() && f.s.screen != session::Screen::home) {
    const std::string more = f.s.kiosk->banners.size() > 1 ? fmt::format(" +{}", f.s.kiosk->banners.size() - 1) : "";
    right = state_pill(f, {right - 640, y - 30, 640, 60}, Align::right, icon::warning, f.colour.high,
                       f.say(f.s.kiosk->banners[0].front()) + more, 30)
                .x -
            24;
  }
  const float x = 152, w = std::max(200.f, right - x - 16);
  const bool both = !subtitle.empty();
  text_in(f, {x, y - 46, w, 58}, {Weight::medium, 46, f.colour.text}, title.empty() ? f.words.product : title);
  if (both) text_in(f, {x, y + 12, w, 40}, {Weight::regular, 32, f.colour.text2}, subtitle);
  return std::max(size::header, keep_free > 0 ? header_place(f, keep_free).bottom() + 12 : 0);
}

Rect below_strip(Frame& f, Rect column) {
  if (f.s.staff_notice.empty()) return column;
  constexpr float kWide = 900;
  const bool wide = column.w >= kWide;
  const float row = std::max(80.f, f.touch_least());
  Rect r = column.cut_top(wide ? row + 12 : 2 * row + 40);
  column.cut_top(16);
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.high, .22f), 22);
  outline(f.dl, r, 22, f.colour.high, 2.5f);
  Rect in = r.inset(6);
  const Rect call = wide ? in.cut_right(300) : in.cut_bottom(row);
  draw_icon(f, {in.x + 44, in.centre().y}, 52, f.colour.high, icon::staff);
  text_in(f, {in.x + 88, in.y, in.w - 108, in.h}, {Weight::medium, 40, f.colour.text, Align::left, Upright::middle, 2},
          f.say(f.s.staff_notice));
  if (button(f, "call_staff", f.words.call_staff, icon::staff, call, ButtonLook::secondary)) f.tap(taps::CallStaff());
  return column;
}

float staff_strip(Frame& f, float y) {
  if (f.s.staff_notice.empty()) return y;
  const Rect r{size::margin, y, f.w - 2 * size::margin, std::max(92.f, f.touch_least() + 12)};
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.high, .22f), 22);
  outline(f.dl, r, 22, f.colour.high, 2.5f);
  draw_icon(f, {r.x + 52, r.centre().y}, 52, f.colour.high, icon::staff);
  const Rect call{r.right() - 306, r.y + 6, 300, r.h - 12};
  text_in(f, {r.x + 100, r.y + 6, call.x - r.x - 130, r.h - 12},
          {Weight::medium, 44, f.colour.text, Align::left, Upright::middle, 2}, f.say(f.s.staff_notice));
  if (button(f, "call_staff", f.words.call_staff, icon::staff, call, ButtonLook::secondary)) f.tap(taps::CallStaff());
  return r.bottom() + 10;
}

std::optional<int> ten_scale(Frame& f, Rect r, std::string_view prefix, int chosen, std::string_view low, std::string_view high) {
  std::optional<int> tapped;
  constexpr std::array<ImU32, 5> kRamp{rgb(0x2C7FB8), rgb(0x41A6C4), rgb(0xE9C46A), rgb(0xF08A3C), rgb(0xC8371B)};
  constexpr std::array kFaces{icon::face0, icon::face0, icon::face1, icon::face1, icon::face2, icon::face2,
                              icon::face3, icon::face3, icon::face4, icon::face4, icon::face4};
  const Rect captions = r.cut_bottom(56);
  constexpr float kGap = 12;
  const float w = (r.w - 10 * kGap) / 11;
  for (int i = 0; i <= 10; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const Rect box{r.x + static_cast<float>(i) * (w + kGap), r.y, w, r.h};
    const std::string label = std::to_string(i);
    const Press press = press_area(f, fmt::format("{}_{}", prefix, i), label, box);
    if (press.tapped) tapped = i;
    const float t = static_cast<float>(i) * .4f;
    const std::size_t step = std::min<std::size_t>(3, static_cast<std::size_t>(t));
    const ImU32 c = mix(kRamp[step], kRamp[step + 1], t - static_cast<float>(step));
    const bool picked = chosen == i;
    const Rect at = press.held ? box.inset(4) : box;
    if (picked) outline(f.dl, at.inset(-12), 34, f.colour.text, 6);
    // What was not chosen steps back: 60 %, so that its digit stays readable.
    const ImU32 seen = chosen >= 0 && !picked ? mix(c, f.colour.card_bottom, .40f) : c;
    fill(f.dl, at, 24, mix(seen, rgb(0xFFFFFF), .08f), mix(seen, rgb(0x000000), .10f));
    const ImU32 ink = ink_on(seen);
    const bool face = r.h >= 120 && !f.fonts.icons.empty();
    figures(f, {at.centre().x, face ? at.y + at.h * .36f : at.centre().y}, std::min({80.f, r.h * .46f, w * .72f}), ink, label,
            Align::centre);
    if (!face) continue;
    if (prefix == "effort") {  // a bar that grows: effort has no face
      const float bar_w = at.w * (.14f + .05f * static_cast<float>(i));
      pill(f.dl, {at.centre().x - bar_w / 2, at.y + at.h * .74f, bar_w, 10}, ink);
      continue;
    }
    draw_icon(f, {at.centre().x, at.y + at.h * .76f}, std::min(60.f, at.h * .36f), ink, kFaces[n]);
  }
  const float half = captions.w / 2 - 20;
  text_in(f, {captions.x, captions.y + 16, half, 40}, {Weight::regular, 34, f.colour.text2}, low);
  text_in(f, {captions.right() - half, captions.y + 16, half, 40}, {Weight::regular, 34, f.colour.text2, Align::right}, high);
  return tapped;
}

std::optional<session::KeypadKey> keypad(Frame& f, Rect r, bool with_point, bool enabled) {
  std::optional<session::KeypadKey> tapped;
  constexpr float kGap = 14;
  const float w = (r.w - 2 * kGap) / 3, h = (r.h - 3 * kGap) / 4;
  constexpr std::array<std::string_view, 12> kKeys{"1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", ""};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    const std::string_view key = kKeys[i];
    if (key == "." && !with_point) continue;
    const Rect box{r.x + static_cast<float>(i % 3) * (w + kGap), r.y + static_cast<float>(i / 3) * (h + kGap), w, h};
    const std::string id = key.empty() ? "key_erase" : key == "." ? "key_point" : fmt::format("key_{}", key);
    const Press press = press_area(f, id, key.empty() ? f.words.erase : std::string(key), box, enabled);
    if (press.tapped) tapped.emplace(key.empty() ? session::KeypadKey::kErase : key.front());
    const Rect at = press.held ? box.inset(4) : box;
    fill(f.dl, at, 24, press.held || !enabled ? f.colour.track : f.colour.track_light, f.colour.track);
    outline(f.dl, at, 24, enabled ? f.colour.outline : f.colour.edge, 2);
    const ImU32 ink = enabled ? f.colour.text : f.colour.text3;
    if (key.empty() && !f.fonts.icons.empty())
      draw_icon(f, at.centre(), std::min(60.f, h * .5f), ink, icon::erase);
    else
      text_in(f, at.inset(8), {Weight::medium, std::min(76.f, h * .5f), ink, Align::centre}, key.empty() ? f.words.erase : key);
  }
  return tapped;
}

void number_with_unit(Frame& f, Rect box, float px, std::string_view number, std::string_view unit, Align align) {
  const float unit_px = std::max(size::floor, px * .5f), gap = px * .22f;
  const float number_w = figures_width(f, px, number), unit_w = text_width(f, Weight::medium, unit_px, unit) + 4;
  const float all = number_w + gap + unit_w;
  const float x = align == Align::right ? box.right() - all : align == Align::centre ? box.centre().x - all / 2 : box.x;
  figures(f, {x, box.centre().y}, px, f.colour.text, number, Align::left);
  text_in(f, {x + number_w + gap, box.centre().y - unit_px * .8f + px * .12f, unit_w + 8, unit_px * 1.6f},
          {Weight::medium, unit_px, f.colour.text2}, unit);
}

float message_strip(Frame& f, float y, const session::StaffMessage& message, std::string_view otherwise) {
  const Rect r{size::margin, y, f.w - 2 * size::margin, 104};
  const bool said = !message.text.empty();
  const ImU32 tint = message.trouble ? f.colour.high : said ? f.colour.target : f.colour.accent;
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, tint, .20f), 22);
  draw_icon(f, {r.x + 48, r.centre().y}, 46, tint, message.trouble ? icon::warning : icon::info);
  text_in(f, {r.x + 92, r.y + 4, r.w - 120, r.h - 8}, {Weight::medium, 36, f.colour.text, Align::left, Upright::middle, 2},
          said ? f.say(message.text) : std::string(otherwise));
  return r.bottom() + 16;
}

std::string staff_subtitle(Frame& f, const std::string& usual) {
  if (f.s.staff->leaves_us == 0) return usual;
  const int64_t left_us = std::max<int64_t>(0, f.s.staff->leaves_us - f.now_us);
  f.change_at(f.now_us + std::max<int64_t>(0, left_us - 1) % 1'000'000 + 1);
  return fill_in(f.words.leaves_soon, {std::to_string((left_us + 999'999) / 1'000'000)});
}

bool is_old(Frame& f) {
  constexpr int64_t kOldUs = 2'000'000;
  if (f.now_us - f.s.made_us > kOldUs) return true;
  f.change_at(f.s.made_us + kOldUs + 1);
  return false;
}

void begin_scroll(Frame& f, Rect view, float content_h) {
  constexpr float kSlop = 14;  // more than this and the press is a drag, no longer a tap
  const ImGuiIO& io = ImGui::GetIO();
  Scroll& scroll = f.scroll;
  const float most = std::max(0.f, content_h - view.h);
  if (io.MouseDown[0] && !scroll.held) {
    scroll.held = view.holds(io.MousePos);
    scroll.dragging = false;
    scroll.at_press = scroll.offset;
    if (scroll.held) scroll.velocity = 0;
  }
  if (io.MouseDown[0] && scroll.held && most > 0) {
    const float moved = io.MousePos.y - io.MouseClickedPos[0].y;
    if (std::fabs(moved) > kSlop) scroll.dragging = true;
    if (scroll.dragging) {
      const float before = scroll.offset;
      scroll.offset = std::clamp(scroll.at_press - moved, 0.f, most);
      if (f.anim.dt_s() > 0) scroll.velocity = (scroll.offset - before) / std::max(f.anim.dt_s(), .004f);
    }
  } else if (std::fabs(scroll.velocity) > 20) {
    scroll.offset = std::clamp(scroll.offset + scroll.velocity * f.anim.dt_s(), 0.f, most);
    scroll.velocity = scroll.offset <= 0 || scroll.offset >= most ? 0 : scroll.velocity * std::exp(-f.anim.dt_s() * 4);
    if (std::fabs(scroll.velocity) > 20) f.anim.keep_moving();
  }
  scroll.offset = std::clamp(scroll.offset, 0.f, most);
  ImGui::PushClipRect(view.top_left(), view.bottom_right(), true);
  f.clip = view;
}

void end_scroll(Frame& f, Rect view, float content_h) {
  ImGui::PopClipRect();
  f.clip = Frame::kNoClip;
  Scroll& scroll = f.scroll;
  if (!ImGui::GetIO().MouseDown[0]) scroll.held = scroll.dragging = false;
  const float most = content_h - view.h;
  if (most <= 0) return;
  const float bar = std::max(60.f, view.h * view.h / content_h), y = view.y + (view.h - bar) * scroll.offset / most;
  pill(f.dl, {view.right() - 10, view.y, 10, view.h}, fade(f.colour.track, .6f));
  pill(f.dl, {view.right() - 10, y, 10, bar}, f.colour.text3);
}

}  // namespace patella::ui
