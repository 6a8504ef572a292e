#include "ui/theme.hpp"

#include <algorithm>
#include <cmath>

namespace patella::ui {
namespace {

float channel(ImU32 c, int shift) { return static_cast<float>((c >> shift) & 255u); }

float luminance(ImU32 c) {
  const auto linear = [c](int shift) {
    const float v = channel(c, shift) / 255.f;
    return v <= .04045f ? v / 12.92f : std::pow((v + .055f) / 1.055f, 2.4f);
  };
  return .2126f * linear(IM_COL32_R_SHIFT) + .7152f * linear(IM_COL32_G_SHIFT) + .0722f * linear(IM_COL32_B_SHIFT);
}

}  // namespace

ImU32 mix(ImU32 a, ImU32 b, float t) {
  const float k = std::clamp(t, 0.f, 1.f);
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8)
    out |= static_cast<ImU32>(channel(a, shift) * (1 - k) + channel(b, shift) * k + .5f) << shift;
  return out;
}

ImU32 fade(ImU32 c, float opacity) {
  const float a = channel(c, IM_COL32_A_SHIFT) * std::clamp(opacity, 0.f, 1.f);
  return (c & ~IM_COL32_A_MASK) | (static_cast<ImU32>(a + .5f) << IM_COL32_A_SHIFT);
}

float contrast(ImU32 a, ImU32 b) {
  const float la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + .05f) / (std::min(la, lb) + .05f);
}

ImU32 ink_on(ImU32 ground) {
  constexpr ImU32 kDark = rgb(0x101418);
  return contrast(colour::white, ground) >= contrast(kDark, ground) ? colour::white : kDark;
}

}  // namespace patella::ui
