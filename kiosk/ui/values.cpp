// How far a number can be trusted, and how it is written.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {

using session::Liveness;

namespace {

constexpr std::string_view kDashes = "\xE2\x80\x93\xE2\x80\x93";
constexpr std::string_view kDash = "\xE2\x80\x93";
// When no snapshot comes any more, the session thread's own limits are not applied: then the UI's are.
constexpr int64_t kSilentUs = 2'500'000, kGoneUs = 6'000'000;

int64_t age_us(const Frame& f, int channel) {
  return f.s.channels[static_cast<std::size_t>(channel)].age_us + std::max<int64_t>(0, f.now_us - f.s.made_us);
}

bool is_channel(const Frame& f, int channel) { return channel >= 0 && static_cast<std::size_t>(channel) < f.s.channels.size(); }

}  // namespace

Trust trust_of(Frame& f, int channel) {
  if (!is_channel(f, channel)) return Trust::live;
  const int64_t silent = f.now_us - f.s.made_us;
  switch (f.s.channels[static_cast<std::size_t>(channel)].liveness) {
    case Liveness::unused:
    case Liveness::live:
      if (silent > kGoneUs) return Trust::none;
      f.change_at(f.s.made_us + (silent > kSilentUs ? kGoneUs : kSilentUs) + 1);  // should nothing come until then
      return silent > kSilentUs ? Trust::old_value : Trust::live;
    case Liveness::stale:
      return silent > kGoneUs ? Trust::none : Trust::old_value;
    default:
      return Trust::none;
  }
}

std::string number_text(const Phrasebook& language, double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kDashes);
  const int places = std::clamp(decimals, 0, 6);
  std::string out = number_in_words(value, places, language);
  if (out[0] == '-') out.replace(0, 1, "\xE2\x88\x92");
  return out;
}

std::string signed_text(const Phrasebook& language, double value, int decimals) {
  const std::string number = number_text(language, value, decimals);
  return value >= 0 && std::isfinite(value) ? "+" + number : number;
}

std::string range_text(const Phrasebook& language, double low, double high, int decimals) {
  if (std::isfinite(low) && std::isfinite(high))
    return number_text(language, low, decimals) + std::string(kDash) + number_text(language, high, decimals);
  if (std::isfinite(low)) return "\xE2\x89\xA5 " + number_text(language, low, decimals);
  return "\xE2\x89\xA4 " + number_text(language, high, decimals);
}

bool has_target(const patella_readout& r) { return std::isfinite(r.target_low) || std::isfinite(r.target_high); }

const patella_readout* primary_readout(const patella_view& view) {
  const auto count = std::min<std::size_t>(view.readout_count, PATELLA_VIEW_READOUTS);
  for (std::size_t i = 0; i < count; ++i)
    if (view.readouts[i].role == PATELLA_ROLE_PRIMARY) return &view.readouts[i];
  return nullptr;
}

ValueLook look_of(Frame& f, const patella_readout& readout) {
  ValueLook look;
  look.trust = trust_of(f, readout.channel);
  look.number = number_text(f.words.tr, readout.value, readout.decimals);
  if (look.trust == Trust::live) return look;
  const int64_t age = age_us(f, readout.channel);
  if (look.trust == Trust::old_value) {
    look.age = fill_in(f.words.seconds_old, {std::to_string(std::max<int64_t>(1, age / 1'000'000))});
    look.why = fill_in(f.words.value_old, {std::to_string(std::max<int64_t>(1, age / 1'000'000))});
    f.change_at(f.now_us + 1'000'000 - age % 1'000'000);
    return look;
  }
  look.number = std::string(kDashes);
  look.waits = true;
  const auto liveness = f.s.channels[static_cast<std::size_t>(readout.channel)].liveness;
  look.why = liveness == Liveness::failed     ? f.words.sensor_failed + " \xE2\x80\x93 " + f.words.tell_staff
             : liveness == Liveness::absent   ? f.words.waiting
             : liveness == Liveness::starting ? f.words.starting
                                              : f.words.sensor_lost;
  return look;
}

ImU32 tone_colour(const Frame& f, uint32_t tone) {
  if (tone == PATELLA_TONE_LOW) return f.colour.low;
  if (tone == PATELLA_TONE_HIGH) return f.colour.high;
  if (tone == PATELLA_TONE_ON_TARGET) return f.colour.target;
  return f.colour.text2;
}

Feedback feedback_of(Frame& f) {
  if (const patella_readout* primary = primary_readout(f.s.view)) {
    const ValueLook look = look_of(f, *primary);
    if (look.trust == Trust::none) return {look.why, f.colour.high, icon::sensors_off};
    if (look.trust == Trust::old_value) return {look.why, f.colour.stale, icon::timer};
  } else if (trust_of(f, f.s.view.trace_channel) == Trust::none) {
    return {f.words.sensor_lost, f.colour.high, icon::sensors_off};
  }
  const uint32_t tone = f.s.view.tone;
  const unsigned code = tone == PATELLA_TONE_LOW         ? icon::up
                        : tone == PATELLA_TONE_HIGH      ? icon::down
                        : tone == PATELLA_TONE_ON_TARGET ? icon::check
                                                         : icon::info;
  return {view_text(f, f.s.view.feedback), tone_colour(f, tone), code};
}

namespace {
constexpr float kPillIcon = 72, kPillPad = 34, kPillLead = kPillPad + kPillIcon + 16, kOneLineH = 138, kTwoLinesH = 216;

bool on_one_line(const Frame& f, float width, const Feedback& feedback) {
  return text_width(f, Weight::medium, size::feedback, feedback.words) <= width - kPillLead - kPillPad;
}
}  // namespace

float feedback_height(const Frame& f, float width, const Feedback& feedback) {
  return feedback.words.empty() ? 0 : on_one_line(f, width, feedback) ? kOneLineH : kTwoLinesH;
}

void feedback_pill(Frame& f, Rect box, const Feedback& feedback) {
  if (feedback.words.empty()) return;
  const ReadAt at_a_glance(f, Reading::feedback);
  const bool one = on_one_line(f, box.w, feedback);
  const float h = std::min(box.h, one ? kOneLineH : kTwoLinesH);
  const TextStyle style{
      Weight::medium, one ? 104.f : size::feedback, f.colour.go_ink, Align::left, Upright::middle, one ? 1 : 2, 44};
  Rect words{box.x + kPillLead, box.centre().y - h / 2, box.w - kPillLead - kPillPad, h};
  const Rect used = measure_in(f, words, style, feedback.words);
  const float w = kPillLead + used.w + kPillPad, x = box.centre().x - w / 2;
  const Rect at{x, words.y, w, h};
  fill(f.dl, at, std::min(h / 2, 69.f), mix(feedback.c, f.colour.white, .10f), feedback.c);
  draw_icon(f, {x + kPillPad + kPillIcon / 2, at.centre().y}, kPillIcon, f.colour.go_ink, feedback.icon);
  words.x = x + kPillLead;
  text_in(f, words, style, feedback.words);
}

void value_block(Frame& f, Rect box, const patella_readout& readout, const ValueLook& look, float px, Align align) {
  const ImU32 c = look.trust == Trust::live ? f.colour.text : f.colour.stale;
  const std::string unit = unit_text(f, readout.unit);
  const float unit_px = std::clamp(px * .34f, px >= 180 ? size::needed : 34.f, 96.f);
  const float unit_w = unit.empty() ? 0 : text_width(f, Weight::regular, unit_px, unit) + px * .12f;
  const float number_w = std::min(figures_width(f, px, look.number), box.w - unit_w);
  const float x = align == Align::centre ? box.centre().x - (number_w + unit_w) / 2 : box.x;
  const float w = figures(f, {x, box.centre().y}, px, c, look.number, Align::left, number_w + .5f);
  if (unit.empty()) return;
  const ReadAt at(f, f.reading == Reading::trained ? Reading::needed : Reading::near);
  text_in(f, {x + w + px * .12f, box.centre().y + px * kCap / 2 - unit_px * kCap, std::max(40.f, unit_w), unit_px * kCap},
          {Weight::regular, unit_px, f.colour.text2}, unit);
}

}  // namespace patella::ui
