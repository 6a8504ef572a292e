#include "ui/screens.hpp"

namespace patella::ui {

void screen_library(Frame&) {}

}  // namespace patella::ui
