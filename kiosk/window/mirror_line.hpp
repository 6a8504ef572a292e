// The screen as text, for those who ask for it over the control socket.
#pragma once

#include <string>

#include "ui/ui.hpp"

namespace patella::window {

/// One JSON object in one line: screen, texts, controls with id, label, rect [x, y, w, h] in pixels of the
/// screen, enabled; takes_touches: false for a moment after a change of screen; touches: how many have ended.
std::string mirror_line(const ui::ShownScreen& shown, float scale);

}  // namespace patella::window
