// One screen of the staff area while it is shown: a state machine of its own. It is made when it comes up and gone when another
// one does; what stays longer lies on the desk. Pure; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <variant>

#include "session/staff_view.hpp"
#include "staff/answer.hpp"

namespace patella::staff {

class Desk;

class Screen {
 public:
  Screen() = default;
  virtual ~Screen() = default;
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// A tap of another screen does nothing: it was meant for what was there before.
  virtual void tap(const session::StaffScreens::Tap& tap, int64_t now_us) = 0;
  virtual session::StaffScreenView view(int64_t now_us) const = 0;
  virtual bool on_bar() const = 0;

  /// Another one is coming up.
  virtual void leaving() {}
  virtual void advance(int64_t /*now_us*/) {}
  /// When advance() is to be called at the latest, since it was called at `advanced_us`.
  virtual int64_t deadline_us(int64_t /*advanced_us*/) const { return std::numeric_limits<int64_t>::max(); }
  /// Somebody works at a sensor, which stands for touches.
  virtual bool in_use(int64_t /*now_us*/) const { return false; }
  /// What was done here so far is worth more time without a touch: weights are carried.
  virtual bool holds_work() const { return false; }

  // What happens meanwhile. `sensor`: index into AreaSetup::sensors.
  virtual void opened(std::size_t /*sensor*/) {}
  virtual void gone(std::size_t /*sensor*/) {}
  virtual void sample(std::size_t /*sensor*/, std::size_t /*channel*/, int64_t /*t_us*/, double /*reading*/) {}
  virtual void number_set(std::size_t /*sensor*/, const std::string& /*param*/, int /*number*/) {}
  virtual void identified(std::size_t /*sensor*/, bool /*ok*/, const Messages& /*text*/) {}
  virtual void pin_answer(const PinAnswer& /*answer*/) {}
  /// What became of the request with this ticket, and what there is to say of it. False: it is none of this screen's.
  virtual bool stored(uint64_t /*ticket*/, Outcome::Kind /*kind*/, const session::StaffMessage& /*said*/) { return false; }
};

/// For the screen with that view: `Own` has a function on(tap, now_us) for each of its taps, and fill(view, now_us).
template <class Own, class View>
class ScreenOf : public Screen {
 public:
  void tap(const session::StaffScreens::Tap& tap, int64_t now_us) final {
    if (const auto* own = std::get_if<typename View::Tap>(&tap))
      std::visit([&](const auto& one) { static_cast<Own&>(*this).on(one, now_us); }, *own);
  }
  session::StaffScreenView view(int64_t now_us) const final {
    View view;
    static_cast<const Own&>(*this).fill(view, now_us);
    return view;
  }
  bool on_bar() const final { return View::kOnBar; }
};

// Each screen on the bar is made by the function in its own file.
#define PATELLA_MADE(View) std::unique_ptr<Screen> make_screen(Desk& desk, std::type_identity<session::View>);
PATELLA_STAFF_SCREENS(PATELLA_MADE)
#undef PATELLA_MADE

}  // namespace patella::staff
