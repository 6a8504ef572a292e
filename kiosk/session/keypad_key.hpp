// A key of the keypad on the screen. What it types may be a digit of a PIN: it is wiped wherever it was, however often it was
// copied on its way from the glass to whoever reads it.
#pragma once

#include <string.h>

namespace patella::session {

class KeypadKey {
 public:
  static constexpr char kErase = '\b', kPoint = '.';

  /// '0' … '9', kPoint, or kErase: takes the last one back. Anything else types nothing.
  explicit KeypadKey(char key) : key_(key) {}
  KeypadKey(const KeypadKey&) = default;
  KeypadKey& operator=(const KeypadKey&) = default;
  ~KeypadKey() { ::explicit_bzero(&key_, sizeof key_); }

  bool erases() const { return key_ == kErase; }
  bool is_digit() const { return key_ >= '0' && key_ <= '9'; }
  bool is_point() const { return key_ == kPoint; }
  char typed() const { return key_; }  ///< only of a digit and of the point

 private:
  char key_;
};

}  // namespace patella::session
