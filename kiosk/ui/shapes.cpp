#include "ui/shapes.hpp"

#include <algorithm>
#include <array>

namespace patella::ui {
namespace {

constexpr int kCorner = 8;                    // steps of a rounded corner
constexpr int kOutline = 4 * (kCorner + 1);   // points of a rounded outline
using Directions = std::array<V2, kOutline>;  // unit vectors round the outline, clockwise from the top

Directions corner_directions() {
  Directions out;
  std::array<V2, kCorner + 1> quarter;
  for (int i = 0; i <= kCorner; ++i) {
    const float a = static_cast<float>(i) / kCorner * kPi / 2;
    quarter[static_cast<std::size_t>(i)] = {std::sin(a), -std::cos(a)};
  }
  for (std::size_t i = 0; i <= kCorner; ++i) {
    const V2 d = quarter[i];
    out[i] = d;
    out[i + kCorner + 1] = {-d.y, d.x};
    out[i + 2 * (kCorner + 1)] = {-d.x, -d.y};
    out[i + 3 * (kCorner + 1)] = {d.y, -d.x};
  }
  return out;
}

V2 outline_point(const Directions& directions, std::size_t i, Rect r, float radius) {
  const std::size_t quarter = i / (kCorner + 1);
  const float cx = quarter < 2 ? r.right() - radius : r.x + radius;
  const float cy = quarter == 0 || quarter == 3 ? r.y + radius : r.bottom() - radius;
  return {cx + directions[i].x * radius, cy + directions[i].y * radius};
}

void quad(ImDrawList* dl, unsigned a, unsigned b, unsigned c, unsigned d) {
  for (const unsigned i : {a, b, c, a, c, d}) dl->PrimWriteIdx(static_cast<ImDrawIdx>(i));
}

void half_disc(ImDrawList* dl, V2 centre, float radius, float angle, ImU32 c, float direction) {
  // The flat side is pushed a little into the ring, so that no seam shows.
  const V2 back = V2(-std::sin(angle), std::cos(angle)) * (-direction * 1.2f);
  const V2 across{std::cos(angle), std::sin(angle)};
  const float start = direction > 0 ? angle : angle + kPi;
  dl->PathArcTo(centre, radius, start, start + kPi, 20);
  dl->PathLineTo(centre + across * (-direction * radius) + back);
  dl->PathLineTo(centre + across * (direction * radius) + back);
  dl->PathFillConvex(c);
}

}  // namespace

void shadow(ImDrawList* dl, Rect r, float radius, float spread, float strength, float drop) {
  constexpr int kRings = 6;
  r.y += drop;
  const Directions directions = corner_directions();
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  dl->PrimReserve(kRings * kOutline * 6, (kRings + 1) * kOutline);
  const unsigned base = dl->_VtxCurrentIdx;  // after PrimReserve: it may start a new command
  for (int k = 0; k <= kRings; ++k) {
    const float t = static_cast<float>(k) / kRings, grow = spread * (t * 1.35f - .35f);
    const Rect at = r.inset(-grow);
    const float corner = std::min({std::max(2.f, radius + grow), at.w / 2, at.h / 2});
    const ImU32 c = rgb(0x000000, strength * (1 - t) * (1 - t) * (1 - .3f * t));
    for (std::size_t i = 0; i < kOutline; ++i) dl->PrimWriteVtx(outline_point(directions, i, at, corner), uv, c);
  }
  for (unsigned k = 0; k < kRings; ++k)
    for (unsigned i = 0; i < kOutline; ++i) {
      const unsigned here = base + k * kOutline + i, next = base + k * kOutline + (i + 1) % kOutline;
      quad(dl, here, next, next + kOutline, here + kOutline);
    }
}

void fill(ImDrawList* dl, Rect r, float radius, ImU32 top, ImU32 bottom) {
  if (r.w <= 0 || r.h <= 0) return;
  const int first = dl->VtxBuffer.Size;
  dl->AddRectFilled(r.top_left(), r.bottom_right(), IM_COL32_WHITE, std::min({radius, r.w / 2, r.h / 2}));
  for (int i = first; i < dl->VtxBuffer.Size; ++i) {
    ImDrawVert& v = dl->VtxBuffer[i];
    const float coverage = static_cast<float>(v.col >> IM_COL32_A_SHIFT & 255u) / 255.f;  // the anti-aliased rim
    v.col = fade(mix(top, bottom, (v.pos.y - r.y) / r.h), coverage);
  }
}

void outline(ImDrawList* dl, Rect r, float radius, ImU32 c, float thickness) {
  const Rect line = r.inset(thickness / 2);
  dl->AddRect(line.top_left(), line.bottom_right(), c, std::max(0.f, radius - thickness / 2), 0, thickness);
}

void card(ImDrawList* dl, const Palette& colour, Rect r, float radius) {
  if (colour.shadow > 0) shadow(dl, r, radius, 34, .42f * colour.shadow, 10);
  fill(dl, r, radius, colour.card_top, colour.card_bottom);
  outline(dl, r, radius, colour.edge_px < 2 ? fade(colour.edge, .75f) : colour.edge, colour.edge_px);
}

void pill(ImDrawList* dl, Rect r, ImU32 c) { dl->AddRectFilled(r.top_left(), r.bottom_right(), c, r.h / 2); }

void ring(ImDrawList* dl, V2 centre, float radius, float thickness, float a0, float a1, ImU32 c0, ImU32 c1, bool round_ends) {
  if (!(a1 > a0)) return;
  const float rim = dl->_FringeScale / 2;
  const std::array<float, 4> radii{radius - thickness / 2 - rim, radius - thickness / 2 + rim, radius + thickness / 2 - rim,
                                   radius + thickness / 2 + rim};
  const int steps = std::max(2, static_cast<int>(std::ceil((a1 - a0) * std::sqrt(radius + thickness / 2) * 2.2f)));
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  dl->PrimReserve(steps * 18, (steps + 1) * 4);
  const unsigned base = dl->_VtxCurrentIdx;
  for (int i = 0; i <= steps; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(steps), a = a0 + (a1 - a0) * t;
    const V2 direction{std::cos(a), std::sin(a)};
    const ImU32 c = mix(c0, c1, t);
    for (std::size_t j = 0; j < 4; ++j) dl->PrimWriteVtx(centre + direction * radii[j], uv, j == 0 || j == 3 ? fade(c, 0) : c);
  }
  for (unsigned i = 0; i < static_cast<unsigned>(steps); ++i)
    for (unsigned j = 0; j < 3; ++j) quad(dl, base + i * 4 + j, base + i * 4 + j + 1, base + i * 4 + j + 5, base + i * 4 + j + 4);
  if (!round_ends) return;
  half_disc(dl, polar(centre, radius, a0), thickness / 2, a0, c0, -1);
  half_disc(dl, polar(centre, radius, a1), thickness / 2, a1, c1, 1);
}

void capsule(ImDrawList* dl, V2 a, V2 b, float thickness, ImU32 c) {
  const float along = std::atan2(b.y - a.y, b.x - a.x);
  dl->PathArcTo(a, thickness / 2, along + kPi / 2, along + kPi * 1.5f, 12);
  dl->PathArcTo(b, thickness / 2, along - kPi / 2, along + kPi / 2, 12);
  dl->PathFillConvex(c);
}

void hatch(ImDrawList* dl, Rect r, ImU32 c, float step) {
  dl->PushClipRect(r.top_left(), r.bottom_right(), true);
  for (float x = r.x - r.h; x < r.right(); x += step) dl->AddLine({x, r.bottom()}, {x + r.h, r.y}, c, 3);
  dl->PopClipRect();
}

void area_below(ImDrawList* dl, std::span<const ImVec2> points, float base_y, ImU32 at_line, ImU32 at_base) {
  if (points.size() < 2) return;
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  const auto count = static_cast<unsigned>(points.size());
  dl->PrimReserve(static_cast<int>((count - 1) * 6), static_cast<int>(count * 2));
  const unsigned base = dl->_VtxCurrentIdx;
  for (const ImVec2& p : points) {
    dl->PrimWriteVtx(p, uv, at_line);
    dl->PrimWriteVtx({p.x, base_y}, uv, at_base);
  }
  for (unsigned i = 0; i + 1 < count; ++i) quad(dl, base + 2 * i, base + 2 * i + 2, base + 2 * i + 3, base + 2 * i + 1);
}

}  // namespace patella::ui
