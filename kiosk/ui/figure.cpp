// Capsules between joints, wheels below them. Poses follow each other smoothly and the last runs back into
// the first.
#include <cmath>

#include "base/figure.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

constexpr float kBoxW = 420, kBoxH = 330;
constexpr int64_t kStepUs = 33'333;       // 30 pictures a second
constexpr int64_t kTiredUs = 60'000'000;  // nobody has touched the screen for a minute: stand still

ImU32 tone(const Palette& colour, std::string_view name) {
  if (name == "body") return colour.limb;
  if (name == "far") return colour.far_limb;
  if (name == "accent") return colour.accent;
  if (name == "band") return colour.target;
  if (name == "metal") return rgb(0x93A4BA);
  return rgb(0x5D7089);  // gear
}

void wheel(ImDrawList* dl, V2 centre, float radius, float angle, float k, ImU32 c, ImU32 metal) {
  for (int i = 0; i < 7; ++i)
    dl->AddLine(centre, polar(centre, radius - 3 * k, angle + static_cast<float>(i) * 2 * kPi / 7), fade(c, .7f), 2.4f * k);
  dl->AddCircle(centre, radius, c, 64, 8 * k);
  dl->AddCircleFilled(centre, 8 * k, metal, 20);
}

}  // namespace

void draw_figure(Frame& f, Rect r, const Figure& figure, bool moving) {
  const bool tired = f.now_us - std::max(f.touch.last_us, f.touch.screen_since_us) > kTiredUs;
  const bool moves = moving && !tired && figure.loop_s > 0;
  const int64_t frozen = f.touch.screen_since_us;
  const double since_s = static_cast<double>((moves ? f.now_us : frozen) - f.touch.screen_since_us) / 1e6;
  const float time_s = figure.loop_s > 0 ? static_cast<float>(std::fmod(since_s, figure.loop_s)) : 0;
  if (moves) f.change_at(f.now_us + kStepUs);

  const float k = std::min(r.w / kBoxW, r.h / kBoxH);
  const V2 origin{r.centre().x - kBoxW / 2 * k, r.centre().y - kBoxH / 2 * k};
  const std::vector<FigurePoint> joints = joints_at(figure, time_s);
  const auto usable = [&](int joint) { return joint >= 0 && static_cast<std::size_t>(joint) < joints.size(); };
  const auto at = [&](int joint) {
    const FigurePoint p = joints[static_cast<std::size_t>(joint)];
    return origin + V2{p.x, p.y} * k;
  };
  const float turn = figure.loop_s > 0 ? time_s / figure.loop_s * 2 * kPi : 0;
  for (const FigureWheel& w : figure.wheels)
    if (usable(w.centre))
      wheel(f.dl, at(w.centre), w.radius * k, turn * w.turns_per_loop, k, tone(f.colour, w.tone), tone(f.colour, "metal"));
  for (const FigureLimb& limb : figure.limbs) {
    if (!usable(limb.from) || !usable(limb.to)) continue;
    const ImU32 c = tone(f.colour, limb.tone);
    if (limb.from == limb.to)
      f.dl->AddCircleFilled(at(limb.from), limb.width / 2 * k, c, 40);
    else
      capsule(f.dl, at(limb.from), at(limb.to), limb.width * k, c);
  }
}

}  // namespace patella::ui
