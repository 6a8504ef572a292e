// Colours, sizes and the spacing of the kiosk. Contrast on cards (WCAG 2): text 15, secondary 8.5,
// tertiary 5.3, target 7.2, low 6.6, high 7.5; dark ink on green, blue and orange ≥ 7; white on the pain-stop
// red ≥ 4.5.
#pragma once

#include <imgui.h>

#include <cstdint>

namespace patella::ui {

constexpr ImU32 rgb(unsigned hex, float opacity = 1.f) {
  return IM_COL32((hex >> 16) & 255u, (hex >> 8) & 255u, hex & 255u, static_cast<unsigned>(opacity * 255.f + .5f));
}
/// t = 0: a, 1: b.
ImU32 mix(ImU32 a, ImU32 b, float t);
/// The colour with its opacity multiplied.
ImU32 fade(ImU32 colour, float opacity);
/// WCAG 2 contrast ratio, 1…21.
float contrast(ImU32 a, ImU32 b);
/// White or dark ink, whichever reads better on this ground.
ImU32 ink_on(ImU32 ground);

namespace colour {
constexpr ImU32 background = rgb(0x0D131D);
constexpr ImU32 card_top = rgb(0x1C2635), card_bottom = rgb(0x161E2B), edge = rgb(0x2B384B);
constexpr ImU32 track = rgb(0x2A3648), track_light = rgb(0x35445A), outline = rgb(0x5B6C84);
constexpr ImU32 text = rgb(0xF4F7FB), text2 = rgb(0xB4C0D0), text3 = rgb(0x8796AB);
// Zones after Okabe and Ito, lightened for a dark ground; always doubled by position, icon and word.
constexpr ImU32 target = rgb(0x19C9A0), target_deep = rgb(0x0E7F69);
constexpr ImU32 low = rgb(0x56B4E9), low_deep = rgb(0x2C6C96);
constexpr ImU32 high = rgb(0xF5A524), high_deep = rgb(0x9A6412);
constexpr ImU32 accent = rgb(0x5AA9FF), accent_deep = rgb(0x2468D0);
constexpr ImU32 stop_top = rgb(0xD2441B), stop_bottom = rgb(0xA9320E);
constexpr ImU32 stale = rgb(0x8796AB);
constexpr ImU32 heart = rgb(0xFF6B7D);
constexpr ImU32 white = rgb(0xFFFFFF), dark_ink = rgb(0x06231C);
}  // namespace colour

namespace size {
constexpr float margin = 40, gutter = 28, radius = 28;
constexpr float header = 128;
constexpr float caption = 32, body = 36, strong = 44, title = 56, feedback = 64, hero = 200;
constexpr float floor = 28;        ///< no text is ever smaller
constexpr float bottom_row = 208;  ///< height of the row that holds the pain stop
constexpr float stop_w = 468;
constexpr float touch = 72, touch_pixels = 44;  ///< see Frame::touch_least()
}  // namespace size

}  // namespace patella::ui
