#include "window/mirror_line.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace patella::window {

namespace {
nlohmann::json rect(const ui::Box& box, float scale) {
  const auto pixel = [scale](float v) { return static_cast<int>(std::lround(v * scale)); };
  return {pixel(box.x), pixel(box.y), pixel(box.w), pixel(box.h)};
}
}  // namespace

std::string mirror_line(const ui::ShownScreen& shown, float scale) {
  nlohmann::json texts = nlohmann::json::array(), controls = nlohmann::json::array();
  for (const auto& text : shown.texts) texts.push_back(text.text);
  for (const auto& control : shown.controls)
    controls.push_back(
        {{"id", control.id}, {"label", control.label}, {"rect", rect(control.box, scale)}, {"enabled", control.enabled}});
  const nlohmann::json line{{"screen", shown.name},
                            {"texts", texts},
                            {"controls", controls},
                            {"takes_touches", shown.takes_touches},
                            {"touches", shown.touches}};
  return json_text(line);
}

}  // namespace patella::window
