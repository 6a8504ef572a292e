// Below the screens: thinned traces, text that fits, fonts that are missing, colours that read.
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "support/catch.hpp"
#include "ui/fingerprint.hpp"
#include "ui/fonts.hpp"
#include "ui/parts.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<session::TracePoint> wave(int count, double seconds) {
  std::vector<session::TracePoint> out;
  for (int i = 0; i < count; ++i) {
    const double t = seconds * i / (count - 1);
    out.push_back({static_cast<float>(t), static_cast<float>(50 + 40 * std::sin(t * 3))});
  }
  return out;
}

Trace trace_of(const std::vector<session::TracePoint>& points, double seconds) {
  Trace t;
  t.points = points;
  t.t0_s = 0;
  t.t1_s = seconds;
  t.max = 100;
  t.band_low = t.band_high = kNone;
  return t;
}

std::filesystem::path scratch(const std::string& name) {
  const auto dir = std::filesystem::temp_directory_path() /
                   ("patella_ui_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + name);
  std::filesystem::create_directories(dir);
  return dir;
}

}  // namespace

TEST_CASE("a long trace is thinned and keeps each peak") {
  auto points = wave(100'000, 20);
  points[31'415].value = 99;
  points[31'416].value = 1;
  const Trace trace = trace_of(points, 20);
  std::vector<ImVec2> line;
  std::vector<TracePiece> pieces;
  const Rect plot{100, 100, 900, 400};
  decimate(trace, plot, 900, line, pieces);
  REQUIRE(pieces.size() == 1);
  CHECK(line.size() <= 1802);
  CHECK(line.size() > 900);
  float top = 1e9f, bottom = 0;
  for (const ImVec2& p : line) top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  CHECK(top == Approx(500 - 400 * .99));
  CHECK(bottom == Approx(500 - 400 * .01));
  CHECK(std::is_sorted(line.begin(), line.end(), [](const ImVec2& a, const ImVec2& b) { return a.x < b.x - 1; }));
}

TEST_CASE("a trace never makes more points than a line may have") {
  const auto points = wave(400'000, 20);
  std::vector<ImVec2> line;
  std::vector<TracePiece> pieces;
  decimate(trace_of(points, 20), {0, 0, 30'000, 400}, 30'000, line, pieces);
  CHECK(line.size() <= 16'000);
}

TEST_CASE("a gap is a hole: the line does not cross it") {
  auto points = wave(2'001, 20);
  std::erase_if(points, [](const session::TracePoint& p) { return p.t_s > 5 && p.t_s < 8; });
  const std::vector<session::TraceGap> gaps{{5, 8}};
  Trace trace = trace_of(points, 20);
  trace.gaps = gaps;
  std::vector<ImVec2> line;
  std::vector<TracePiece> pieces;
  decimate(trace, {0, 0, 1000, 400}, 1000, line, pieces);
  REQUIRE(pieces.size() == 2);
  CHECK(line[pieces[0].to - 1].x <= 251);
  CHECK(line[pieces[1].from].x >= 399);
}

TEST_CASE("values that are no numbers, and a trace without width, draw nothing") {
  std::vector<session::TracePoint> points{
      {1, std::numeric_limits<float>::quiet_NaN()}, {2, std::numeric_limits<float>::infinity()}, {3, 5}};
  std::vector<ImVec2> line;
  std::vector<TracePiece> pieces;
  decimate(trace_of(points, 20), {0, 0, 1000, 400}, 1000, line, pieces);
  CHECK(line.size() == 1);
  decimate(trace_of(points, 0), {0, 0, 1000, 400}, 1000, line, pieces);
  CHECK(line.empty());
}

TEST_CASE("the busiest screen stays under the 16-bit limit of a draw list") {
  Harness h(3840, 2160);
  for (const Fixture& f : all_fixtures()) {
    h.show(f.snapshot);
    INFO(f.name);
    CHECK(ImGui::GetDrawData()->TotalVtxCount < 60'000);
  }
}

TEST_CASE("a frame that shows the same has the same fingerprint, and one that shows anything else has another") {
  Harness h;
  const auto shown = [] { return fingerprint(*ImGui::GetDrawData()); };
  session::Snapshot home = fixture("home").snapshot;
  h.show(home);
  const uint64_t before = shown();
  h.frames(3);
  CHECK(shown() == before);
  for (const Fixture& f : all_fixtures()) {
    if (f.name == "home") continue;
    h.show(f.snapshot);
    INFO(f.name);
    CHECK(shown() != before);
  }
  h.show(home);
  CHECK(shown() == before);
  home.wall_clock = home.wall_clock == "10:41" ? "10:42" : "10:41";
  h.show(home);
  CHECK(shown() != before);  // one digit
  h.show(fixture("home").snapshot);
  const Control* station = h.control("station_tke");
  REQUIRE(station);
  h.down(station->box.x + 40, station->box.y + 40);
  CHECK(shown() != before);  // the look of what is held
}

TEST_CASE("letters that were baked before are drawn with, and the context's own atlas is back afterwards") {
  ImGuiContext* context = ImGui::CreateContext();
  ImFontAtlas* own = ImGui::GetIO().Fonts;
  Options options;
  options.letters = bake_letters(options.font_root, 1);
  {
    const auto ui = Ui::make(options);
    CHECK(ImGui::GetIO().Fonts == &options.letters->atlas);
  }
  CHECK(ImGui::GetIO().Fonts == own);
  ImGui::DestroyContext(context);
}

TEST_CASE("without the font packages the kiosk still speaks, and says what is missing") {
  Options options;
  options.font_root = "/nonexistent";
  Harness h(1920, 1080, options);
  CHECK(h.ui().font_notice().find("fonts-roboto-unhinted") != std::string::npos);
  CHECK(h.ui().font_notice().find("fonts-material-design-icons-iconfont") != std::string::npos);
  for (const Fixture& f : all_fixtures()) h.show(f.snapshot);
  h.show(fixture("home").snapshot);
  CHECK(h.has_text("Bike warm-up"));
  CHECK(Harness().ui().font_notice().empty());
}

TEST_CASE("a damaged font file is refused before it is loaded") {
  const auto root = scratch("fonts");
  const auto good = std::filesystem::path("/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf");
  CHECK(font_file_is_whole(good));
  const auto folder = root / "truetype/roboto/unhinted/RobotoTTF";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(good, folder / "Roboto-Regular.ttf");
  std::filesystem::resize_file(folder / "Roboto-Regular.ttf", 100'000);
  CHECK_FALSE(font_file_is_whole(folder / "Roboto-Regular.ttf"));
  std::ofstream(folder / "Roboto-Medium.ttf") << "<html>not found</html>";
  CHECK_FALSE(font_file_is_whole(folder / "Roboto-Medium.ttf"));
  Options options;
  options.font_root = root;
  Harness h(1920, 1080, options);
  h.show(fixture("live_tke").snapshot);
  CHECK(h.ui().font_notice().find("Roboto-Medium.ttf") != std::string::npos);
  std::filesystem::remove_all(root);
}

TEST_CASE("bad text and bad numbers from a module do not stop the drawing") {
  Harness h;
  session::Snapshot s = fixture("live_tke").snapshot;
  std::memset(s.view.title, 0xC3, sizeof s.view.title);  // no terminator, no valid UTF-8
  std::memset(s.view.prompt, 0xFF, sizeof s.view.prompt);
  std::memset(s.view.feedback, 'W', sizeof s.view.feedback);
  s.view.readout_count = 4'000'000'000u;
  s.view.rep_mark_count = 4'000'000'000u;
  s.view.segment_count = 4'000'000'000u;
  s.view.segment_index = -7;
  s.view.rep_count = -5;
  s.view.trace_channel = 2'000'000;
  s.view.trace_min = s.view.trace_max = kNone;
  s.view.timer_s = std::numeric_limits<double>::infinity();
  for (auto& r : s.view.readouts) {
    r.scale_low = kNone;
    r.channel = -77;
    r.decimals = 1'000;
    r.target_low = 1e300;
    r.value = -1e300;
  }
  h.show(s);
  CHECK(h.control("pain_stop") != nullptr);
  s.view.trace_channel = -1;
  h.show(s);
  CHECK(h.control("pain_stop") != nullptr);
  for (uint32_t phase = 0; phase < 9; ++phase) {
    s.view.phase = phase;
    s.view.rep_index = -1;
    s.view.rep_mark_count = 0;
    h.show(s);
    CHECK(h.control("pain_stop") != nullptr);
  }
}

TEST_CASE("text, zones and buttons have the contrast they need in every theme") {
  using session::Theme;
  for (const Theme theme : {Theme::dark, Theme::light, Theme::high_contrast}) {
    INFO(static_cast<int>(theme));
    const Palette& c = palette(theme);
    for (const ImU32 ground : {c.card_top, c.card_bottom, c.background}) {
      CHECK(contrast(c.text, ground) >= 12);
      CHECK(contrast(c.text2, ground) >= 7);
      CHECK(contrast(c.text3, ground) >= 4.5f);
      for (const ImU32 zone : {c.high, c.target, c.low, c.accent_text}) CHECK(contrast(zone, ground) >= 6);
      CHECK(contrast(c.outline, ground) >= 2.7f);
    }
    for (const ImU32 tint :
         {mix(c.card_bottom, c.target, .18f), mix(c.card_bottom, c.high, .22f), mix(c.card_bottom, c.low, .18f)})
      CHECK(contrast(c.text, tint) >= 7);
    for (const ImU32 zone : {c.target, c.low, c.high, c.stale}) CHECK(contrast(ink_on(zone), zone) >= 4.5f);
    CHECK(contrast(c.go_ink, c.go_top) >= 6.9f);
    CHECK(contrast(c.go_ink, c.go_bottom) >= 7);
    CHECK(contrast(c.on_accent, c.accent) >= 7);
    CHECK(contrast(c.white, c.stop_top) >= 4.5f);
    CHECK(contrast(c.white, c.stop_bottom) >= 4.5f);
  }
  CHECK(ink_on(rgb(0xFFFFFF)) != rgb(0xFFFFFF));
  CHECK(ink_on(rgb(0x000000)) == rgb(0xFFFFFF));
}

TEST_CASE("numbers are written as people read them") {
  CHECK(number_text(Phrasebook(), 79.4, 0) == "79");
  CHECK(number_text(Phrasebook(), -0.2, 0) == "0");
  CHECK(number_text(Phrasebook(), -3, 0) ==
        "\xE2\x88\x92"
        "3");
  CHECK(number_text(Phrasebook(), kNone, 1) == "\xE2\x80\x93\xE2\x80\x93");
  CHECK(range_text(Phrasebook(), 75, 85, 0) ==
        "75\xE2\x80\x93"
        "85");
  CHECK(range_text(Phrasebook(), 40, kNone, 0) == "\xE2\x89\xA5 40");
  CHECK(clock_text(154) == "2:34");
  CHECK(clock_text(3725) == "1:02:05");
  CHECK(fill_in("{0} of {1}", {"3", "10"}) == "3 of 10");
  CHECK(fill_in("{0} of {1}", {"{}", "10"}) == "{} of 10");
}

TEST_CASE("the cost of a frame is printed") {
  Harness h;
  double worst = 0;
  std::string worst_name;
  for (const Fixture& f : all_fixtures()) {
    h.show(f.snapshot);
    std::vector<double> times;
    for (int i = 0; i < 101; ++i) {
      const auto start = std::chrono::steady_clock::now();
      h.frames(1);
      times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + 50, times.end());
    if (times[50] > worst) worst = times[50], worst_name = f.name;
  }
  std::printf("UI build, median of 101 frames, busiest screen (%s): %.3f ms\n", worst_name.c_str(), worst);
  CHECK(worst > 0);
}
