#include "pin/pin.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "pin/guard.hpp"

namespace patella::pin {

namespace {
// libsodium's argon2id has one lane always.
constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = 64u << 20;
constexpr std::size_t kNameDigits = 16;

/// Another text than any PIN, so that the name of a pepper is the mac of no PIN.
std::string name_of(const Pepper& pepper) {
  const Pepper::Mac mac = pepper.mac("the name of this pepper");
  std::string name;
  for (std::size_t i = 0; i < kNameDigits / 2; ++i) name += fmt::format("{:02x}", mac[i]);
  return name;
}

/// What argon2id is given instead of the PIN; gone from memory when it has been used.
class Salted {
 public:
  Salted(std::string_view pin, const Pepper& pepper) : mac_(pepper.mac(pin)) {}
  ~Salted() { sodium_memzero(mac_.data(), mac_.size()); }
  Salted(const Salted&) = delete;
  Salted& operator=(const Salted&) = delete;
  const char* data() const { return reinterpret_cast<const char*>(mac_.data()); }
  unsigned long long size() const { return mac_.size(); }

 private:
  Pepper::Mac mac_;
};

/// The same step from each digit to the next, 0 after 9: 0 = all the same, 1 = up, 9 = down.
bool one_step(std::string_view pin, int step) {
  return std::adjacent_find(pin.begin(), pin.end(), [&](char a, char b) { return (b - a + 10) % 10 != step; }) == pin.end();
}
}  // namespace

Status acceptable(std::string_view pin) {
  if (!std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return Error{"a PIN has digits only", "", ""};
  if (pin.size() < kMinDigits || pin.size() > kMaxDigits)
    return Error{fmt::format("a PIN has {} to {} digits", kMinDigits, kMaxDigits), "", ""};
  if (one_step(pin, 0)) return Error{"a PIN of one and the same digit is guessed at once", "", "Choose another one"};
  if (one_step(pin, 1) || one_step(pin, 9))
    return Error{"a PIN that counts up or down is guessed at once", "", "Choose another one"};
  return {};
}

Result<std::string> hash(std::string_view pin, const Pepper& pepper) {
  const Salted salted(pin, pepper);
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), salted.data(), salted.size(), kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Error{"there is no memory to store a PIN", "", "64 MiB are needed: end another program"};
  return name_of(pepper) + text.data();
}

bool matches(const std::string& hash, std::string_view pin, const Pepper& pepper) {
  if (!made_with(hash, pepper)) return false;
  const Salted salted(pin, pepper);
  return crypto_pwhash_str_verify(hash.c_str() + kNameDigits, salted.data(), salted.size()) == 0;
}

bool made_with(const std::string& hash, const Pepper& pepper) { return hash.starts_with(name_of(pepper) + "$"); }

}  // namespace patella::pin
