#include "ui/screens.hpp"

namespace patella::ui {

void screen_day_after(Frame&) {}

}  // namespace patella::ui
