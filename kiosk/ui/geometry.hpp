// Points and rectangles in virtual pixels. y grows downwards.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace patella::ui {

struct V2 : ImVec2 {
  V2() : ImVec2(0, 0) {}
  V2(float ax, float ay) : ImVec2(ax, ay) {}
  V2(ImVec2 v) : ImVec2(v) {}
};

inline V2 operator+(V2 a, V2 b) { return {a.x + b.x, a.y + b.y}; }
inline V2 operator-(V2 a, V2 b) { return {a.x - b.x, a.y - b.y}; }
inline V2 operator*(V2 a, float k) { return {a.x * k, a.y * k}; }

constexpr float kPi = 3.14159265358979f;
constexpr float radians(float degrees) { return degrees * kPi / 180.f; }
inline V2 polar(V2 centre, float radius, float angle) {
  return {centre.x + std::cos(angle) * radius, centre.y + std::sin(angle) * radius};
}

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  V2 top_left() const { return {x, y}; }
  V2 bottom_right() const { return {x + w, y + h}; }
  V2 centre() const { return {x + w / 2, y + h / 2}; }
  bool holds(V2 p) const { return p.x >= x && p.y >= y && p.x < right() && p.y < bottom(); }
  bool holds(const Rect& r) const { return r.x >= x && r.y >= y && r.right() <= right() && r.bottom() <= bottom(); }
  Rect overlap(const Rect& r) const {
    const float left = std::max(x, r.x), top = std::max(y, r.y);
    return {left, top, std::max(0.f, std::min(right(), r.right()) - left), std::max(0.f, std::min(bottom(), r.bottom()) - top)};
  }
  Rect inset(float d) const { return {x + d, y + d, w - 2 * d, h - 2 * d}; }
  Rect inset(float dx, float dy) const { return {x + dx, y + dy, w - 2 * dx, h - 2 * dy}; }

  // Cutting a piece off shrinks what is left: layouts read top to bottom.
  Rect cut_top(float d) {
    Rect piece{x, y, w, d};
    y += d;
    h -= d;
    return piece;
  }
  Rect cut_bottom(float d) {
    h -= d;
    return {x, y + h, w, d};
  }
  Rect cut_left(float d) {
    Rect piece{x, y, d, h};
    x += d;
    w -= d;
    return piece;
  }
  Rect cut_right(float d) {
    w -= d;
    return {x + w, y, d, h};
  }
};

}  // namespace patella::ui
