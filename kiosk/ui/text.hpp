// Text that fits: measured, then made smaller, wrapped, and only at last ended with an ellipsis. Everything
// drawn is noted in Frame::shown. Vertical positions are those of the middle of a capital letter, which is
// what one aligns to.
#pragma once

#include <string_view>

#include "ui/frame.hpp"

namespace patella::ui {

enum class Align { left, centre, right };
enum class Upright { top, middle, bottom };

struct TextStyle {
  Weight weight = Weight::regular;
  float px = size::body;
  ImU32 colour = 0;  ///< 0 = Palette::text
  Align align = Align::left;
  Upright upright = Upright::middle;
  int max_lines = 1;
  float min_px = size::floor;
};

/// Caps height to the next line's caps height, as a factor of the size.
constexpr float kLine = 1.26f;
/// Height of a capital, as a factor of the size.
constexpr float kCap = .72f;

float text_width(const Frame& f, Weight weight, float px, std::string_view s);
/// Fits the text into the box. Returns the box it takes up.
Rect text_in(Frame& f, Rect box, const TextStyle& style, std::string_view s);
/// What text_in would take up, without drawing.
Rect measure_in(const Frame& f, Rect box, const TextStyle& style, std::string_view s);
/// A number in tabular figures, one line, made smaller until it fits max_w (0 = as it is). Returns its width.
float figures(Frame& f, V2 at, float px, ImU32 c, std::string_view s, Align align, float max_w = 0);
float figures_width(const Frame& f, float px, std::string_view s);
void draw_icon(Frame& f, V2 centre, float px, ImU32 c, unsigned code);

}  // namespace patella::ui
