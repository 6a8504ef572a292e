// A client signs in: by code or by a name from the list. Pure; checks nothing itself. Wrong codes slow the pad down, and nothing else:
// names, guests and stations stay open to whoever comes next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/effects.hpp"
#include "session/tap.hpp"

namespace patella::session {

/// What the site allows.
struct SignInRules {
  bool codes = true, names = true;
  int code_length = 6;  ///< the longest; at this length a code is tried by itself
  int shortest_code = 4;
};

class ClientSignIn {
 public:
  explicit ClientSignIn(const SignInRules& rules) : rules_(rules) {}

  /// The screen comes up: nothing is typed. What was asked before is answered to nobody.
  void open();
  /// The screen is left: what was typed is wiped. Wrong codes stay counted.
  void close();
  void show(SignInMeans means);
  void type(KeypadKey key, int64_t now_us);
  void try_code(int64_t now_us);
  /// By the list of names, or by a code that was right.
  void load(const std::string& ref);
  /// True: these answers are to what is waited for now.
  bool code_checked(uint64_t request, bool right, int64_t now_us);
  bool is_waiting() const { return awaited_ != 0; }
  bool is_awaited(uint64_t request) const { return request != 0 && request == awaited_; }
  /// It could not be looked up; staff can help.
  void failed(Messages why);
  /// True: what is shown changed by itself.
  bool advance(int64_t now_us);
  int64_t deadline_us() const;
  ClientSignInView view(int64_t now_us) const;
  bool names_allowed() const { return rules_.names; }
  std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }

 private:
  bool is_slowed(int64_t now_us) const { return now_us < slowed_until_us_; }
  bool may_type(int64_t now_us) const;

  SignInRules rules_;
  SignInMeans means_ = SignInMeans::code;
  std::vector<KeypadKey> typed_;
  bool wrong_ = false;
  Messages trouble_;
  int failures_ = 0;  ///< in a row, whoever typed them
  int64_t slowed_until_us_ = 0;
  uint64_t last_request_ = 0, awaited_ = 0;
  std::vector<Effect> effects_;
};

}  // namespace patella::session
