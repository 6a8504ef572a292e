// What carries a digit of a PIN on its way from the screen (a tap): the digit does not stay in memory that is given back.
#pragma once

#include <cstring>
#include <string>
#include <vector>

namespace patella::pin {

/// At the end of whatever block holds them, the secret of each of these items is wiped: `secret_of` gives it, null = none.
template <class Item>
class SecretsWiper {
 public:
  using SecretOf = std::string* (*)(Item& item);
  SecretsWiper(std::vector<Item>& items, SecretOf secret_of) : items_(items), secret_of_(secret_of) {}
  ~SecretsWiper() {
    for (Item& item : items_)
      if (std::string* secret = secret_of_(item)) ::explicit_bzero(secret->data(), secret->size());
  }
  SecretsWiper(const SecretsWiper&) = delete;
  SecretsWiper& operator=(const SecretsWiper&) = delete;

 private:
  std::vector<Item>& items_;
  SecretOf secret_of_;
};

}  // namespace patella::pin
