// A staff member's PIN: which may be chosen, how it is stored, whether a typed one is it.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace patella::pin {

/// 6 to 12 digits, not all the same, not a run up or down (also through 9 to 0). Error: the sentence why not.
Status acceptable(std::string_view pin);

/// 32 random bytes of this machine that go into each hash: whoever has only the log cannot try PINs against it. In
/// a file as 64 hexadecimal digits. Wiped from memory at the end.
class Pepper {
 public:
  /// From $CREDENTIALS_DIRECTORY/patella-pepper (systemd's LoadCredential) when that is there, else from
  /// <state>/pepper. Error: missing, not 64 hexadecimal digits, open to others than its owner.
  static Result<Pepper> load(const std::filesystem::path& state_folder);
  /// The same; when there is neither, <state>/pepper is made, on the disk when this returns.
  static Result<Pepper> load_or_make(const std::filesystem::path& state_folder);

  Pepper(Pepper&& other) noexcept;
  Pepper& operator=(Pepper&& other) noexcept;
  Pepper(const Pepper&) = delete;
  Pepper& operator=(const Pepper&) = delete;
  ~Pepper();

  using Mac = std::array<unsigned char, 32>;
  /// BLAKE2b of the text, keyed with the pepper.
  Mac mac(std::string_view text) const;

 private:
  Pepper() = default;
  static Result<Pepper> read(const std::filesystem::path& file, unsigned forbidden_mode);

  std::array<unsigned char, 32> bytes_{};
};

/// What is stored: "<16 digits that name the pepper>$argon2id$…". Takes 64 MiB and some 0.2 s of a processor, so not
/// on a thread that a screen or a sensor waits for. Any PIN, also one that is not acceptable(). Error: no memory.
Result<std::string> hash(std::string_view pin, const Pepper& pepper);
/// As long as hash(). False also for a hash that is none, was made with another pepper, or when there is no memory.
bool matches(const std::string& hash, std::string_view pin, const Pepper& pepper);
/// At once: false means that no PIN at all matches while this pepper is in use.
bool made_with(const std::string& hash, const Pepper& pepper);

}  // namespace patella::pin
