// A device as a small script: what it answers and what it says by itself. With it a driver is checked past its
// handshake, where the samples are. TOML:
//
//   [[answer]]                       # when the driver writes something with `to` in it
//   to = "start_capture:"            # or to_hex = "f1 80"
//   text = "Starting capture...\r\n" # or hex = "f1 81 f2", or hex = ["3f 98 …", "1c …"]: several reports
//   [[say]]                          # from the first answer on, or from connected if there is none
//   every_ms = 12
//   text = "{us};{wave}\r\n"         # {us}: microseconds since then; {wave}: goes from low to high and back in 4 s
//   low = 0                          # or hex = ["03 04 0b ff 4e 00", …], in turn
//   high = 100
//   [params]                         # with which the driver is created, over its presets
//   key = 3                          # or "text"
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "device_talk.hpp"

namespace patella::check {

class DeviceScript {
 public:
  /// Error: what is wrong in the file.
  static Result<DeviceScript> read(const std::filesystem::path& file);

  /// What the device answers to that, report by report; empty = nothing.
  std::vector<Bytes> answer_to(const Bytes& written) const;
  bool speaks_first() const { return answers_.empty(); }
  /// Microseconds from one saying to the next; 0 = says nothing by itself.
  int64_t interval_us() const { return interval_us_; }
  /// The n-th thing it says by itself, 0, 1, 2, …
  Bytes saying(uint64_t n) const;
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
  int64_t interval_us_ = 0;
  std::string pattern_;
  std::vector<Bytes> reports_;
  double low_ = 0, high_ = 100;
};

}  // namespace patella::check
