// Soft shapes on ImDrawList with its public interface only: no textures, no shaders. Sizes in virtual pixels,
// angles in radians clockwise from three o'clock.
#pragma once

#include <span>

#include "ui/geometry.hpp"
#include "ui/theme.hpp"

namespace patella::ui {

void shadow(ImDrawList* dl, Rect r, float radius, float spread, float strength, float drop);
/// Rounded rectangle with a vertical gradient.
void fill(ImDrawList* dl, Rect r, float radius, ImU32 top, ImU32 bottom);
/// Rounded outline whose outer edge is the rectangle's.
void outline(ImDrawList* dl, Rect r, float radius, ImU32 c, float thickness);
void card(ImDrawList* dl, const Palette& colour, Rect r, float radius = size::radius);
/// Fully rounded ends.
void pill(ImDrawList* dl, Rect r, ImU32 c);
/// Part of a ring, colour running from c0 to c1 along it.
void ring(ImDrawList* dl, V2 centre, float radius, float thickness, float a0, float a1, ImU32 c0, ImU32 c1, bool round_ends);
/// Thick line with round ends, the limb of a figure and the needle of a gauge.
void capsule(ImDrawList* dl, V2 a, V2 b, float thickness, ImU32 c);
/// Diagonal stripes inside a rectangle: "nothing is known here".
void hatch(ImDrawList* dl, Rect r, ImU32 c, float step);
/// The area between a line of points (x ascending) and y = base.
void area_below(ImDrawList* dl, std::span<const ImVec2> points, float base, ImU32 at_line, ImU32 at_base);

}  // namespace patella::ui
