// Presses, moves and releases on their way to Dear ImGui: at most one button edge a frame, position before
// edge, so that a tap shorter than a frame is not lost and ImGui 1.86 and 1.90 behave alike.
#pragma once

#include <deque>

namespace patella::window {

struct PointerEvent {
  enum class Kind { move = 1, down, up, away } kind = Kind::move;
  float x = 0, y = 0;  ///< virtual pixels
};

class PointerQueue {
 public:
  void push(PointerEvent event) { events_.push_back(event); }
  bool empty() const { return events_.empty(); }
  /// Hands events to `give` up to and including the first edge. `away` comes in a frame of its own, after the
  /// click.
  template <class Give>
  void take_frame(Give give) {
    bool edge = false;
    while (!events_.empty() && !edge) {
      const PointerEvent event = events_.front();
      events_.pop_front();
      edge = event.kind != PointerEvent::Kind::move;
      give(event);
    }
  }

 private:
  std::deque<PointerEvent> events_;
};

}  // namespace patella::window
