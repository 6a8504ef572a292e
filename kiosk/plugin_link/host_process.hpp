// One child process: started by posix_spawn, watched by pidfd, ended by signal. Nothing here blocks.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/message.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "plugin_link/links.hpp"

namespace patella::plugin_link {

struct Ended {
  bool by_signal = false;
  int code = 0;  ///< exit code or signal
  Message message()
      const;  ///< "Its process crashed (signal 11, Segmentation fault)", "Its process ended by itself (exit code 0)"
};

class HostProcess {
 public:
  /// `fds`: descriptor here → number there; 0, 1, 2 not named are /dev/null. All others are closed in the child. It has
  /// a session of its own, no signal blocked, and an empty environment (under umockdev: the two variables it needs).
  static Result<HostProcess> start(const HostOptions& options, std::vector<std::string> arguments,
                                   const std::vector<std::pair<int, int>>& fds);

  HostProcess() = default;
  HostProcess(HostProcess&&) = default;
  HostProcess& operator=(HostProcess&&) = default;
  ~HostProcess() = default;  ///< does not end the child

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  void signal(int number) const;
  /// How it ended, once. nullopt = still there, or told before.
  std::optional<Ended> reap();
  /// Waits at most `ms` for the end.
  std::optional<Ended> wait(int ms);

 private:
  pid_t pid_ = 0;
  UniqueFd pidfd_;
};

/// Runs the host to its end, at most 5 s, and returns what it printed. It reads `input`.
Result<std::string> run_host(const HostOptions& options, std::vector<std::string> arguments, const std::string& input = {});

}  // namespace patella::plugin_link
