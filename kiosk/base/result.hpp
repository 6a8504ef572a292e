// Errors as values: what is wrong, where, and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/message.hpp"
#include "base/sentence.hpp"

namespace patella {

struct Error {
  std::string what;    ///< what is wrong, one sentence without a full stop
  std::string where;   ///< file, line, key, device, table … "" when `what` says it
  std::string remedy;  ///< what to do; "" when there is nothing to do
  Messages told = {};  ///< the same for a screen, where it can be read there; see in_words()

  /// "where: what. Remedy."
  std::string text() const {
    std::string line = where.empty() ? what : where + ": " + what;
    return remedy.empty() ? line : line + ". " + remedy;
  }
  /// For a screen. What has no words of its own for one is shown as it is.
  Messages messages() const { return told.empty() ? Messages(verbatim(text())) : told; }
};

/// An error that people read at the screen, in their language.
inline Error in_words(const Message& what, std::string where = {}, const Message& remedy = {}) {
  Error error{english(what), std::move(where), english(remedy), what};
  if (!remedy.empty()) error.told.push_back(remedy);
  return error;
}

/// A value or an Error. Test it before use.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace patella
