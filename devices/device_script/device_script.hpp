// A device as a small file: what it answers and what it says by itself. The conformance tool checks a driver with it
// past its handshake, where the samples are; the emulator makes a device of it (kind "lines"). TOML:
//
//   [[say]]                          # above the first [[answer]]: from the moment the device is connected
//   times = 1                        # so often; 0 (or left out) = for ever
//   every_ms = 500                   # the first time this long after the beginning, then again and again
//   text = "boot\r\n"
//   [[answer]]                       # when the driver writes something with `to` in it
//   to = "start_capture:"            # or to_hex = "f1 80"
//   text = "Starting capture...\r\n" # or hex = "f1 81 f2", or hex = ["3f 98 …", "1c …"]: several reports
//   [[say]]                          # below an [[answer]]: from the first answer on
//   every_ms = 12
//   text = "{us};{wave}\r\n"         # {us}: microseconds since it began; {wave}: from low to high and back in 4 s
//   low = 0                          # or hex = ["03 04 0b ff 4e 00", …], in turn
//   high = 100
//   [params]                         # with which the driver is created, over its presets (conformance tool only)
//   key = 3                          # or "text"
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace patella::device_script {

using Bytes = std::vector<uint8_t>;

/// One [[say]].
struct Saying {
  bool from_start = false;  ///< from connected on; false: from the first answer on
  int64_t interval_us = 0;  ///< > 0
  uint64_t times = 0;       ///< 0 = for ever
  std::string pattern;      ///< a text with {us} and {wave}; "" = the reports below, in turn
  std::vector<Bytes> reports;
  double low = 0, high = 100;

  /// What it says the n-th time: 0, 1, 2, …
  Bytes at(uint64_t n) const;
};

class DeviceScript {
 public:
  /// Error: what is wrong in the file, and where.
  static Result<DeviceScript> read(const std::filesystem::path& file);
  /// Lines of plain text (CR LF is added), said in turn for ever: the simplest device there is. At least one line.
  static DeviceScript of_lines(const std::vector<std::string>& lines, int64_t interval_us);

  /// What the device answers to that, report by report; empty = nothing.
  std::vector<Bytes> answer_to(const Bytes& written) const;
  const std::vector<Saying>& sayings() const { return sayings_; }
  struct Param {
    std::string key;
    double number = 0;
    std::string text;
    bool is_text = false;
  };
  const std::vector<Param>& params() const { return params_; }

 private:
  struct Answer {
    Bytes to;
    std::vector<Bytes> with;
  };
  std::vector<Answer> answers_;
  std::vector<Param> params_;
  std::vector<Saying> sayings_;
};

}  // namespace patella::device_script
