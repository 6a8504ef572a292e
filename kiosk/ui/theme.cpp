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

constexpr Palette kDark{
    .background = rgb(0x0D131D),
    .card_top = rgb(0x1C2635),
    .card_bottom = rgb(0x161E2B),
    .edge = rgb(0x2B384B),
    .edge_px = 1.5f,
    .track = rgb(0x2A3648),
    .track_light = rgb(0x35445A),
    .outline = rgb(0x5B6C84),
    .text = rgb(0xF4F7FB),
    .text2 = rgb(0xB4C0D0),
    .text3 = rgb(0x8796AB),
    .target = rgb(0x19C9A0),
    .target_deep = rgb(0x0E7F69),
    .low = rgb(0x56B4E9),
    .low_deep = rgb(0x2C6C96),
    .high = rgb(0xF5A524),
    .high_deep = rgb(0x9A6412),
    .accent = rgb(0x5AA9FF),
    .accent_deep = rgb(0x2468D0),
    .accent_text = rgb(0x7FBEFF),
    .on_accent = rgb(0x06152B),
    .go_top = rgb(0x24D8AE),
    .go_bottom = rgb(0x19C9A0),
    .go_ink = rgb(0x06231C),
    .stop_top = rgb(0xD2441B),
    .stop_bottom = rgb(0xA9320E),
    .stop_edge = rgb(0xFFFFFF, .24f),
    .stop_edge_px = 2.5f,
    .stale = rgb(0x8796AB),
    .heart = rgb(0xFF6B7D),
    .white = rgb(0xFFFFFF),
    .shadow = 1,
    .limb = rgb(0xEEF2F8),
    .far_limb = rgb(0x8C9AB0),
    .shirt = rgb(0x6D84A6),
    .shorts = rgb(0x445877),
    .muscle = rgb(0x5AA9FF),
    .limb_outline = rgb(0x000000, 0),
};

constexpr Palette kLight{
    .background = rgb(0xE9EEF5),
    .card_top = rgb(0xFFFFFF),
    .card_bottom = rgb(0xF7F9FC),
    .edge = rgb(0xC3CEDC),
    .edge_px = 2,
    .track = rgb(0xDDE5EF),
    .track_light = rgb(0xCBD6E4),
    .outline = rgb(0x66778E),
    .text = rgb(0x0F1824),
    .text2 = rgb(0x34435A),
    .text3 = rgb(0x55647A),
    .target = rgb(0x005F4B),
    .target_deep = rgb(0x7CC4B2),
    .low = rgb(0x0A5788),
    .low_deep = rgb(0x8DBFE0),
    .high = rgb(0x7A4700),
    .high_deep = rgb(0xE0B878),
    .accent = rgb(0x134FA9),
    .accent_deep = rgb(0x0E3B80),
    .accent_text = rgb(0x134FA9),
    .on_accent = rgb(0xFFFFFF),
    .go_top = rgb(0x006650),
    .go_bottom = rgb(0x005F4B),
    .go_ink = rgb(0xFFFFFF),
    .stop_top = rgb(0xC43B12),
    .stop_bottom = rgb(0xA12E0B),
    .stop_edge = rgb(0xFFFFFF, .24f),
    .stop_edge_px = 2.5f,
    .stale = rgb(0x55647A),
    .heart = rgb(0xB3243A),
    .white = rgb(0xFFFFFF),
    .shadow = .35f,
    .limb = rgb(0xE6B793),
    .far_limb = rgb(0xB98F70),
    .shirt = rgb(0x6D84A6),
    .shorts = rgb(0x445877),
    .muscle = rgb(0x2F7BEA),
    .limb_outline = rgb(0x2E3B52),
};

constexpr Palette kHighContrast{
    .background = rgb(0x000000),
    .card_top = rgb(0x000000),
    .card_bottom = rgb(0x000000),
    .edge = rgb(0xFFFFFF),
    .edge_px = 3,
    .track = rgb(0x1E1E1E),
    .track_light = rgb(0x4A4A4A),
    .outline = rgb(0xFFFFFF),
    .text = rgb(0xFFFFFF),
    .text2 = rgb(0xFFFFFF),
    .text3 = rgb(0xC8C8C8),
    .target = rgb(0x2BFFC6),
    .target_deep = rgb(0x00614A),
    .low = rgb(0x8AD4FF),
    .low_deep = rgb(0x005580),
    .high = rgb(0xFFCC4D),
    .high_deep = rgb(0x7A5A00),
    .accent = rgb(0x8CC6FF),
    .accent_deep = rgb(0x8CC6FF),
    .accent_text = rgb(0x8CC6FF),
    .on_accent = rgb(0x000000),
    .go_top = rgb(0x2BFFC6),
    .go_bottom = rgb(0x2BFFC6),
    .go_ink = rgb(0x000000),
    .stop_top = rgb(0xA82400),
    .stop_bottom = rgb(0xA82400),
    .stop_edge = rgb(0xFFFFFF),
    .stop_edge_px = 3,
    .stale = rgb(0xC8C8C8),
    .heart = rgb(0xFF9AA8),
    .white = rgb(0xFFFFFF),
    .shadow = 0,
    .limb = rgb(0xFFFFFF),
    .far_limb = rgb(0xA0A0A0),
    .shirt = rgb(0x6D84A6),
    .shorts = rgb(0x6A6A6A),
    .muscle = rgb(0xFFCC4D),
    .limb_outline = rgb(0x000000, 0),
};

}  // namespace

const Palette& palette(session::Theme theme) {
  switch (theme) {
    case session::Theme::dark:
      return kDark;
    case session::Theme::light:
      return kLight;
    case session::Theme::high_contrast:
      return kHighContrast;
  }
  return kDark;
}

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
  constexpr ImU32 kInk = rgb(0x101418), kWhite = rgb(0xFFFFFF);
  return contrast(kWhite, ground) >= contrast(kInk, ground) ? kWhite : kInk;
}

}  // namespace patella::ui
