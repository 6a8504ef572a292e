// The kiosk's end of a module's outputs and view. Trusts nothing in them: copies first, then looks at the copy.
#pragma once

#include <cstdint>
#include <string>

#include "plugin_link/links.hpp"
#include "plugin_link/shared_memory.hpp"
#include "wire/wire.hpp"

namespace patella::plugin_link {

class OutputRing {
 public:
  OutputRing(const SharedMemory& child, SharedMemory& kiosk)
      : child_(*reinterpret_cast<const wire::ChildHead*>(child.at())),
        kiosk_(*reinterpret_cast<wire::KioskHead*>(kiosk.writable())),
        view_(reinterpret_cast<const patella_view*>(child.at(wire::kViewOffset))),
        ring_(reinterpret_cast<const wire::Output*>(child.at(wire::kChildRingOffset))) {}

  enum class Next { none, one, wrong };
  /// Takes the next output. `last_fed`: seq of the newest record in the input ring. `wrong` says what the child did.
  Next take(uint64_t last_fed, ModuleOutput& output, std::string& wrong);
  /// Lets the child reuse what was taken. True: it may wait for that room.
  bool publish();

  /// A newer view than the one taken last. `wrong` as above.
  Next take_view(uint64_t last_fed, patella_view& view, uint64_t& seq, std::string& wrong);

 private:
  const wire::ChildHead& child_;
  wire::KioskHead& kiosk_;
  const patella_view* view_;
  const wire::Output* ring_;
  /// What one record can reasonably make a module say; more would fill the log and the kiosk's memory.
  static constexpr uint32_t kMaxOutputsARecord = 10'000;
  uint64_t tail_ = 0, published_ = 0, last_seq_ = 0;
  uint32_t same_record_ = 0;
  uint32_t view_version_ = 0;
};

/// "" or what is wrong with a view: counts beyond its arrays, text without an end, unknown words. Bytes in its texts
/// that cannot be shown are replaced.
std::string check_view(patella_view& view);

}  // namespace patella::plugin_link
