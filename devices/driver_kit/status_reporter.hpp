// What drivers report to their host, once: a state when it changes, garbage at 1, 10, 100 … times.
#pragma once

#include <patella/sdk.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace patella::driver_kit {

class StatusReporter {
 public:
  /// garbage: how unreadable input is named in the log, "unreadable lines".
  StatusReporter(sdk::DeviceHost host, const char* garbage) : host_(host), garbage_name_(garbage) {}

  void report(patella_device_state state, const std::string& text = {}) {
    if (state_ == state && text_ == text) return;
    state_ = state;
    text_ = text;
    host_.status(state, text);
  }
  std::optional<patella_device_state> reported() const { return state_; }

  void note_garbage() {
    if (++garbage_ < next_log_) return;
    next_log_ *= 10;
    host_.log(PATELLA_LOG_WARNING, std::string(garbage_name_) + " so far: " + std::to_string(garbage_));
  }

 private:
  sdk::DeviceHost host_;
  const char* garbage_name_;
  std::optional<patella_device_state> state_;
  std::string text_;
  uint64_t garbage_ = 0, next_log_ = 1;
};

}  // namespace patella::driver_kit
