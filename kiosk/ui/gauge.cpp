// The dial of the number being trained: band, scale, needle, hero number.
#include <fmt/format.h>

#include <cmath>

#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

constexpr float kStart = radians(148), kEnd = radians(392);

struct Dial {
  V2 centre;
  float radius, thickness;
  double low, high;  // ends of the scale

  float angle(double value) const {
    const double part = std::clamp((value - low) / (high - low), 0.0, 1.0);
    return kStart + (kEnd - kStart) * static_cast<float>(part);
  }
};

Dial dial_in(Rect box, const patella_readout& readout) {
  // Above: number of the band's edge (about 70 px). Below: the ends of the arc reach .53 radii under the
  // middle.
  const float by_height = (box.h - 70) / (1 + .10f + .68f), by_width = box.w / 2.56f;
  const float radius = std::max(60.f, std::min(by_height, by_width));
  const float slack = std::max(0.f, box.h - 70 - radius * 1.78f);  // a tall card: the dial stands in the middle
  const bool good =
      std::isfinite(readout.scale_low) && std::isfinite(readout.scale_high) && readout.scale_low < readout.scale_high;
  return {{box.centre().x, box.y + 58 + radius * 1.1f + slack / 2},
          radius,
          radius * .2f,
          good ? readout.scale_low : 0,
          good ? readout.scale_high : 100};
}

void band(Frame& f, const Dial& d, double low, double high, bool reached) {
  const float a = d.angle(low), b = d.angle(high);
  if (a - radians(1) > kStart)
    ring(f.dl, d.centre, d.radius, d.thickness, kStart, a - radians(1.2f), mix(f.colour.track, f.colour.low_deep, .1f),
         mix(f.colour.track, f.colour.low_deep, .6f), true);
  if (b + radians(1) < kEnd)
    ring(f.dl, d.centre, d.radius, d.thickness, b + radians(1.2f), kEnd, mix(f.colour.track, f.colour.high_deep, .55f),
         mix(f.colour.track, f.colour.high_deep, .1f), true);
  // The inner round ends are covered, so that the parts meet with straight edges.
  ring(f.dl, d.centre, d.radius, d.thickness + 3, std::max(kStart, a - radians(1.6f)), std::min(kEnd, b + radians(1.6f)),
       f.colour.card_top, f.colour.card_top, false);
  const float glow = f.anim.to("gauge_glow", reached ? 1.f : 0.f, .2f, .05f);
  for (int i = 0; i < 4 && glow > .01f; ++i)
    ring(f.dl, d.centre, d.radius, d.thickness + 10 + static_cast<float>(i) * 9, a, b, fade(f.colour.target, .055f * glow),
         fade(f.colour.target, .055f * glow), false);
  const ImU32 c = mix(f.colour.target, f.colour.target_deep, reached ? 0 : .45f);
  ring(f.dl, d.centre, d.radius, d.thickness, a, b, c, c, false);
}

void band_edges(Frame& f, const Dial& d, const patella_readout& readout) {
  const float outer = d.radius + d.thickness / 2;
  const float spread = d.angle(readout.target_high) - d.angle(readout.target_low);
  const bool both = std::isfinite(readout.target_low) && std::isfinite(readout.target_high);
  // A narrow band: the two numbers move apart, so that they do not touch.
  const float apart = both && spread * (outer + 42) < 90 ? (90 - spread * (outer + 42)) / 2 / (outer + 42) : 0;
  const auto edge = [&](double value, float shift) {
    if (!std::isfinite(value)) return;
    const float a = d.angle(value);
    capsule(f.dl, polar(d.centre, d.radius - d.thickness / 2 - 8, a), polar(d.centre, outer + 12, a), 6, f.colour.text);
    figures(f, polar(d.centre, outer + 46, a + shift), 42, f.colour.text,
            number_text(f.words.tr, value, readout.decimals > 0 && d.high - d.low < 10 ? 1 : 0), Align::centre);
  };
  edge(readout.target_low, -apart);
  edge(readout.target_high, apart);
}

void needle(Frame& f, const Dial& d, double value, ImU32 c, bool live) {
  const float aim = d.angle(value), half_pixel = .5f / d.radius / f.fonts.scale;
  const float a = f.anim.to("gauge_needle", aim, .12f, half_pixel);
  const V2 knob = polar(d.centre, d.radius, a);
  const float r = std::max(26.f, d.thickness * .68f);
  shadow(f.dl, {knob.x - r, knob.y - r, 2 * r, 2 * r}, r, 26, .6f, 4);
  f.dl->AddCircleFilled(knob, r, live ? f.colour.white : f.colour.stale, 56);
  f.dl->AddCircleFilled(knob, r * .56f, live ? c : f.colour.track, 48);
  capsule(f.dl, polar(d.centre, d.radius - d.thickness / 2 - 18, a), polar(d.centre, d.radius - d.thickness / 2 - 50, a), 8,
          live ? f.colour.white : f.colour.stale);
}

void scale_marks(Frame& f, const Dial& d, double low, double high) {
  const double span = d.high - d.low;
  const float outer = d.radius + d.thickness / 2;
  for (int i = 1; i < 6; ++i) {
    const double value = d.low + span * i / 6;
    if (value > low - span * .03 && value < high + span * .03) continue;
    const float a = d.angle(value);
    f.dl->AddLine(polar(d.centre, outer + 8, a), polar(d.centre, outer + 20, a), f.colour.text3, 4);
  }
  if (d.radius < 300) return;  // no room beside the number
  for (const double end : {d.low, d.high}) {
    const V2 at = polar(d.centre, d.radius - d.thickness / 2 - 46, d.angle(end));
    figures(f, {at.x, at.y - 6}, 34, f.colour.text3, number_text(f.words.tr, end, span < 10 ? 1 : 0), Align::centre);
  }
}

}  // namespace

void gauge(Frame& f, Rect box, const patella_readout& readout, const ValueLook& look, const Feedback& feedback) {
  const Rect below = box.cut_bottom(feedback.words.empty() ? 108 : feedback_height(f, box.w, feedback));
  const Dial d = dial_in({box.x, box.y, box.w, box.h + 6}, readout);
  const bool known = look.trust == Trust::live && std::isfinite(readout.value);
  const double low = std::isfinite(readout.target_low) ? readout.target_low : d.low;
  const double high = std::isfinite(readout.target_high) ? readout.target_high : d.high;
  if (has_target(readout)) {
    band(f, d, low, high, known && readout.value >= low && readout.value <= high);
    scale_marks(f, d, low, high);
    band_edges(f, d, readout);
  } else {
    ring(f.dl, d.centre, d.radius, d.thickness, kStart, kEnd, f.colour.track, f.colour.track, true);
    if (known) {
      const float a = f.anim.to("gauge_arc", d.angle(readout.value), .12f, .5f / d.radius / f.fonts.scale);
      ring(f.dl, d.centre, d.radius, d.thickness, kStart, a, f.colour.accent_deep, f.colour.accent, true);
    }
    scale_marks(f, d, 1, 0);
  }
  if (look.trust != Trust::none && std::isfinite(readout.value))
    needle(f, d, readout.value, has_target(readout) ? tone_colour(f, f.s.view.tone) : f.colour.accent, known);
  const ImU32 ink = look.trust == Trust::live ? f.colour.text : f.colour.stale;
  const float room = 2 * (d.radius - d.thickness / 2) - 70;
  const float px = std::min(size::hero, d.radius * .82f);
  {
    const ReadAt trained(f, Reading::trained);
    figures(f, {d.centre.x, d.centre.y - d.radius * .06f}, std::max(px, 190.f), ink, look.number, Align::centre, room);
  }
  const ReadAt far(f, Reading::needed);
  const float unit_y = d.centre.y + d.radius * .40f;
  text_in(f, {d.centre.x - room / 2, unit_y - 30, room, 84}, {Weight::regular, size::needed, f.colour.text2, Align::centre},
          unit_text(f, readout.unit));
  feedback_pill(f, below, feedback);
}

}  // namespace patella::ui
