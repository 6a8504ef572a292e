// Patella plugin SDK: how a plugin breaks the rules of the headers. Not for use inside a plugin.
#pragma once

#include <functional>
#include <string>

namespace patella::rules {

enum class Breach {
  refused = 1,  ///< a rule of the headers; the kiosk ends the plugin for it
  rule,         ///< a rule of the headers; the kiosk drops, cuts or ignores it
  order,        ///< something asked of the host at a time when it may not be
  doubtful      ///< allowed, but probably not meant
};

/// Told of each breach, in words for the author of the plugin.
using OnBreach = std::function<void(Breach, const std::string&)>;

}  // namespace patella::rules
