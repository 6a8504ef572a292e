#include "window/letter_texture.hpp"

#include <GL/gl.h>
#include <GL/glext.h>

#include <array>
#include <cstdint>

#include <backends/imgui_impl_opengl3.h>

#include "ui/compat.hpp"

namespace patella::window {

// The back end uploads the atlas that it finds, at four bytes a pixel: it finds one with a blank in it.
void make_device_objects_without_letters() {
  static constexpr std::array<ImWchar, 3> kBlank = {0x20, 0x20, 0};
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines | ImFontAtlasFlags_NoPowerOfTwoHeight;
  ImFontConfig config;
  config.GlyphRanges = kBlank.data();
  atlas.AddFontDefault(&config);
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  ui::compat::forget_pixels(atlas);
}

LetterTexture::LetterTexture(ImFontAtlas& atlas) : atlas_(atlas) {
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
  glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  constexpr std::array<GLint, 4> white_of_that_alpha = {GL_ONE, GL_ONE, GL_ONE, GL_RED};
  glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, white_of_that_alpha.data());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, width, height, 0, GL_RED, GL_UNSIGNED_BYTE, pixels);
  atlas.SetTexID(reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(texture_)));
  ui::compat::forget_pixels(atlas);
}

LetterTexture::~LetterTexture() {
  atlas_.SetTexID({});
  glDeleteTextures(1, &texture_);
}

}  // namespace patella::window
