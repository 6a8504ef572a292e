// A short secret, as a PIN that is being typed: wiped from memory wherever a copy of it ends, also one that was moved from.
#pragma once

#include <cstring>
#include <string_view>

namespace patella::pin {

class SecretText {
 public:
  static constexpr std::size_t kRoom = 64;

  SecretText() = default;
  explicit SecretText(std::string_view text) {
    for (const char c : text) add(c);
  }
  SecretText(const SecretText& other) { take(other); }
  SecretText(SecretText&& other) noexcept {
    take(other);
    other.clear();
  }
  SecretText& operator=(const SecretText& other) {
    if (this != &other) take(other);
    return *this;
  }
  SecretText& operator=(SecretText&& other) noexcept {
    if (this == &other) return *this;
    take(other);
    other.clear();
    return *this;
  }
  ~SecretText() { clear(); }

  std::string_view text() const { return {text_, size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// What is far too long is cut; it stays too long.
  void add(char c) {
    if (size_ < kRoom) text_[size_++] = c;
  }
  void remove_last() {
    if (size_ > 0) text_[--size_] = '\0';
  }
  void clear() {
    ::explicit_bzero(text_, sizeof text_);
    size_ = 0;
  }

 private:
  void take(const SecretText& other) {
    std::memcpy(text_, other.text_, sizeof text_);
    size_ = other.size_;
  }

  char text_[kRoom] = {};
  std::size_t size_ = 0;
};

}  // namespace patella::pin
