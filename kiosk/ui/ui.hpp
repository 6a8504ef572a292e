// The screens. Draws a snapshot with Dear ImGui, turns presses into taps, and keeps a text image of what is
// shown. Knows no plugin, device, store or window. One thread; the ImGui context must be current.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "session/snapshot.hpp"
#include "session/tap.hpp"
#include "ui/words.hpp"

namespace patella::ui {

struct Letters;

struct Box {
  float x = 0, y = 0, w = 0, h = 0;  ///< virtual pixels of the 1920-wide (or as laid out) layout
};

struct Control {
  std::string id;     ///< stable, language-free: "station_tke", "pain_7", "pain_stop"
  std::string label;  ///< what is written on it
  Box box;
  bool enabled = true;
  bool primary = false;  ///< the bright one
};

/// How far away a text is read from. The sizes that this takes are linted for each panel.
enum class Reading {
  near,      ///< by whoever stands at the panel and touches it
  needed,    ///< at 3 m, without it the exercise cannot be done: 16 arcmin
  feedback,  ///< at 3 m, at a glance: 20 arcmin
  trained    ///< at 3 m, the number that is trained: 42 arcmin
};

struct ShownText {
  std::string text;
  Box box;
  float size = 0;  ///< font size in virtual pixels
  Reading reading = Reading::near;
};

/// What is on the screen, as text: for the mirror, tests and lints.
struct ShownScreen {
  std::string name;  ///< "home", "live", … as in session::Screen
  std::vector<ShownText> texts;
  std::vector<Control> controls;
  std::vector<Box> pills;     ///< rounded labels that look like something to touch, and are not
  bool takes_touches = true;  ///< false right after a change of screen: a touch that begins then is ignored
  uint64_t touches = 0;       ///< how many have ended so far, with whatever they did to this screen
};

/// Fonts and sizes. Fonts are looked for in the system's folders; a missing one falls back to ImGui's own,
/// with a notice.
struct Options {
  float scale = 1;  ///< framebuffer pixels per virtual pixel: fonts are baked at this scale
  std::string font_root = "/usr/share/fonts";
  Words words{};  ///< the kiosk's own words; English when nothing is said
  /// Baked before, for this scale (fonts.hpp). None: they are baked now.
  std::shared_ptr<Letters> letters{};
};

/// glClear to this before each frame: the screens draw no background of their own.
struct BackgroundColour {
  float r = 13 / 255.f, g = 19 / 255.f, b = 29 / 255.f;
};
BackgroundColour background_of(const session::Snapshot& snapshot);

class Ui {
 public:
  /// For the current ImGui context, which draws with these letters as long as this lives: it ends before the context does.
  static std::unique_ptr<Ui> make(const Options& options);
  virtual ~Ui() = default;
  /// One frame between ImGui::NewFrame() and ImGui::Render(). width × height: virtual pixels, 1920 × 1080 for
  /// 16:9; other aspect ratios give a larger width or height, never a smaller one. now_us: CLOCK_MONOTONIC.
  virtual std::vector<session::Tap> draw(const session::Snapshot& snapshot, int64_t now_us, float width, float height) = 0;
  /// A contact went down: called for every finger, also a second one while a palm rests. Returns the tap of a
  /// control that acts on press (pain stop), if it is one. Virtual pixels. Call it for a mouse button too:
  /// draw() never returns that tap.
  virtual std::vector<session::Tap> press(float x, float y, int64_t now_us) = 0;
  virtual const ShownScreen& shown() const = 0;
  /// Something still moves: draw again soon. Else the next frame is due at next_change_us (a clock second, an
  /// age, the next picture of the figure: 30 a second on set_up, live and rest, until nobody has touched the
  /// screen for a minute), or with the next snapshot or touch. INT64_MAX: nothing will change by itself.
  virtual bool animating() const = 0;
  virtual int64_t next_change_us() const = 0;
  /// "" or which font is missing and which package has it.
  virtual std::string font_notice() const = 0;
};

}  // namespace patella::ui
