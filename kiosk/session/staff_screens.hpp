// The screens of the staff area: the one list, and what is made of it. How to add one: docs/architecture.md.
//
// A view is what its screen shows, plain values. It says:
//   kName   "staff_sensors", …: in the mirror, for ever the same
//   kOnBar  reached from the bar at the bottom of the others that are; false: another screen leads to it
//   Tap     a std::variant of what a touch on it can ask for
#pragma once

#include <string_view>
#include <type_traits>
#include <variant>

#include "session/staff_calibrate.hpp"
#include "session/staff_notices.hpp"
#include "session/staff_pair.hpp"
#include "session/staff_sensors.hpp"
#include "session/staff_sign_in.hpp"

/// The list, in the order of the bar. Each view has, found by its type: draw_screen() and fixtures_of() in ui, make_screen() in
/// staff when it is on the bar. What is missing does not link.
#define PATELLA_STAFF_SCREENS(SCREEN) \
  SCREEN(SignInView)                  \
  SCREEN(NoticesView)                 \
  SCREEN(SensorsView)                 \
  SCREEN(CalibrationView)             \
  SCREEN(PairingView)

namespace patella::session {

struct StaffOpen {};   ///< on home
struct StaffLeave {};  ///< signs out, from whatever screen
/// On the bar: to that screen.
template <class View>
struct StaffGoTo {};

template <class Nothing, class... Views>
struct StaffScreenList {
  using View = std::variant<Nothing, Views...>;
  using Go = std::variant<StaffGoTo<Views>...>;
  using Tap = std::variant<typename Views::Tap...>;
  /// Calls what(std::type_identity<View>()) for each.
  template <class What>
  static constexpr void each(What&& what) {
    (what(std::type_identity<Views>()), ...);
  }

  static_assert((std::string_view(Views::kName).starts_with("staff_") && ...), "a name that would clash with a client's screen");
  static_assert((std::is_same_v<decltype(Views::kOnBar), const bool> && ...));
};

#define PATELLA_AND_VIEW(View) , View
using StaffScreens = StaffScreenList<std::monostate PATELLA_STAFF_SCREENS(PATELLA_AND_VIEW)>;
#undef PATELLA_AND_VIEW

/// monostate: the staff area is not on the screen.
using StaffScreenView = StaffScreens::View;
using StaffTap = std::variant<StaffOpen, StaffLeave, StaffScreens::Go, StaffScreens::Tap>;

}  // namespace patella::session
