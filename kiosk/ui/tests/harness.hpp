// The UI without a window and without OpenGL: a Dear ImGui context, time that the test owns, and a finger.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ui/fixtures/fixtures.hpp"
#include "ui/ui.hpp"

struct ImGuiContext;

namespace patella::ui {

class Harness {
 public:
  explicit Harness(int fb_width = 1920, int fb_height = 1080, const Options& options = {});
  ~Harness();
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  session::Snapshot snapshot;
  int64_t now_us = kFixtureNowUs;
  float width = 1920, height = 1080;  ///< virtual pixels
  float scale = 1;                    ///< pixels of the panel a virtual pixel
  std::vector<session::Tap> taps;     ///< all since the last clear()

  Ui& ui() { return *ui_; }
  /// Draws `count` frames, dt apart.
  void frames(int count = 1, int64_t dt_us = 16'667);
  /// Time passes without a frame.
  void wait(int64_t us) { now_us += us; }
  /// Shows this snapshot, as if just made, and waits until a ghost click would be over.
  void show(const session::Snapshot& next);

  const Control* control(const std::string& id) const;
  bool has_text(const std::string& part) const;
  void down(float x, float y);
  void move(float x, float y);
  void up();
  void tap(const std::string& id);

 private:
  ImGuiContext* context_;
  std::unique_ptr<Ui> ui_;
};

}  // namespace patella::ui
