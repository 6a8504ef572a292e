// What every drawing function gets: where to draw, what to draw, and where to note what it drew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "session/snapshot.hpp"
#include "ui/animator.hpp"
#include "ui/fonts.hpp"
#include "ui/geometry.hpp"
#include "ui/theme.hpp"
#include "ui/ui.hpp"
#include "ui/words.hpp"

namespace patella::ui {

namespace taps = session::taps;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

/// When a touch began, and when the screen came up: a tap that changes the screen must not hit what appears
/// below it.
struct Touch {
  static constexpr int64_t kGhostUs =
      300'000;  ///< touches that begin so soon after the change were meant for what was there before
  int64_t began_us = 0;
  int64_t screen_since_us = 0;
  int64_t last_us = 0;          ///< last contact: a figure that nobody looks at stops
  int64_t stop_pressed_us = 0;  ///< for the pressed look of the pain stop
};

/// A list dragged by a finger.
struct Scroll {
  float offset = 0, velocity = 0, at_press = 0;
  bool dragging = false, held = false;
};

/// What the client in front of the screen likes.
using Look = session::Appearance;

struct Frame {
  ImDrawList* dl = nullptr;
  const session::Snapshot& s;
  const Fonts& fonts;
  const Words& words;
  Animator& anim;
  ShownScreen& shown;
  Touch& touch;
  Scroll& scroll;
  std::vector<session::Tap>& taps;
  int64_t now_us = 0;
  float w = 1920, h = 1080;
  const Look& look = s.appearance;
  const Palette& colour = palette(look.theme);
  int64_t next_change_us = kNever;
  static constexpr Rect kNoClip{-1e6f, -1e6f, 2e6f, 2e6f};
  Rect clip = kNoClip;  ///< what lies outside is not shown: rows of a dragged list

  Reading reading = Reading::near;  ///< of what is drawn next: ReadAt

  /// What a finger hits at least, in either direction: 20 mm on the usual panel, and 44 pixels on a small one (WCAG 2.5.5).
  float touch_least() const { return std::max(size::touch, size::touch_pixels / fonts.scale); }
  /// In the client's language.
  std::string say(const Message& message) const { return words.tr(message); }
  std::string say(const Messages& messages) const { return words.tr(messages); }
  void change_at(int64_t t_us) { next_change_us = std::min(next_change_us, std::max(t_us, now_us)); }
  void tap(session::Tap tap) { taps.push_back(std::move(tap)); }
};

/// What is drawn while this lives is read from so far away.
class ReadAt {
 public:
  ReadAt(Frame& f, Reading reading) : f_(f), before_(std::exchange(f.reading, reading)) {}
  ~ReadAt() { f_.reading = before_; }
  ReadAt(const ReadAt&) = delete;
  ReadAt& operator=(const ReadAt&) = delete;

 private:
  Frame& f_;
  Reading before_;
};

}  // namespace patella::ui
