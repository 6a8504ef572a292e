// What a client's screens outside of an exercise share. Their sizes are those of a panel of 1920 × 1080, or of one of 1080 × 1920 that
// stands upright: each has a layout of its own, and `unit()` brings either to the panel.
#pragma once

#include "ui/widgets.hpp"

namespace patella::ui {

inline bool upright(const Frame& f) { return f.w < f.h; }
/// Virtual pixels for one pixel of the layout.
inline float unit(const Frame& f) { return upright(f) ? f.w / 1080.f : 1.f; }

/// Where things stand: the header above, the content, and the row at the bottom with the pain stop at its right (upright: below it, over
/// the full width).
struct VisitLayout {
  float k = 1;
  bool upright = false;
  Rect content, bottom, stop;
};
/// `row`: height of the bottom row in pixels of the layout; upright it is `row_upright`. Without a stop the bottom row reaches to its place.
VisitLayout visit_layout(const Frame& f, bool with_stop, float row_upright = 108);

/// A button of the header, right of the titles.
struct HeaderButton {
  const char* id = "";
  std::string label;
  unsigned icon = 0;
};
/// Icon, title, line below, clock; what the kiosk has to say of itself as a chip. Returns whether the button was tapped.
bool visit_header(Frame& f, unsigned icon, std::string_view title, std::string_view subtitle, const HeaderButton& extra = {});
void visit_pain_stop(Frame& f, Rect r);

/// A card in the style of these screens; its parts lie inside the returned rectangle.
Rect visit_card(Frame& f, Rect r, float pad = 28);
/// Bright ground for what starts or goes on: icon and words, `second` a smaller line below them.
bool big_button(Frame& f, std::string_view id, std::string_view label, std::string_view second, unsigned icon, Rect r,
                ImU32 ground, float px, bool enabled = true);
/// Icon above the words, or left of them where the box is low.
bool plain_button(Frame& f, std::string_view id, std::string_view label, unsigned icon, Rect r, float px = 38,
                  bool enabled = true);
/// The icon alone; the label is for the mirror.
bool icon_button(Frame& f, std::string_view id, std::string_view label, unsigned icon, Rect r, bool enabled = true);
/// One of several: the chosen one is filled.
bool choice_button(Frame& f, std::string_view id, std::string_view label, Rect r, bool chosen, float px = 36);
/// A status, not to be touched. Returns what it takes up.
Rect chip(Frame& f, Rect r, Align align, unsigned icon, ImU32 c, std::string_view words);
/// A figure that moves, or stands where it is one of many; a general picture where there is none. Dimmed, it fades into `ground`; 0: that of a card.
void small_figure(Frame& f, Rect r, const std::shared_ptr<const Figure>& figure, bool moving, float opacity = 1,
                  ImU32 ground = 0);
/// A sentence and a second one below it, together in the middle of the box.
void two_lines(Frame& f, Rect r, const TextStyle& first, std::string_view one, const TextStyle& second, std::string_view two);
/// In the place of a list: one sentence.
void empty_message(Frame& f, Rect r, unsigned icon, std::string_view words);
/// Whole seconds until then, at least 0; draws again when the number changes.
int64_t seconds_until(Frame& f, int64_t t_us);
/// The doses of an exercise in one line: "3 × 10 each side, hold 2 s".
std::string dose_line(const Frame& f, const Messages& dose);
void dashed_circle(ImDrawList* dl, V2 centre, float radius, ImU32 c, float thickness);
void dashed_outline(ImDrawList* dl, Rect r, float radius, ImU32 c, float thickness);

}  // namespace patella::ui
