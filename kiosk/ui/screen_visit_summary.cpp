#include "ui/screens.hpp"

namespace patella::ui {

void screen_visit_summary(Frame&) {}

}  // namespace patella::ui
