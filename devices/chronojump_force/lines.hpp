// The text a Chronojump force sensor sends, line by line. Pure: bytes in, values out.
// Source: the firmware ForceSensor 0.2 … 0.7 of the Chronojump project. Lines end in CR LF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace patella::chronojump_force {

/// Cuts a byte stream into lines, whatever slices it comes in.
class LineCutter {
 public:
  static constexpr std::size_t kLongestLine = 128;
  /// Calls take(line) for each whole line, without its line end. Empty lines are left out. A line that grows
  /// beyond kLongestLine is dropped up to its end and counted.
  template <class Take>
  void feed(std::span<const uint8_t> bytes, Take&& take) {
    for (uint8_t byte : bytes) {
      if (byte != '\n' && byte != '\r') {
        if (line_.size() < kLongestLine)
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

struct Line {
  enum Kind { sample, trigger, version, capturing, capture_ended, tared, not_valid, unknown } kind = unknown;
  uint32_t device_us = 0;  ///< sample and trigger: since "Starting capture", rolls over after 71 min 35 s
  double force_n = 0;      ///< sample
  std::string firmware;    ///< version: "0.6"
};

/// "128340;52.77" is a sample, "128340;R" a trigger. Words are searched for anywhere in the line: junk may
/// precede them. A decimal comma is not accepted: such a line is unknown.
Line read_line(std::string_view line);

}  // namespace patella::chronojump_force
