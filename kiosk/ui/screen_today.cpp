#include "ui/screens.hpp"

namespace patella::ui {

void screen_today(Frame&) {}

}  // namespace patella::ui
