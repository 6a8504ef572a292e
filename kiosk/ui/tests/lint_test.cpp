// Rules of the layout, checked on every screen in every state, on every size of panel, with short and with
// long words.
#include <cctype>
#include <cmath>

#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;

namespace {

struct Panel {
  int w, h;
};
constexpr Panel kPanels[] = {{1280, 720}, {1920, 1080}, {3840, 2160}, {1280, 800},
                             {1024, 768}, {1024, 600},  {800, 480},   {720, 1280}};

bool overlap(const Box& a, const Box& b, float slack) {
  return a.x + slack < b.x + b.w && b.x + slack < a.x + a.w && a.y + slack < b.y + b.h && b.y + slack < a.y + a.h;
}

bool inside(const Box& in, const Box& out, float slack) {
  return in.x >= out.x - slack && in.y >= out.y - slack && in.x + in.w <= out.x + out.w + slack &&
         in.y + in.h <= out.y + out.h + slack;
}

/// Findings as sentences: one CHECK a screen instead of thousands.
std::string lint_controls(const ShownScreen& shown, const Box& glass, float scale) {
  std::string found;
  for (std::size_t i = 0; i < shown.controls.size(); ++i) {
    const Control& c = shown.controls[i];
    if (c.box.w < 72 || c.box.h < 72) found += c.id + " is smaller than 72 px; ";
    if (std::min(c.box.w, c.box.h) * scale < 43.9f) found += c.id + " is smaller than 44 pixels of the panel; ";
    if (!inside(c.box, glass, 0)) found += c.id + " is too near the edge; ";
    if (c.label.empty()) found += c.id + " has no label; ";
    for (std::size_t k = i + 1; k < shown.controls.size(); ++k) {
      if (overlap(c.box, shown.controls[k].box, -10.5f))
        found += c.id + " is less than 11 px from " + shown.controls[k].id + "; ";
      if (c.id == shown.controls[k].id) found += c.id + " is there twice; ";
    }
  }
  return found;
}

std::string lint_texts(const ShownScreen& shown, const Box& screen) {
  std::string found;
  for (std::size_t i = 0; i < shown.texts.size(); ++i) {
    const ShownText& t = shown.texts[i];
    if (t.size < 28) found += "'" + t.text + "' is smaller than 28 px; ";
    if (!inside(t.box, screen, 0)) found += "'" + t.text + "' is off the screen; ";
    for (std::size_t k = i + 1; k < shown.texts.size(); ++k)
      if (overlap(t.box, shown.texts[k].box, 1)) found += "'" + t.text + "' overlaps '" + shown.texts[k].text + "'; ";
    for (const Control& c : shown.controls) {
      const float x = t.box.x + t.box.w / 2, y = t.box.y + t.box.h / 2;
      const bool belongs = x > c.box.x && x < c.box.x + c.box.w && y > c.box.y && y < c.box.y + c.box.h;
      if (belongs && !inside(t.box, c.box, 0)) found += "'" + t.text + "' is wider than " + c.id + "; ";
      if (!belongs && overlap(t.box, c.box, 1)) found += "'" + t.text + "' runs into " + c.id + "; ";
    }
  }
  return found;
}

/// A label that touches a button reads as a part of it.
std::string lint_pills(const ShownScreen& shown) {
  std::string found;
  for (const Box& pill : shown.pills)
    for (const Control& c : shown.controls)
      if (!inside(pill, c.box, 0) && overlap(pill, c.box, -10.5f)) found += "a label is less than 11 px from " + c.id + "; ";
  return found;
}

/// Words beside each other that are no sentence: the eye needs more than the space of a sentence between them.
std::string lint_neighbours(const ShownScreen& shown) {
  std::string found;
  for (const ShownText& left : shown.texts)
    for (const ShownText& right : shown.texts) {
      const float gap = right.box.x - (left.box.x + left.box.w);
      const bool one_line = left.size == right.size && std::fabs(left.box.y - right.box.y) < 2;
      if (one_line && right.box.x > left.box.x && gap < left.size * .4f)
        found += "'" + left.text + "' stands very close to '" + right.text + "'; ";
    }
  return found;
}

std::string lint(Harness& h) {
  const ShownScreen& shown = h.ui().shown();
  return lint_controls(shown, {18, 18, h.width - 36, h.height - 36}, h.scale) + lint_texts(shown, {0, 0, h.width, h.height}) +
         lint_pills(shown) + lint_neighbours(shown);
}

}  // namespace

TEST_CASE("every screen on every panel: targets, sizes, edges, no overlap") {
  for (const Panel& panel : kPanels) {
    Harness h(panel.w, panel.h);
    for (const Fixture& f : all_fixtures()) {
      h.show(f.snapshot);
      INFO(f.name << " at " << panel.w << "x" << panel.h);
      CHECK(lint(h) == "");
    }
  }
}

TEST_CASE("the same with the long words of another language") {
  Options options;
  options.words = long_words();
  for (const Panel& panel : kPanels) {
    Harness h(panel.w, panel.h, options);
    for (const Fixture& f : all_fixtures()) {
      h.show(with_long_texts(f.snapshot));
      INFO(f.name << " at " << panel.w << "x" << panel.h);
      CHECK(lint(h) == "");
    }
  }
}

TEST_CASE("the same in each language, with what the snapshot says as it is") {
  const Result<std::vector<std::string>> languages = text::open_catalogues(std::string(PATELLA_BUILD_DIR) + "/locale");
  REQUIRE(languages);
  REQUIRE(languages->size() >= 3);
  for (const std::string& language : *languages) {
    Options options;
    options.words = Words{text::Language(language)};
    for (const Panel& panel : kPanels) {
      Harness h(panel.w, panel.h, options);
      for (const Fixture& f : all_fixtures()) {
        h.show(f.snapshot);
        INFO(f.name << " at " << panel.w << "x" << panel.h << " in " << language);
        CHECK(lint(h) == "");
      }
    }
  }
}

TEST_CASE("in German nothing of what the kiosk says itself is cut off") {
  REQUIRE(text::open_catalogues(std::string(PATELLA_BUILD_DIR) + "/locale"));
  Options options;
  options.words = Words{text::Language("de")};
  Harness german(1920, 1080, options);
  for (const Fixture& f : all_fixtures()) {
    german.show(f.snapshot);
    for (const ShownText& t : german.ui().shown().texts) {
      if (t.text == options.words.saving || t.text.find("org.patella") != std::string::npos) continue;
      INFO(f.name << ": " << t.text);
      CHECK_FALSE(t.text.ends_with("\xE2\x80\xA6"));
    }
  }
}

TEST_CASE("in English nothing of what the kiosk says itself is cut off") {
  Harness h;
  for (const Fixture& f : all_fixtures()) {
    h.show(f.snapshot);
    for (const ShownText& t : h.ui().shown().texts) {
      if (t.text == Words{}.saving) continue;
      INFO(f.name << ": " << t.text);
      const bool file_name = t.text.find("org.patella") != std::string::npos;  // a staff text in a small tile may end early
      CHECK((file_name || !t.text.ends_with("\xE2\x80\xA6")));
    }
  }
}

TEST_CASE("what must be read from three metres is large") {
  Harness h;
  const auto size_of = [&](const std::string& text) {
    for (const ShownText& t : h.ui().shown().texts)
      if (t.text == text) return t.size;
    return 0.f;
  };
  h.show(fixture("live_bike_on_target").snapshot);
  CHECK(size_of("79") >= 180);
  CHECK(size_of("On target") >= 64);
  CHECK(size_of("2:34") >= 72);
  CHECK(size_of("Sit tall, knees in line") >= 44);
  h.show(fixture("live_tke").snapshot);
  CHECK(size_of("62") >= 180);
  CHECK(size_of("On target") >= 64);
  CHECK(size_of("Left side") >= 44);
  h.show(fixture("live_tke_low").snapshot);
  CHECK(size_of("Pull to the target") >= 44);
  h.show(fixture("live_tke_not_counted").snapshot);
  CHECK(size_of("Not counted") >= 64);
  CHECK(size_of("Force left the target after 1.2 s of 2 s: hold it longer") >= 40);
  h.show(fixture("live_wall_sit").snapshot);
  CHECK(size_of("17") >= 186);
  h.show(fixture("live_countdown").snapshot);
  CHECK(size_of("3") >= 216);
  h.show(fixture("rest").snapshot);
  CHECK(size_of("0:42") >= 180);
}
