// Who may sign in at the screen.
#pragma once

#include <string>

namespace patella::staff {

struct Member {
  std::string id, name;
  bool physio = false;  ///< may calibrate and choose sensors; others look
  int failures = 0;     ///< wrong PINs in a row on the disk
};

}  // namespace patella::staff
