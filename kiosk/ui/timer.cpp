// The clock between two snapshots: it runs on by the view's rate, but never far beyond what the session has
// said.
#include <fmt/format.h>

#include <cmath>

#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

constexpr double kFurthestS = 1.5;
constexpr double kFastestS = 1.0 / 30;

struct ClockReading {
  std::string words;
  double next_s;  // until the words change, at rate 1
};

/// Counting down shows the second that is being used up, counting up the seconds that are full.
ClockReading reading(const Frame& f, double s, double rate, double total) {
  const bool tenths = rate >= 0 && std::isfinite(total) && total <= 20;
  if (tenths) {
    const double tenth = std::floor(s * 10 + 1e-6);
    return {number_text(f.words.tr, tenth / 10, 1), (tenth + 1) / 10 - s};
  }
  const double whole = rate < 0 ? std::ceil(s - 1e-6) : std::floor(s + 1e-6);
  return {clock_text(whole), rate < 0 ? s - (whole - 1) : whole + 1 - s};
}

}  // namespace

std::string clock_text(double seconds) {
  const auto s = static_cast<long long>(std::max(0.0, std::min(seconds, 359999.0)));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

TimerLook timer_look(Frame& f, float ring_length_px) {
  const patella_view& v = f.s.view;
  TimerLook look;
  if (v.size == 0 || !std::isfinite(v.timer_s)) return look;
  look.there = true;
  const bool stands = f.s.pause != session::Pause::none || f.s.exercise_stopped_for_module || !std::isfinite(v.timer_rate);
  const double rate = stands ? 0 : v.timer_rate;
  const double passed = std::clamp(static_cast<double>(f.now_us - f.s.view_made_us) / 1e6, 0.0, kFurthestS);
  look.seconds = std::max(0.0, v.timer_s + rate * passed);
  const bool ringed = std::isfinite(v.timer_total_s) && v.timer_total_s > 0;
  if (ringed) look.part = static_cast<float>(std::clamp(look.seconds / v.timer_total_s, 0.0, 1.0));
  const ClockReading now = reading(f, look.seconds, v.timer_rate, v.timer_total_s);
  look.words = now.words;
  const bool runs = rate != 0 && passed < kFurthestS && !(rate < 0 && look.seconds <= 0);
  if (!runs) return look;
  double next = now.next_s / std::fabs(rate);
  if (ringed) {  // three pixels of the ring are a visible step
    const double px_per_s = static_cast<double>(ring_length_px * f.fonts.scale) / v.timer_total_s * std::fabs(rate);
    next = std::min(next, 3.0 / std::max(px_per_s, 1e-3));
  }
  f.change_at(f.now_us + static_cast<int64_t>(std::max(next, kFastestS) * 1e6));
  return look;
}

void timer_ring(Frame& f, V2 centre, float radius, float thickness, float digits_px, const TimerLook& timer, ImU32 c) {
  constexpr float kTop = -kPi / 2;
  if (timer.part >= 0) {
    ring(f.dl, centre, radius, thickness, kTop, kTop + 2 * kPi, f.colour.track, f.colour.track, false);
    if (timer.part > .99f)
      ring(f.dl, centre, radius, thickness, kTop, kTop + 2 * kPi, c, c, false);
    else if (timer.part > .002f)
      ring(f.dl, centre, radius, thickness, kTop, kTop + 2 * kPi * timer.part, mix(c, rgb(0x1B4FB8), .35f), c, true);
  }
  figures(f, centre, digits_px, f.colour.text, timer.words, Align::centre, 2 * (radius - thickness / 2) - 24);
}

}  // namespace patella::ui
