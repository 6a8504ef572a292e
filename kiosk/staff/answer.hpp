// What became of what the staff area asked for: request.hpp.
#pragma once

#include <string>

#include "base/message.hpp"

namespace patella::staff {

struct PinAnswer {
  bool ok = false;
  std::string member;  ///< id, as asked
  int failures = 0;    ///< that member's on the disk; more than before: this one was counted
  Messages why_not;    ///< empty when ok
};

/// What became of something that was to be stored.
struct Outcome {
  enum class Kind {
    done = 1,
    later,   ///< done, but for what `text` says
    refused  ///< nothing was changed; `text` says why
  } kind = Kind::done;
  Messages text;
};

}  // namespace patella::staff
