// A sentence to staff about what was just done.
#pragma once

#include "base/message.hpp"

namespace patella::session {

struct StaffMessage {
  Messages text;         ///< empty = nothing is said
  bool trouble = false;  ///< it did not work
};

}  // namespace patella::session
