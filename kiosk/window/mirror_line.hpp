// The screen as text, for those who ask for it over the control socket.
#pragma once

#include <string>

#include "ui/ui.hpp"

namespace patella::window {

/// One JSON object in one line: screen, texts, controls with id, label, rect [x, y, w, h] in pixels of the
/// screen, enabled.
std::string mirror_line(const ui::ShownScreen& shown, float scale);

}  // namespace patella::window
