// The notices that nobody has acknowledged yet: Snapshot::notices, which the rest of the kiosk shows, too.
#pragma once

#include <string>
#include <variant>

namespace patella::session {

struct NoticesView {
  static constexpr const char* kName = "staff_notices";
  static constexpr bool kOnBar = true;

  struct Acknowledge {
    std::string notice;  ///< id
  };
  using Tap = std::variant<Acknowledge>;
};

}  // namespace patella::session
