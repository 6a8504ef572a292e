// A PIN typed at a terminal, which does not show it, or read from a pipe.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella::app {

/// What was typed; wiped from memory at the end.
class TypedPin {
 public:
  TypedPin() = default;
  ~TypedPin();
  TypedPin(TypedPin&& other) noexcept;
  TypedPin& operator=(TypedPin&&) = delete;
  TypedPin(const TypedPin&) = delete;
  TypedPin& operator=(const TypedPin&) = delete;
  std::string_view text() const { return {text_.data(), size_}; }
  /// What is far too long for a PIN is cut; it stays too long.
  void add(char c);

 private:
  std::array<char, 64> text_{};
  std::size_t size_ = 0;
};

/// Asks twice on the standard input. Error: not one that may be chosen, the second not as the first, the input ended,
/// the program is to end.
Result<TypedPin> ask_new_pin(const std::string& name);

}  // namespace patella::app
