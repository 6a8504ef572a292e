#include "window/window.hpp"

#define GLFW_INCLUDE_NONE
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <backends/imgui_impl_opengl3.h>
#include <stb/stb_image_write.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>

#include "ui/compat.hpp"
#include "ui/fingerprint.hpp"
#include "ui/fonts.hpp"
#include "ui/ui.hpp"
#include "window/letter_texture.hpp"
#include "window/mirror_line.hpp"
#include "window/panel.hpp"
#include "window/pointer_queue.hpp"
#include "window/touch.hpp"

namespace patella::window {

namespace {

// While a station runs, 30 frames a second look smooth and leave software rendering room; input is answered
// at once.
constexpr int64_t kFrameUs = 33'000;
constexpr int64_t kInputFrameUs = 16'000;
// ImGui needs follow-up frames after input before a press shows and acts.
constexpr int kFramesAfterInput = 3;
constexpr double kMaxWaitS = 1.0;
// A tap is answered by the next snapshot, after a millisecond: the frame that is not drawn for it would hold up the one that shows the
// answer. What is not answered is drawn then.
constexpr int64_t kAnswerUs = 8'000;

void give_to_imgui(const PointerEvent& event) {
  if (event.kind == PointerEvent::Kind::away) return ui::compat::mouse_away();
  ui::compat::mouse_position(event.x, event.y);
  if (event.kind == PointerEvent::Kind::down) ui::compat::mouse_button(true);
  if (event.kind == PointerEvent::Kind::up) ui::compat::mouse_button(false);
}

// From the kernel's own record of when the process began, in its ticks of 10 ms.
int64_t process_age_ms() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string field;
  for (int i = 0; i < 20; ++i) fields >> field;  // starttime is field 22; the first after the name is field 3
  const int64_t begun_ms = std::atoll(field.c_str()) * 1000 / sysconf(_SC_CLK_TCK);
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000 - begun_ms;
}

/// All shaders are made: Mesa's compiler keeps some megabytes for those that come.
void release_shader_compiler() {
  if (!glfwExtensionSupported("GL_ARB_ES2_compatibility")) return;
  if (GLFWglproc release = glfwGetProcAddress("glReleaseShaderCompiler")) release();
}

float scale_of(int pixels_x, int pixels_y) {
  return std::max(0.25f, std::min(static_cast<float>(pixels_x) / 1920.0f, static_cast<float>(pixels_y) / 1080.0f));
}

/// What the window's scale is going to be; after glfwInit().
float expected_scale(const WindowOptions& options) {
  GLFWmonitor* monitor = options.fullscreen ? glfwGetPrimaryMonitor() : nullptr;
  const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
  return mode ? scale_of(mode->width, mode->height) : scale_of(options.width, options.height);
}

class GlfwWindow final : public Window {
 public:
  GlfwWindow(const Clock& clock, Log& log, ShowAsText show_as_text)
      : clock_(clock), log_(log), show_as_text_(std::move(show_as_text)) {}

  ~GlfwWindow() override {
    touch_.reset();
    panel_.reset();
    letter_texture_.reset();
    ui_.reset();
    if (gl_ready_) ImGui_ImplOpenGL3_Shutdown();
    if (ImGui::GetCurrentContext()) ImGui::DestroyContext();
    if (window_) glfwDestroyWindow(window_);
    glfwTerminate();
  }

  Status open(const WindowOptions& options) {
    const Error no_display{"no window could be opened", "display",
                           "Start it on a screen (DISPLAY is set), or run `scripts/run --demo`"};
#ifdef GLFW_PLATFORM_X11
    glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);  // under Wayland GLFW has no touch; Xwayland has
#endif
    if (!glfwInit()) return no_display;
    // As long as the context takes to be made, on another processor.
    auto baked = std::async(std::launch::async | std::launch::deferred,
                            [scale = expected_scale(options)] { return ui::bake_letters(ui::Options{}.font_root, scale); });
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    fullscreen_ = options.fullscreen;
    if (fullscreen_) {  // not GLFW's full screen: that one follows no mode, no rotation, and no panel that comes back
      glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
      glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    }
    window_ = glfwCreateWindow(options.width, options.height, "Patella", nullptr, nullptr);
    if (!window_) return no_display;
    if (fullscreen_) {
      panel_ = Panel::make(window_, log_);
      if (!panel_) log_.warning("this display has no RandR 1.5: the window does not follow a change of the panel");
      if (!panel_) cover_first_monitor();
      glfwShowWindow(window_);
    }
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(0);  // paced here: a hidden surface must not hang the loop
    if (fullscreen_) glfwSetInputMode(window_, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
    words_ = ui::Words{text::Language(options.language)};
    glfwSetWindowUserPointer(window_, this);
    connect_callbacks();
    touch_ = Touch::make(window_);
    IMGUI_CHECKVERSION();
    std::shared_ptr<ui::Letters> letters = baked.get();  // there is no ImGui context while they are baked
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
    if (!ImGui_ImplOpenGL3_Init("#version 330 core"))
      return Error{"OpenGL 3.3 could not be set up", "display", "Install libgl1-mesa-dri or a driver of the graphics card"};
    gl_ready_ = true;
    make_device_objects_without_letters();
    measure();
    if (letters->fonts.scale != scale_) letters.reset();
    show_letters(std::move(letters));
    if (const std::string notice = ui_->font_notice(); !notice.empty()) log_.warning("{}", notice);
    return {};
  }

  Ended run(const NewestSnapshot& newest, const std::function<void(const session::Tap&)>& post,
            const std::function<void()>& each_round) override {
    post_ = &post;
    while (!closing_ && !glfwWindowShouldClose(window_)) {
      wait();
      each_round();
      if (panel_) panel_->cover(clock_.now_us());
      take_contacts();
      woken_ = false;
      snapshot_ = newest();
      const int64_t now_us = clock_.now_us();
      const bool fresh = snapshot_->version != drawn_version_;
      if (!fresh && now_us < answer_by_us_) continue;
      answer_by_us_ = 0;
      const bool input = frames_owed_ > 0 || !pointer_.empty();
      const bool due = ui_->animating() || now_us >= ui_->next_change_us() || shot_wanted();
      if (!fresh && !input && !due) continue;
      if (now_us - (input ? shown_us_ : drawn_us_) < (input ? kInputFrameUs : kFrameUs)) continue;
      draw(now_us);
    }
    const bool on_request = closing_.exchange(true);
    refuse_shot();
    return on_request ? Ended::on_request : Ended::window_closed;
  }

  // Snapshots come faster than frames: one wake-up is enough until the loop has looked.
  void wake() override {
    if (!woken_.exchange(true)) glfwPostEmptyEvent();
  }
  void close() override {
    closing_ = true;
    glfwPostEmptyEvent();
  }

  Result<Picture> ask_screenshot() override {
    std::future<Result<Picture>> done;
    {
      std::lock_guard lock(mutex_);
      if (closing_) return Error{"the kiosk is ending", "", ""};
      if (shot_) return Error{"another picture is being taken", "", "Try again"};
      shot_ = std::make_unique<Shot>();
      done = shot_->get_future();
    }
    glfwPostEmptyEvent();
    if (done.wait_for(std::chrono::seconds(20)) == std::future_status::ready) return done.get();
    std::lock_guard lock(mutex_);
    shot_.reset();
    return Error{"the screen was not drawn within 20 s", "", "Try again"};
  }

 private:
  using Shot = std::promise<Result<Picture>>;

  static GlfwWindow& self(GLFWwindow* window) { return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window)); }

  void connect_callbacks() {
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) { self(w).mouse_moved(x, y); });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
      if (button == GLFW_MOUSE_BUTTON_LEFT) self(w).mouse_button(action == GLFW_PRESS);
    });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { self(w).show_again(); });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { self(w).show_again(); });
    glfwSetWindowCloseCallback(window_, [](GLFWwindow* w) { self(w).asked_to_close(); });
  }

  /// What the window showed may be lost.
  void show_again() {
    frames_owed_ = kFramesAfterInput;
    shown_picture_.reset();
  }

  /// Alt+F4, or whatever a window manager has for it. A client must not end the kiosk; a developer may close a window.
  void asked_to_close() {
    if (!fullscreen_) return;
    glfwSetWindowShouldClose(window_, GLFW_FALSE);
    log_.warning("something asked the kiosk's window to close: it stays (SIGTERM ends the kiosk)");
  }

  void cover_first_monitor() {
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
    if (mode) glfwSetWindowSize(window_, mode->width, mode->height);
    glfwSetWindowPos(window_, 0, 0);
  }

  // The position of a press is that of the last motion event: the server's "now" has moved on in a fast drag.
  void mouse_moved(double x, double y) {
    if (contact_ >= 0) return;
    mouse_x_ = x;
    mouse_y_ = y;
    point(PointerEvent::Kind::move, x, y);
  }
  void mouse_button(bool down) {
    if (contact_ >= 0) return;
    if (down) pressed(mouse_x_, mouse_y_);
    point(down ? PointerEvent::Kind::down : PointerEvent::Kind::up, mouse_x_, mouse_y_);
    if (!down) point(PointerEvent::Kind::away, 0, 0);  // a lifted finger hovers over nothing
  }

  // Each new contact presses on its own and takes the pointer; the older one is let go far away, so that it
  // clicks nothing.
  void take_contacts() {
    if (!touch_) return;
    for (const Contact& contact : touch_->take()) {
      if (contact.phase == Contact::Phase::down) {
        if (contact_ >= 0) {
          point(PointerEvent::Kind::away, 0, 0);
          point(PointerEvent::Kind::up, -1e6, -1e6);
        }
        contact_ = contact.id;
        pressed(contact.x, contact.y);
        point(PointerEvent::Kind::move, contact.x, contact.y);
        point(PointerEvent::Kind::down, contact.x, contact.y);
      } else if (contact.id == contact_ && contact.phase == Contact::Phase::move) {
        point(PointerEvent::Kind::move, contact.x, contact.y);
      } else if (contact.id == contact_) {
        point(PointerEvent::Kind::up, contact.x, contact.y);
        point(PointerEvent::Kind::away, 0, 0);
        contact_ = -1;
      }
    }
  }

  float to_virtual(double window_coordinate) const { return static_cast<float>(window_coordinate * pixel_ratio_) / scale_; }

  void post_all(std::vector<session::Tap> taps) {
    for (const session::Tap& tap : taps) (*post_)(tap);
  }

  void pressed(double x, double y) {
    std::vector<session::Tap> taps = ui_->press(to_virtual(x), to_virtual(y), clock_.now_us());
    const bool acts = std::any_of(taps.begin(), taps.end(),
                                  [](const session::Tap& tap) { return !session::tap_if<session::taps::Touch>(tap); });
    post_all(std::move(taps));
    if (acts) answer_by_us_ = clock_.now_us() + kAnswerUs;
  }
  void point(PointerEvent::Kind kind, double x, double y) {
    pointer_.push({kind, to_virtual(x), to_virtual(y)});
    frames_owed_ = kFramesAfterInput;
  }

  void measure() {
    int window_width = 0, window_height = 0;
    glfwGetFramebufferSize(window_, &pixels_x_, &pixels_y_);
    glfwGetWindowSize(window_, &window_width, &window_height);
    pixel_ratio_ = window_width > 0 ? static_cast<double>(pixels_x_) / window_width : 1;
    scale_ = scale_of(pixels_x_, pixels_y_);
  }

  void wait() {
    const int64_t now_us = clock_.now_us();
    const bool fresh = snapshot_->version != drawn_version_, input = frames_owed_ > 0 || !pointer_.empty();
    double wait_s = kMaxWaitS;
    if (!fresh && now_us < answer_by_us_) {
      wait_s = static_cast<double>(answer_by_us_ - now_us) / 1e6;
    } else if (input) {
      wait_s = static_cast<double>(shown_us_ + kInputFrameUs - now_us) / 1e6;
    } else if (fresh || ui_->animating()) {
      wait_s = static_cast<double>(drawn_us_ + kFrameUs - now_us) / 1e6;
    } else if (ui_->next_change_us() < now_us + static_cast<int64_t>(kMaxWaitS * 1e6)) {
      wait_s = static_cast<double>(ui_->next_change_us() - now_us) / 1e6;
    }
    if (wait_s <= 0)
      glfwPollEvents();
    else
      glfwWaitEventsTimeout(std::min(wait_s, kMaxWaitS));
  }

  /// Letters are baked for one size of panel: on another one they are baked again.
  void fit_letters() {
    if (scale_ == letters_scale_) return;
    letter_texture_.reset();
    ui_.reset();
    show_letters(nullptr);
  }

  /// Null: they are baked now.
  void show_letters(std::shared_ptr<ui::Letters> letters) {
    letters_scale_ = scale_;
    ui_ = ui::Ui::make({.scale = scale_, .words = words_, .letters = std::move(letters)});
    letter_texture_ = std::make_unique<LetterTexture>(*ImGui::GetIO().Fonts);
    shown_picture_.reset();
  }

  void draw(int64_t now_us) {
    measure();
    fit_letters();
    ImGuiIO& io = ImGui::GetIO();
    const float width = static_cast<float>(pixels_x_) / scale_, height = static_cast<float>(pixels_y_) / scale_;
    io.DisplaySize = ImVec2(width, height);
    io.DisplayFramebufferScale = ImVec2(scale_, scale_);
    io.DeltaTime = std::clamp(static_cast<float>(now_us - drawn_us_) / 1e6f, 1e-4f, 0.1f);  // no jump after a sleep
    ImGui_ImplOpenGL3_NewFrame();
    pointer_.take_frame(give_to_imgui);
    ImGui::NewFrame();
    std::vector<session::Tap> taps = ui_->draw(*snapshot_, now_us, width, height);
    const bool acts = !taps.empty();
    post_all(std::move(taps));
    ImGui::Render();
    drawn_us_ = now_us;
    drawn_version_ = snapshot_->version;
    if (acts) {
      answer_by_us_ = now_us + kAnswerUs;
      frames_owed_ = kFramesAfterInput;
    } else {
      if (frames_owed_ > 0) --frames_owed_;
      show(*ImGui::GetDrawData());
    }
    show_as_text_(mirror_line(ui_->shown(), scale_));
  }

  /// Puts it on the screen. What is there already is not drawn again: in software a frame takes 20 ms.
  void show(ImDrawData& picture) {
    const uint64_t print = ui::fingerprint(picture);
    if (shown_picture_ == print && !shot_wanted()) return;
    glViewport(0, 0, pixels_x_, pixels_y_);
    const ui::BackgroundColour ground = ui::background_of(*snapshot_);  // cleared to: much cheaper than a full-screen rectangle
    glClearColor(ground.r, ground.g, ground.b, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(&picture);
    take_shot();
    glfwSwapBuffers(window_);
    shown_us_ = drawn_us_;
    shown_picture_ = print;
    after_first_frame();
  }

  void after_first_frame() {
    if (std::exchange(first_frame_told_, true)) return;
    glFinish();
    log_.info("first frame {} ms after the process began", process_age_ms());
    release_shader_compiler();
  }

  bool shot_wanted() {
    std::lock_guard lock(mutex_);
    return shot_ != nullptr;
  }

  /// Nothing is drawn any more: whoever waits for a picture must not hold up the end.
  void refuse_shot() {
    std::lock_guard lock(mutex_);
    if (shot_) shot_->set_value(Error{"the kiosk is ending", "", ""});
    shot_.reset();
  }

  void take_shot() {
    std::unique_ptr<Shot> shot;
    {
      std::lock_guard lock(mutex_);
      shot = std::move(shot_);
    }
    if (!shot) return;
    const auto width = static_cast<std::size_t>(pixels_x_), height = static_cast<std::size_t>(pixels_y_);
    std::vector<unsigned char> pixels(width * height * 3);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, pixels_x_, pixels_y_, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    for (std::size_t y = 0; y < height / 2; ++y)
      std::swap_ranges(pixels.begin() + static_cast<std::ptrdiff_t>(y * width * 3),
                       pixels.begin() + static_cast<std::ptrdiff_t>((y + 1) * width * 3),
                       pixels.begin() + static_cast<std::ptrdiff_t>((height - 1 - y) * width * 3));
    shot->set_value(Picture{pixels_x_, pixels_y_, std::move(pixels)});
  }

  const Clock& clock_;
  Log& log_;
  ShowAsText show_as_text_;
  GLFWwindow* window_ = nullptr;
  bool gl_ready_ = false, fullscreen_ = false;
  ui::Words words_;
  std::unique_ptr<ui::Ui> ui_;
  std::unique_ptr<LetterTexture> letter_texture_;
  std::unique_ptr<Touch> touch_;
  std::unique_ptr<Panel> panel_;
  const std::function<void(const session::Tap&)>* post_ = nullptr;
  session::SnapshotPtr snapshot_ = std::make_shared<session::Snapshot>();
  PointerQueue pointer_;
  int contact_ = -1;
  double mouse_x_ = 0, mouse_y_ = 0, pixel_ratio_ = 1;
  int pixels_x_ = 0, pixels_y_ = 0;
  float scale_ = 1, letters_scale_ = 1;
  int frames_owed_ = kFramesAfterInput;
  uint64_t drawn_version_ = 0;
  int64_t drawn_us_ = 0, shown_us_ = 0;  ///< the last frame, and the last one that was put on the screen
  int64_t answer_by_us_ = 0;  ///< until then a new snapshot is awaited instead of drawing what a tap is about to change
  std::optional<uint64_t> shown_picture_;  ///< fingerprint; none = it must be drawn
  std::atomic<bool> closing_{false}, woken_{false};
  bool first_frame_told_ = false;
  std::mutex mutex_;
  std::unique_ptr<Shot> shot_;
};

}  // namespace

Result<std::string> png_of(const Picture& picture) {
  std::string png;
  const auto append = [](void* to, void* bytes, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  };
  if (stbi_write_png_to_func(append, &png, picture.width, picture.height, 3, picture.pixels.data(), picture.width * 3) == 0)
    return Error{"there is no memory for a picture", "", "Try again"};
  return png;
}

// Xlib reads how letters are composed on a keyboard, half a megabyte of text, whenever GLFW starts: 15 ms before the first frame, for keys
// that nobody here waits for.
void Window::prepare_process() { setenv("XCOMPOSEFILE", "/dev/null", 0); }

Result<std::unique_ptr<Window>> Window::make(const WindowOptions& options, const Clock& clock, Log& log,
                                             ShowAsText show_as_text) {
  auto window = std::make_unique<GlfwWindow>(clock, log, std::move(show_as_text));
  if (Status opened = window->open(options); !opened) return opened.error();
  return std::unique_ptr<Window>(std::move(window));
}

}  // namespace patella::window
