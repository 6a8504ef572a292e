// Typefaces: Roboto for text (its figures are tabular) and the Material icon font. A file is checked before
// Dear ImGui sees it, because Debian's build asserts on a bad one; what is missing falls back to ImGui's own
// face, with a notice.
#pragma once

#include <imgui.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace patella::ui {

enum class Weight { regular, medium, figures };  ///< figures: digits only, large

struct Face {
  ImFont* font = nullptr;
  float px = 0;       ///< framebuffer pixels it was baked at
  float cap_mid = 0;  ///< from the top of the line to the middle of a capital, in em
};

struct Fonts {
  std::vector<Face> regular, medium, figures, icons;  ///< ascending size; icons may be empty
  float scale = 1;                                    ///< framebuffer pixels per virtual pixel
  std::string notice;                                 ///< "" or what is missing and which package has it

  /// The face to draw `px` virtual pixels with: the smallest that need not be enlarged.
  const Face& pick(Weight weight, float px) const;
};

/// All letters as one picture, for one size of panel, and the faces in it. Stays where it is made: the faces point into the atlas.
struct Letters {
  ImFontAtlas atlas;
  Fonts fonts;
};

/// Bakes them (the stb_truetype builder): takes a tenth of a second. On any thread while there is no ImGui context, else on its thread.
/// `root`: "/usr/share/fonts". Never null.
std::unique_ptr<Letters> bake_letters(const std::filesystem::path& root, float scale);

/// Is this a font file whose tables all lie inside it?
bool font_file_is_whole(const std::filesystem::path& path);

}  // namespace patella::ui
