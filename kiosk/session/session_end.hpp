// How a session ended, as the core decides it and the store keeps it.
#pragma once

#include <cstdint>
#include <string>

namespace patella::session {

struct SessionEnd {
  std::string outcome;  ///< "completed", "stopped_early", "stopped_for_pain", "left", "interrupted"
  int64_t t_us = 0;     ///< session time
  int pain_before = -1, pain_after = -1, effort = -1;  ///< 0…10; −1 = not answered
};

}  // namespace patella::session
