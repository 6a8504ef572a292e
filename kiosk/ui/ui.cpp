#include "ui/ui.hpp"

#include <utility>

#include "ui/compat.hpp"
#include "ui/frame.hpp"
#include "ui/screens.hpp"

namespace patella::ui {

BackgroundColour background_of(const session::Snapshot& snapshot) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(palette(snapshot.appearance.theme).background);
  return {c.x, c.y, c.z};
}

namespace {

using session::Screen;

void draw_staff_screen(Frame& f) {
  std::visit(
      [&]<class View>(const View& view) {
        if constexpr (!std::is_same_v<View, std::monostate>) draw_screen(f, view);
      },
      f.s.staff->screen);
}

void draw_whole_screen(Frame& f) {
  if (f.s.asked_until_us != 0) return screen_still_there(f);
  if (f.s.asks_end) return screen_ask_end(f);
  switch (f.s.screen) {
    case Screen::home:
      return screen_home(f);
    case Screen::who:
      return screen_who(f);
    case Screen::screening:
      return screen_screening(f);
    case Screen::start_gate:
      return screen_start_gate(f);
    case Screen::set_up:
      return screen_set_up(f);
    case Screen::live:
      return screen_live(f);
    case Screen::rest:
      return screen_rest(f);
    case Screen::pain_stop:
      return screen_pain_stop(f);
    case Screen::after:
      return screen_after(f);
    case Screen::summary:
      return screen_summary(f);
    case Screen::resume_offer:
      return screen_resume_offer(f);
    case Screen::sign_in:
      return screen_sign_in(f);
    case Screen::day_after:
      return screen_day_after(f);
    case Screen::today:
      return screen_today(f);
    case Screen::library:
      return screen_library(f);
    case Screen::visit_summary:
      return screen_visit_summary(f);
    case Screen::staff:
      return draw_staff_screen(f);
  }
}

constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                                    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove |
                                    ImGuiWindowFlags_NoScrollWithMouse;

class UiImpl final : public Ui {
 public:
  explicit UiImpl(const Options& options)
      : words_(options.words),
        letters_(options.letters ? options.letters : bake_letters(options.font_root, options.scale > 0 ? options.scale : 1.f)),
        fonts_(letters_->fonts) {
    ImGuiIO& io = ImGui::GetIO();
    contexts_own_ = std::exchange(io.Fonts, &letters_->atlas);
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
    ImGui::GetStyle().CircleTessellationMaxError = .3f / fonts_.scale;
  }

  ~UiImpl() override { ImGui::GetIO().Fonts = contexts_own_; }
  UiImpl(const UiImpl&) = delete;
  UiImpl& operator=(const UiImpl&) = delete;

  std::vector<session::Tap> draw(const session::Snapshot& snapshot, int64_t now_us, float width, float height) override {
    begin(name_of(snapshot), snapshot.asked_until_us != 0 ? 1 : snapshot.asks_end ? 2 : 0, now_us);
    if (snapshot.starting) shown_.name = "starting";
    std::vector<session::Tap> taps;
    Frame f{nullptr, snapshot, fonts_, words_, anim_, shown_, touch_, scroll_, taps, now_us, width, height};
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.f);
    if (ImGui::Begin("##patella", nullptr, kPlain)) {
      f.dl = ImGui::GetWindowDrawList();
      f.dl->_FringeScale = 1.f / fonts_.scale;  // edges as sharp on a 4K panel as on a small one
      draw_whole_screen(f);
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
    shown_.takes_touches = now_us - touch_.screen_since_us >= Touch::kGhostUs;
    if (!shown_.takes_touches) f.change_at(touch_.screen_since_us + Touch::kGhostUs);
    next_change_us_ = f.next_change_us;
    return taps;
  }

  std::vector<session::Tap> press(float x, float y, int64_t now_us) override {
    touch_.last_us = now_us;
    for (const Control& control : shown_.controls) {
      const Box& b = control.box;
      if (control.id != "pain_stop" || x < b.x || y < b.y || x >= b.x + b.w || y >= b.y + b.h) continue;
      touch_.stop_pressed_us = now_us;
      return {taps::PainStop()};
    }
    // On a control it is a tap, when the finger goes up there; anywhere else it still says that somebody is there.
    const bool on_control = std::any_of(shown_.controls.begin(), shown_.controls.end(), [&](const Control& control) {
      const Box& b = control.box;
      return x >= b.x && y >= b.y && x < b.x + b.w && y < b.y + b.h;
    });
    if (on_control) return {};
    return {taps::Touch()};
  }

  const ShownScreen& shown() const override { return shown_; }
  bool animating() const override { return anim_.moving(); }
  int64_t next_change_us() const override { return next_change_us_; }
  std::string font_notice() const override { return fonts_.notice; }

 private:
  void begin(std::string_view screen, int question, int64_t now_us) {
    constexpr int64_t kMaxUs = 100'000;  // after a sleep nothing jumps
    anim_.begin_frame(static_cast<float>(std::clamp<int64_t>(now_us - last_draw_us_, 0, kMaxUs)) / 1e6f);
    last_draw_us_ = now_us;
    if (screen != screen_ || question != question_) {
      screen_ = screen;
      question_ = question;
      touch_.screen_since_us = now_us;
      anim_.clear();
      scroll_ = {};
    }
    if (ImGui::IsMouseClicked(0)) touch_.began_us = touch_.last_us = now_us;
    if (ImGui::IsMouseReleased(0)) ++shown_.touches;
    shown_.name = screen;
    shown_.texts.clear();
    shown_.controls.clear();
    shown_.pills.clear();
  }

  Words words_;
  std::shared_ptr<Letters> letters_;
  const Fonts& fonts_;
  ImFontAtlas* contexts_own_ = nullptr;
  Animator anim_;
  Touch touch_;
  Scroll scroll_;
  ShownScreen shown_;
  std::string_view screen_;  ///< its name; a literal
  int question_ = 0;         ///< that is drawn over it; 0 = none
  int64_t last_draw_us_ = 0, next_change_us_ = kNever;
};

}  // namespace

std::unique_ptr<Ui> Ui::make(const Options& options) { return std::make_unique<UiImpl>(options); }

}  // namespace patella::ui
