// Devices that talk in lines of text: cuts a byte stream into lines, and reads the numbers in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patella::driver_kit {

/// Cuts a byte stream into lines, whatever slices it comes in.
class LineCutter {
 public:
  static constexpr std::size_t kMaxLine = 128;
  /// Calls take(line) for each whole line, without its line end (CR, LF or both). Empty lines are left out. A
  /// line that grows beyond kMaxLine is dropped up to its end and counted.
  template <class Take>
  void feed(std::span<const uint8_t> bytes, Take&& take) {
    for (uint8_t byte : bytes) {
      if (byte != '\n' && byte != '\r') {
        if (line_.size() < kMaxLine)
          line_.push_back(static_cast<char>(byte));
        else
          too_long_ = true;
        continue;
      }
      std::string line;
      line.swap(line_);
      if (too_long_)
        ++overlong_;
      else if (!line.empty())
        take(std::string_view(line));
      too_long_ = false;
    }
  }
  uint64_t overlong() const { return overlong_; }

 private:
  std::string line_;
  bool too_long_ = false;
  uint64_t overlong_ = 0;
};

/// Digits only, at most ten, up to 2³² − 1.
std::optional<uint32_t> read_unsigned(std::string_view text);

/// [-]digits[.digits], at most nine digits on each side. No locale, sign '+', exponent, nan or inf.
std::optional<double> read_decimal(std::string_view text);

/// What a board prints where a number should be when it is not calibrated: nan, inf, ovf, with or without
/// '-', in any letters.
bool is_no_number(std::string_view text);

/// "1.2" of "Force_Sensor-1.2 …": the digits and points right behind the name, which must be in the line.
std::string version_after(std::string_view line, std::string_view name);

/// What a device said, for the log: every byte that is no printable ASCII is a '?'.
std::string printable(std::string_view text);

inline bool contains(std::string_view line, std::string_view word) { return line.find(word) != std::string_view::npos; }

}  // namespace patella::driver_kit
