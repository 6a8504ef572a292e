// The letters' picture in the graphics driver at one byte a pixel: Dear ImGui's own back end makes it four, which under software
// rendering is the kiosk's memory.
#pragma once

#include <imgui.h>

namespace patella::window {

/// After ImGui_ImplOpenGL3_Init(), with the context's own atlas still in ImGuiIO: makes all that the back end needs but the letters.
void make_device_objects_without_letters();

/// UI thread, with the OpenGL context current; the atlas stays longer.
class LetterTexture {
 public:
  /// Uploads it, and frees the pixels here.
  explicit LetterTexture(ImFontAtlas& atlas);
  ~LetterTexture();
  LetterTexture(const LetterTexture&) = delete;
  LetterTexture& operator=(const LetterTexture&) = delete;

 private:
  ImFontAtlas& atlas_;
  unsigned texture_ = 0;
};

}  // namespace patella::window
