// The differences between Dear ImGui 1.86 (Debian 12), 1.90 (Debian 13) and 1.92 in one place. All glyph
// access and all input injection goes through here, so that screens are the same source on each.
#pragma once

#include <imgui.h>

#if IMGUI_VERSION_NUM < 18600
#error "Dear ImGui 1.86 or newer is needed"
#endif

namespace patella::ui::compat {

// ---- input: 1.87 replaced writes to ImGuiIO by a queue

inline void mouse_position(float x, float y) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(x, y);
#else
  ImGui::GetIO().MousePos = ImVec2(x, y);
#endif
}

inline void mouse_button(bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
  ImGui::GetIO().MouseDown[0] = down;
#endif
}

/// After a finger has left: nothing may stay hovered. In the frame after the release, not in the same one.
inline void mouse_away() { mouse_position(-3.402823466e38f, -3.402823466e38f); }

// ---- glyphs: 1.92 moved them from the font to one table a size

struct Glyph {
  float x0 = 0, y0 = 0, x1 = 0,
        y1 = 0;  ///< corners at the size asked for, from the pen and the top of the line
  float u0 = 0, v0 = 0, u1 = 0, v1 = 0;
  float advance = 0;
  bool there = false, visible = false;
};

inline Glyph glyph(ImFont* font, unsigned codepoint, float px) {
#if IMGUI_VERSION_NUM >= 19200
  const ImFontGlyph* g = font->GetFontBaked(px)->FindGlyphNoFallback(static_cast<ImWchar>(codepoint));
  const float k = 1;
#else
  const ImFontGlyph* g = font->FindGlyphNoFallback(static_cast<ImWchar>(codepoint));
  const float k = px / font->FontSize;
#endif
  if (!g) return {};
  return {g->X0 * k, g->Y0 * k, g->X1 * k, g->Y1 * k, g->U0, g->V0, g->U1, g->V1, g->AdvanceX * k, true, g->Visible != 0};
}

inline void prepare_atlas(ImFontAtlas& atlas) {
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
#if IMGUI_VERSION_NUM < 19200
  atlas.TexDesiredWidth = 2048;  // every GPU since 2005 takes it
#endif
}

inline void build_atlas(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
  atlas.Build();
#else
  (void)atlas;
#endif
}

/// What building has needed, one copy of the font's file a face. Nothing is baked again.
inline void forget_files(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
  atlas.ClearInputData();
#else
  (void)atlas;
#endif
}

/// What uploading has needed: five bytes a pixel. The graphics driver has its own copy.
inline void forget_pixels(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
  atlas.ClearTexData();
#else
  (void)atlas;
#endif
}

}  // namespace patella::ui::compat
