#include "ui/fonts.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <span>

#include "ui/compat.hpp"
#include "ui/icons.hpp"

namespace patella::ui {
namespace {

// ImFontConfig keeps the pointer until the atlas is built: constant data.
constexpr std::array<ImWchar, 29> kText = {0x20,   0x7E,   0xA0,   0xFF,   0x100,  0x17F,  0x218,  0x21B,  0x370,  0x3FF,
                                           0x400,  0x45F,  0x490,  0x491,  0x2010, 0x2015, 0x2018, 0x201E, 0x2022, 0x2022,
                                           0x2026, 0x2026, 0x20AC, 0x20AC, 0x2212, 0x2212, 0x2264, 0x2265, 0};
constexpr std::array<ImWchar, 21> kLatin = {  // the largest text: headlines
    0x20,   0x7E,   0xA0,   0xFF,   0x100,  0x17F,  0x218,  0x21B,  0x400,  0x45F, 0x2010,
    0x2015, 0x2018, 0x201E, 0x2022, 0x2022, 0x2026, 0x2026, 0x2212, 0x2212, 0};
constexpr std::array<ImWchar, 9> kFigures = {0x20, 0x3A, 0x2013, 0x2013, 0x2212, 0x2212, 0x2264, 0x2265, 0};
constexpr std::array<ImWchar, 3> kDigits = {0x30, 0x39, 0};

constexpr auto icon_ranges() {
  std::array<ImWchar, icon::kAll.size() * 2 + 1> out{};
  for (std::size_t i = 0; i < icon::kAll.size(); ++i) out[2 * i] = out[2 * i + 1] = static_cast<ImWchar>(icon::kAll[i]);
  return out;
}
constexpr auto kIcons = icon_ranges();

uint32_t big_endian(std::span<const unsigned char> bytes, std::size_t at, int count) {
  uint32_t v = 0;
  for (int i = 0; i < count; ++i) v = v << 8 | bytes[at + static_cast<std::size_t>(i)];
  return v;
}

float measure_cap_mid(ImFont* font) {
  auto g = compat::glyph(font, 'H', 100);
  if (!g.there) g = compat::glyph(font, '0', 100);
  return g.there ? (g.y0 + g.y1) / 200.f : .5f;
}

struct Loader {
  ImFontAtlas& atlas;
  float scale;
  ImFont* own = nullptr;  // ImGui's own face, added at most once

  void add(std::vector<Face>& faces, const std::filesystem::path& file, float px, const ImWchar* ranges) {
    ImFontConfig config;
    config.OversampleH = px < 60 ? 2 : 1;  // the default of 3 costs ten times the memory at large sizes
    config.OversampleV = 1;
    config.PixelSnapH = false;
    const float baked = std::round(px * scale);
    faces.push_back({atlas.AddFontFromFileTTF(file.c_str(), baked, &config, ranges), baked, 0});
  }
  void add_own(std::vector<Face>& faces) {
    if (!own) own = atlas.AddFontDefault();
    faces.push_back({own, 13, 0});
  }
};

void add_notice(std::string& notice, const std::filesystem::path& file, const char* package) {
  if (!notice.empty()) notice += " ";
  notice += "The font " + file.string() + " is missing or damaged: install " + package + ".";
}

}  // namespace

bool font_file_is_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return false;
  const auto length = static_cast<uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  std::array<unsigned char, 12> head{};
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(head.data()), head.size())) return false;
  const uint32_t magic = big_endian(head, 0, 4);
  if (magic != 0x00010000u && magic != 0x4F54544Fu && magic != 0x74727565u) return false;
  const uint32_t tables = big_endian(head, 4, 2);
  std::vector<unsigned char> directory(std::size_t{tables} * 16);
  if (tables == 0 || !file.read(reinterpret_cast<char*>(directory.data()), static_cast<std::streamsize>(directory.size())))
    return false;
  for (std::size_t t = 0; t < tables; ++t) {
    const uint64_t end = uint64_t{big_endian(directory, t * 16 + 8, 4)} + big_endian(directory, t * 16 + 12, 4);
    if (end > length) return false;
  }
  return true;
}

const Face& Fonts::pick(Weight weight, float px) const {
  const auto& faces = weight == Weight::regular ? regular : weight == Weight::medium ? medium : figures;
  for (const Face& face : faces)
    if (face.px >= px * scale * .97f) return face;
  return faces.back();
}

std::unique_ptr<Letters> bake_letters(const std::filesystem::path& root, float scale) {
  auto letters = std::make_unique<Letters>();
  ImFontAtlas& atlas = letters->atlas;
  compat::prepare_atlas(atlas);
  Fonts& out = letters->fonts;
  out.scale = scale;
  Loader loader{atlas, scale};
  const auto roboto = root / "truetype/roboto/unhinted/RobotoTTF";
  const auto regular = roboto / "Roboto-Regular.ttf", medium = roboto / "Roboto-Medium.ttf";
  const auto symbols = root / "truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf";

  if (font_file_is_whole(regular)) {
    loader.add(out.regular, regular, 32, kText.data());
    loader.add(out.regular, regular, 44, kText.data());
  } else {
    add_notice(out.notice, regular, "fonts-roboto-unhinted");
    loader.add_own(out.regular);
  }
  if (font_file_is_whole(medium)) {
    loader.add(out.medium, medium, 36, kText.data());
    loader.add(out.medium, medium, 48, kText.data());
    loader.add(out.medium, medium, 68, kLatin.data());
    loader.add(out.medium, medium, 96, kLatin.data());
    loader.add(out.figures, medium, 64, kFigures.data());
    loader.add(out.figures, medium, 112, kFigures.data());
    loader.add(out.figures, medium, 212, kFigures.data());
    loader.add(out.figures, medium, 380, kDigits.data());
  } else {
    add_notice(out.notice, medium, "fonts-roboto-unhinted");
    loader.add_own(out.medium);
    loader.add_own(out.figures);
  }
  if (font_file_is_whole(symbols)) {
    loader.add(out.icons, symbols, 48, kIcons.data());
    loader.add(out.icons, symbols, 104, kIcons.data());
  } else {
    add_notice(out.notice, symbols, "fonts-material-design-icons-iconfont");
  }
  compat::build_atlas(atlas);
  for (auto* faces : {&out.regular, &out.medium, &out.figures, &out.icons})
    for (Face& face : *faces) face.cap_mid = measure_cap_mid(face.font);
  compat::forget_files(atlas);
  return letters;
}

}  // namespace patella::ui
