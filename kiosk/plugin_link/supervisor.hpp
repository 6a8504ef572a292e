// What driver and module links have in common: start a child, read its messages, see its death or hang, start it again.
// docs/runtime.md has the whole life. Single-threaded; only the destructor waits, at most 0.6 s.
//
// How a child is ended
//   in good order   SIGTERM (or the control socket closes), 500 ms, SIGKILL, 100 ms. A driver's host then tells the
//                   driver `disconnected`, sends what is queued, closes the device, exits.
//   for a fault     SIGKILL at once: nothing that a child does after a violation can be believed. The new child starts
//                   only after the old one is gone, so that it opens a device that nobody holds.
//   stuck           still there 2 s after SIGKILL: it sits in uninterruptible sleep inside the kernel. It is left behind
//                   (reaped later), told in the log, and a new child is started.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "plugin_link/hang_watch.hpp"
#include "plugin_link/host_process.hpp"
#include "plugin_link/links.hpp"
#include "plugin_link/restart_policy.hpp"
#include "plugin_link/shared_memory.hpp"
#include "wire/message.hpp"
#include "wire/wire.hpp"

namespace patella::plugin_link {

/// What happens after a child's end.
enum class AfterEnd {
  back_off,    ///< a death: counted, 0.25 / 1 / 4 s, then quarantine
  at_once,     ///< nobody's fault: not counted
  at_leisure,  ///< the same, but slower when it repeats: nothing that measures waits for it
  quarantine   ///< no use in trying again
};

/// The part that differs between drivers and modules.
class ChildProtocol {
 public:
  virtual ~ChildProtocol() = default;
  virtual std::vector<std::string> arguments() const = 0;
  virtual std::size_t child_bytes() const = 0;
  virtual std::size_t kiosk_bytes() const = 0;
  virtual wire::Message start_message() const = 0;
  /// A new child was started with fresh memory.
  virtual void started(int64_t now_us) = 0;
  /// A message that the supervisor does not know itself.
  virtual void message(const wire::Message& message, int64_t now_us) = 0;
  /// Reads the child's memory. A text: what it did wrong.
  virtual std::string read_memory(int64_t now_us) = 0;
  /// The child is gone; its memory was read to the end. `by_us`: we ended it for a fault. `reason` may be made plainer.
  virtual AfterEnd ended(const Ended& how, bool by_us, Messages& reason) = 0;
  /// down or quarantined, with the reason.
  virtual void told_state(LinkState state, const Messages& text) = 0;
};

class Supervisor {
 public:
  /// `name`: of the plugin, as staff read it; in the log it is English.
  Supervisor(const HostOptions& options, Message name, const Clock& clock, Log& log, ChildProtocol& protocol);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  int wait_fd() const { return epoll_.get(); }
  int64_t deadline_us() const;
  void service();

  int child_pid() const { return process_.pid(); }
  bool send(const wire::Message& message);
  void wake_child() const;
  /// SIGKILL now; counts as a death. `fault`: "its process did not answer for 0.25 s".
  void end_child(Message fault);
  void expect_beats(int64_t now_us);  ///< plugin code runs from now on
  /// The child must say that the plugin is loaded within 5 s. Holds from its start; a driver waits for its device first.
  void expect_loaded(int64_t now_us);
  void expect_nothing() { start_limit_us_ = INT64_MAX; }
  void begin_stop();
  void retry();
  const std::vector<ConfinementLayer>& confinement() const { return layers_; }

  SharedMemory& child_memory() { return child_memory_; }
  SharedMemory& kiosk_memory() { return kiosk_memory_; }
  const wire::ChildHead& head() const { return *reinterpret_cast<const wire::ChildHead*>(child_memory_.at()); }

 private:
  void start_child(int64_t now_us);
  Status try_start(int64_t now_us);
  void read_messages(int64_t now_us, int most);
  void take_message(const wire::Message& message, int64_t now_us);
  void note_log(const wire::Message& message);
  struct Ready {
    bool messages = false, end = false;
  };
  void check_child(const Ready& ready, int64_t now_us);
  void check_heartbeat(int64_t now_us);
  void leave_behind(int64_t now_us);
  void child_ended(const Ended& how, int64_t now_us);
  void plan_after(AfterEnd after, const Messages& reason, int64_t now_us);
  void watch(int fd, uint32_t events);
  void unwatch(int fd);
  void control_closed(int64_t now_us);
  Messages reason_for(const Ended& how) const;

  const HostOptions options_;
  const Message shown_name_;
  const std::string name_;
  const Clock& clock_;
  Log& log_;
  ChildProtocol& protocol_;
  UniqueFd epoll_;

  HostProcess process_;
  UniqueFd control_, to_kiosk_, to_child_;
  SharedMemory child_memory_, kiosk_memory_;
  std::vector<HostProcess> left_behind_;
  std::vector<ConfinementLayer> layers_;

  RestartPolicy policy_;
  HangWatch hang_;
  int64_t restart_us_ = 0;              ///< INT64_MAX: a child runs, or none is wanted
  int64_t start_limit_us_ = INT64_MAX;  ///< loaded by then
  int64_t closed_us_ = INT64_MAX;       ///< gone by then, after it closed its control socket
  int64_t stuck_us_ = INT64_MAX;        ///< gone by then, after SIGKILL
  int64_t stop_us_ = INT64_MAX;         ///< when SIGTERM was sent
  int64_t started_us_ = 0, free_restart_us_ = 0;
  std::vector<int64_t> leisure_us_;  ///< the restarts at leisure of the last minute
  bool stopping_ = false, quarantined_ = false;
  Message fault_;          ///< why we ended it
  Messages complaint_;     ///< what the host itself said before it ended
  std::string last_line_;  ///< the plugin's last warning or error
  int64_t message_second_ = 0;
  int messages_ = 0;
};

}  // namespace patella::plugin_link
