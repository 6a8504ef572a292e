// patella-screens OUTDIR [--size WxH] [--only NAME] [--language de] [--theme light|contrast] [--long]: every fixture as a picture, without a display
// (EGL surfaceless).
#define GL_GLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <backends/imgui_impl_opengl3.h>
#include <fmt/format.h>
#include <imgui.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>

#include "text/language.hpp"
#include "ui/fixtures/fixtures.hpp"
#include "ui/ui.hpp"

namespace {

using namespace patella;
using namespace patella::ui;

struct Arguments {
  std::filesystem::path out;
  std::string only, language;
  int w = 1920, h = 1080;
  session::Theme theme = session::Theme::dark;
  bool long_texts = false;
};

std::optional<session::Theme> theme_of(std::string_view word) {
  if (word == "dark") return session::Theme::dark;
  if (word == "light") return session::Theme::light;
  if (word == "contrast") return session::Theme::high_contrast;
  return std::nullopt;
}

bool parse(int count, char** values, Arguments& arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string word = values[i];
    if (word == "--size" && i + 1 < count) {
      if (std::sscanf(values[++i], "%dx%d", &arguments.w, &arguments.h) != 2) return false;
    } else if (word == "--only" && i + 1 < count) {
      arguments.only = values[++i];
    } else if (word == "--language" && i + 1 < count) {
      arguments.language = values[++i];
    } else if (word == "--theme" && i + 1 < count) {
      const std::optional<session::Theme> theme = theme_of(values[++i]);
      if (!theme) return false;
      arguments.theme = *theme;
    } else if (word == "--long") {
      arguments.long_texts = true;
    } else if (word.starts_with("--") || !arguments.out.empty()) {
      return false;
    } else {
      arguments.out = word;
    }
  }
  return !arguments.out.empty() && arguments.w > 0 && arguments.h > 0 && arguments.w <= 8192 && arguments.h <= 8192;
}

/// A frame buffer of this size in a context that needs no display server.
bool open_surfaceless(int w, int h) {
  const auto get_display = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (!get_display) return false;
  const EGLDisplay display = get_display(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  if (!eglInitialize(display, nullptr, nullptr) || !eglBindAPI(EGL_OPENGL_API)) return false;
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config{};
  EGLint found = 0;
  eglChooseConfig(display, wanted, &config, 1, &found);
  const EGLint version[] = {
      EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
      EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  const EGLContext context = eglCreateContext(display, found ? config : nullptr, nullptr, version);
  if (!eglMakeCurrent(display, nullptr, nullptr, context)) return false;
  GLuint frame = 0, colour = 0;
  glGenFramebuffers(1, &frame);
  glBindFramebuffer(GL_FRAMEBUFFER, frame);
  glGenRenderbuffers(1, &colour);
  glBindRenderbuffer(GL_RENDERBUFFER, colour);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, w, h);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour);
  return glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

bool save(const std::filesystem::path& path, int w, int h) {
  std::vector<unsigned char> pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, w, h, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = 255;
  stbi_flip_vertically_on_write(1);
  return stbi_write_png(path.c_str(), w, h, 4, pixels.data(), w * 4) != 0;
}

void draw_frames(Ui& ui, const session::Snapshot& snapshot, const Arguments& arguments, float scale) {
  constexpr int kSettle = 45;  // until what moves has arrived
  const BackgroundColour background = background_of(snapshot);
  const float w = static_cast<float>(arguments.w) / scale, h = static_cast<float>(arguments.h) / scale;
  for (int i = 0; i <= kSettle; ++i) {
    ImGui_ImplOpenGL3_NewFrame();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {w, h};
    io.DisplayFramebufferScale = {scale, scale};
    io.DeltaTime = 1.f / 60;
    ImGui::NewFrame();
    ui.draw(snapshot, kFixtureNowUs + (i - kSettle) * 16'667, w, h);
    ImGui::Render();
  }
  glViewport(0, 0, arguments.w, arguments.h);
  glClearColor(background.r, background.g, background.b, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

int fail(const char* why) {
  fmt::print(stderr, "patella-screens: {}\n", why);
  return 1;
}

}  // namespace

int main(int count, char** values) {
  Arguments arguments;
  if (!parse(count, values, arguments))
    return fail(
        "usage: patella-screens OUTDIR [--size WxH] [--only NAME] [--language de] [--theme dark|light|contrast] [--long]");
  std::error_code error;
  std::filesystem::create_directories(arguments.out, error);
  if (error) return fail("the folder cannot be made");
  if (!open_surfaceless(arguments.w, arguments.h)) return fail("no surfaceless OpenGL 3.3 context (libegl1, libgl1-mesa-dri)");
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  if (!ImGui_ImplOpenGL3_Init("#version 330 core")) return fail("Dear ImGui's OpenGL 3 back end does not start");
  const float scale = std::min(static_cast<float>(arguments.w) / 1920.f, static_cast<float>(arguments.h) / 1080.f);
  Options options;
  options.scale = scale;
  if (!arguments.language.empty()) {
    const auto languages = text::open_catalogues(PATELLA_LOCALE);
    if (!languages) return fail(languages.error().text().c_str());
    if (std::find(languages->begin(), languages->end(), arguments.language) == languages->end())
      return fail("there is no such language");
    options.words = Words{text::Language(arguments.language)};
  }
  if (arguments.long_texts) options.words = long_words();
  auto ui = Ui::make(options);
  if (!ui->font_notice().empty()) fmt::print(stderr, "{}\n", ui->font_notice());
  for (const Fixture& f : all_fixtures()) {
    if (!arguments.only.empty() && f.name.find(arguments.only) == std::string::npos) continue;
    session::Snapshot snapshot = arguments.long_texts ? with_long_texts(f.snapshot) : f.snapshot;
    if (arguments.theme != session::Theme::dark) snapshot.appearance.theme = arguments.theme;
    draw_frames(*ui, snapshot, arguments, scale);
    const auto path = arguments.out / (f.name + ".png");
    if (!save(path, arguments.w, arguments.h)) return fail("a picture cannot be written");
    fmt::print("{}\n", path.string());
  }
  ui.reset();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
  return 0;
}
