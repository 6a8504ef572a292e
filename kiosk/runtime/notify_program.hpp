// The site's own program for notices to staff (notify_command in kiosk.toml): a pager, a lamp, a message. Run without a shell, a
// process for each change of a notice, on a thread of its own that nobody waits for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/message.hpp"
#include "base/unique_fd.hpp"

namespace patella::runtime {

struct NotifyCommand {
  std::vector<std::string> arguments;  ///< the program's whole path, then its arguments
  int64_t timeout_us = 20'000'000;     ///< a program that takes longer is killed
};

class NotifyProgram {
 public:
  /// At most so many processes at once, and so many calls waiting for their turn; of more the oldest are left out.
  static constexpr std::size_t kMaxAtOnce = 4, kMaxWaiting = 64;

  /// `failed` gets one sentence for each call that did not end with status 0, on the program's thread: hand over, do not work.
  NotifyProgram(NotifyCommand command, std::function<void(const Message& why)> failed, Log& log);
  /// Lets what runs end for up to 2 s, then kills it. What still waits is left out, which the log says.
  ~NotifyProgram();
  NotifyProgram(const NotifyProgram&) = delete;
  NotifyProgram& operator=(const NotifyProgram&) = delete;

  /// Any thread, returns at once. `json`: what the program reads on its standard input. `event` and `kind`: also in its
  /// environment, PATELLA_EVENT and PATELLA_NOTICE. One that waits for its turn is replaced by a newer one of the same `id`
  /// and event.
  void run(const std::string& id, const std::string& event, const std::string& kind, std::string json);

 private:
  struct Call {
    std::string id, event, kind, json;
  };
  struct Running {
    int pid = 0;
    UniqueFd pidfd;
    int64_t kill_at_us = 0;
    bool killed = false;
    std::string kind;
  };
  void work();
  void start(const Call& call);
  /// Waits for a process to end, a call to come or the next time-out.
  void wait();
  void reap();
  void fail(const Message& why);

  NotifyCommand command_;
  std::function<void(const Message&)> failed_;
  Log& log_;
  UniqueFd wake_;
  std::mutex mutex_;
  std::deque<Call> waiting_;
  bool stop_ = false;
  std::vector<Running> running_;  ///< of the thread alone
  std::thread thread_;
};

}  // namespace patella::runtime
