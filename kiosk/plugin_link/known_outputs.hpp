// What a module has said so far, kept small, so that a restarted child can be compared with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugin_link/links.hpp"

namespace patella::plugin_link {

class KnownOutputs {
 public:
  /// Ordinals without a gap up to here are known or were left out on purpose (a store keeps no cues).
  uint32_t count() const { return static_cast<uint32_t>(kept_.size()); }
  void keep(const ModuleOutput& output);
  /// Same as what was kept under its ordinal; true also for an ordinal that was left out.
  bool same(const ModuleOutput& output) const;
  ModuleOutput at(uint32_t ordinal) const;

 private:
  std::vector<std::string> kept_;  ///< packed; "" = left out
};

}  // namespace patella::plugin_link
