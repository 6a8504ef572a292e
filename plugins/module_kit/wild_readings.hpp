// Wild readings of a sensor in the log: each as a NOTE "wild_sample" at its own time with its value. The readings themselves stay
// among the samples as they came.
#pragma once

#include <cstdint>
#include <vector>

#include <patella/sdk.hpp>

#include "force_filter.hpp"

namespace patella::module_kit {

class WildReadings {
 public:
  static constexpr const char* kLabel = "wild_sample";
  /// A sensor that is broken altogether does not fill the log: after so many one NOTE says that the rest is not marked.
  static constexpr int kMaxMarked = 500;

  void tell(sdk::ExerciseHost& host, const std::vector<Force>& wild, int32_t set, uint32_t side) {
    for (const Force& reading : wild) {
      if (number_ > kMaxMarked) return;
      const char* label = ++number_ > kMaxMarked ? PATELLA_TEXT("More wild samples are not marked") : kLabel;
      host.event(sdk::Event(PATELLA_EVENT_NOTE, reading.t_us).of_set(set, side).named(label).field("value_n", reading.n));
    }
  }

 private:
  int number_ = 0;
};

}  // namespace patella::module_kit
