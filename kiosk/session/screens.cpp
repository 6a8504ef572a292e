#include "session/snapshot.hpp"

namespace patella::session {

const char* name_of(Screen screen) {
  switch (screen) {
    case Screen::home:
      return "home";
    case Screen::who:
      return "who";
    case Screen::screening:
      return "screening";
    case Screen::start_gate:
      return "start_gate";
    case Screen::set_up:
      return "set_up";
    case Screen::live:
      return "live";
    case Screen::rest:
      return "rest";
    case Screen::pain_stop:
      return "pain_stop";
    case Screen::after:
      return "after";
    case Screen::summary:
      return "summary";
    case Screen::resume_offer:
      return "resume_offer";
    case Screen::sign_in:
      return "sign_in";
    case Screen::day_after:
      return "day_after";
    case Screen::today:
      return "today";
    case Screen::library:
      return "library";
    case Screen::visit_summary:
      return "visit_summary";
    case Screen::staff:
      return "staff";
  }
  return "";
}

std::optional<Screen> screen_named(std::string_view name) {
  for (int i = static_cast<int>(Screen::home); i <= static_cast<int>(Screen::staff); ++i)
    if (const auto screen = static_cast<Screen>(i); name == name_of(screen)) return screen;
  return std::nullopt;
}

const char* name_of(const Snapshot& snapshot) {
  if (snapshot.screen != Screen::staff) return name_of(snapshot.screen);
  return std::visit(
      []<class View>(const View&) -> const char* {
        if constexpr (std::is_same_v<View, std::monostate>)
          return name_of(Screen::staff);
        else
          return View::kName;
      },
      snapshot.staff->screen);
}

Messages for_staff(Messages text) {
  if (!text.empty()) text.front() = Message("Tell staff: {0}", std::move(text.front()));
  return text;
}

bool is_session_screen(Screen screen) { return screen >= Screen::screening && screen <= Screen::summary; }

}  // namespace patella::session
