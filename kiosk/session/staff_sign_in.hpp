// Signing in with a PIN: into the staff area, or to let a client's exercise start.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "session/keypad_key.hpp"
#include "session/staff_message.hpp"

namespace patella::session {

struct SignInView {
  static constexpr const char* kName = "staff_sign_in";
  static constexpr bool kOnBar = false;

  struct Choose {
    std::string member;  ///< id
  };
  struct Type {
    KeypadKey key;
  };
  struct Accept {};  ///< the PIN is typed
  struct Cancel {};
  using Tap = std::variant<Choose, Type, Accept, Cancel>;

  struct Member {
    std::string id, name;
  };
  std::vector<Member> members;
  std::string chosen;  ///< id; "" = nobody yet
  int digits = 0;      ///< how many were typed; never which
  bool checking = false;
  bool can_accept = false;
  int64_t locked_until_us = 0;  ///< monotonic; past: a PIN may be tried
  bool lets_start = false;      ///< not for the staff area: a client's exercise is to start
  StaffMessage message;
};

}  // namespace patella::session
