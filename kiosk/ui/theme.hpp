// Colours, sizes and the spacing of the kiosk. A theme is chosen for each frame (Frame::colour): there is no colour outside of a
// palette but what must be the same in all. Contrast on cards (WCAG 2): text ≥ 14, text2 ≥ 8, zones ≥ 6.5, text3 ≥ 5; white on the
// pain stop ≥ 4.5.
#pragma once

#include <imgui.h>

#include <cstdint>

#include "session/appearance.hpp"

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

/// The colours of one theme. Zones after Okabe and Ito, for its ground; always doubled by position, icon and word.
struct Palette {
  ImU32 background, card_top, card_bottom, edge;
  float edge_px;  ///< of cards
  ImU32 track, track_light, outline;
  ImU32 text, text2, text3;  ///< text3: disabled only
  ImU32 target, target_deep, low, low_deep, high, high_deep;
  ImU32 accent, accent_deep;  ///< fills and lines
  ImU32 accent_text;          ///< accent as letters
  ImU32 on_accent;            ///< letters on a ground of accent
  ImU32 go_top, go_bottom, go_ink;
  ImU32 stop_top, stop_bottom, stop_edge;  ///< white stands on it
  float stop_edge_px;
  ImU32 stale, heart;
  ImU32 white;   ///< on the pain stop
  float shadow;  ///< strength of a card's shadow, as a factor
  // The figure: near and far limbs, clothes, the muscle that works, and the line round its parts (opacity 0: none).
  ImU32 limb, far_limb, shirt, shorts, muscle, limb_outline;
};
/// Lives as long as the program.
const Palette& palette(session::Theme theme);

namespace size {
constexpr float margin = 40, gutter = 28, radius = 28;
constexpr float header = 128;
constexpr float caption = 32, body = 36, strong = 44, title = 56, hero = 216;
constexpr float needed = 72, feedback = 90, count = 130;  ///< read at 3 m, on a panel of 24": 16, 20 arcmin; counts
constexpr float floor = 28;                               ///< no text is ever smaller
constexpr float bottom_row = 208;                         ///< height of the row that holds the pain stop
constexpr float stop_w = 560;
constexpr float touch = 72, touch_pixels = 44;  ///< see Frame::touch_least()
}  // namespace size

}  // namespace patella::ui
