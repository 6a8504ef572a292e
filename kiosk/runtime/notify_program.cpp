#include "runtime/notify_program.hpp"

#include "base/sentence.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/clock.hpp"

extern char** environ;

namespace patella::runtime {

namespace {
constexpr int64_t kLastWordsUs = 2'000'000;  ///< for what runs when the kiosk ends

int64_t now_us() { return SystemClock().now_us(); }

/// A file in memory to be read from its start: however long the text and however slow the reader, nobody waits.
UniqueFd readable(const std::string& text) {
  UniqueFd fd(::memfd_create("notice", MFD_CLOEXEC));
  if (!fd) return {};
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd.get(), text.data() + done, text.size() - done);
    if (n <= 0) return {};
    done += static_cast<std::size_t>(n);
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// The kiosk's environment with these two on top.
std::vector<std::string> environment_with(const std::string& event, const std::string& kind) {
  std::vector<std::string> all;
  for (char** at = environ; *at; ++at)
    if (std::strncmp(*at, "PATELLA_EVENT=", 14) != 0 && std::strncmp(*at, "PATELLA_NOTICE=", 15) != 0) all.emplace_back(*at);
  all.push_back("PATELLA_EVENT=" + event);
  all.push_back("PATELLA_NOTICE=" + kind);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// A session and process group of its own, no signal blocked or ignored, no file of the kiosk's but the three it gets. 0 = started.
int spawn(std::vector<std::string> arguments, std::vector<std::string> environment, int input, int& pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  const int code = ::posix_spawn(&pid, arguments.front().c_str(), &files, &attributes, pointers(arguments).data(),
                                 pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return code;
}
}  // namespace

NotifyProgram::NotifyProgram(NotifyCommand command, std::function<void(const Message&)> failed, Log& log)
    : command_(std::move(command)),
      failed_(std::move(failed)),
      log_(log),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { work(); }) {}

NotifyProgram::~NotifyProgram() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void NotifyProgram::run(const std::string& id, const std::string& event, const std::string& kind, std::string json) {
  bool full = false;
  {
    std::lock_guard lock(mutex_);
    const auto same =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Call& c) { return c.id == id && c.event == event; });
    if (same != waiting_.end()) {
      same->json = std::move(json);
      return;
    }
    full = waiting_.size() >= kMaxWaiting;
    if (full) waiting_.pop_front();
    waiting_.push_back({id, event, kind, std::move(json)});
  }
  if (full) log_.error("notify_command: more than {} notices wait for it; the oldest was left out", kMaxWaiting);
  eventfd_write(wake_.get(), 1);
}

void NotifyProgram::work() {
  int64_t end_by_us = -1;
  for (;;) {
    reap();
    bool stopping = false;
    std::vector<Call> begin;
    {
      std::lock_guard lock(mutex_);
      stopping = stop_;
      while (!stopping && !waiting_.empty() && running_.size() + begin.size() < kMaxAtOnce) {
        begin.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      if (stopping && !waiting_.empty()) {
        log_.error("notify_command: the kiosk ends, {} notices were not handed to it", waiting_.size());
        waiting_.clear();
      }
    }
    for (const Call& call : begin) start(call);
    if (stopping && end_by_us < 0) end_by_us = now_us() + kLastWordsUs;
    if (stopping)
      for (Running& one : running_) one.kill_at_us = std::min(one.kill_at_us, end_by_us);
    if (stopping && running_.empty()) return;
    wait();
  }
}

void NotifyProgram::start(const Call& call) {
  const UniqueFd input = readable(call.json);
  if (!input) return fail(Message("The notice could not be handed over: no memory"));
  Running one;
  one.kind = call.kind;
  if (const int code = spawn(command_.arguments, environment_with(call.event, call.kind), input.get(), one.pid); code != 0)
    return fail(Message("It could not be started: {0}", Name{std::strerror(code)}));
  one.pidfd = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, one.pid, 0)));
  one.kill_at_us = now_us() + command_.timeout_us;
  running_.push_back(std::move(one));
}

void NotifyProgram::wait() {
  std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}};
  int64_t next_us = -1;
  for (const Running& one : running_) {
    fds.push_back({one.pidfd.get(), POLLIN, 0});
    if (!one.killed && (next_us < 0 || one.kill_at_us < next_us)) next_us = one.kill_at_us;
  }
  const int64_t left_us = next_us < 0 ? -1 : std::max<int64_t>(0, next_us - now_us());
  ::poll(fds.data(), fds.size(), left_us < 0 ? -1 : static_cast<int>(left_us / 1000 + 1));
  eventfd_t ignored = 0;
  eventfd_read(wake_.get(), &ignored);
}

/// Those that have ended, and the end of those that take too long: with all that they started.
void NotifyProgram::reap() {
  for (Running& one : running_) {
    int status = 0;
    if (::waitpid(one.pid, &status, WNOHANG) != one.pid) {
      if (!one.killed && now_us() >= one.kill_at_us) {
        one.killed = true;
        ::kill(-one.pid, SIGKILL);
        ::kill(one.pid, SIGKILL);
      }
      continue;
    }
    one.pid = 0;
    if (one.killed)
      fail(Message("It was still running after {0} and was ended",
                   shortest(static_cast<double>(command_.timeout_us) / 1e6, 1, "s")));
    else if (WIFSIGNALED(status))
      fail(Message("It was ended by signal {0}", WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
      fail(Message("It ended with status {0}", WEXITSTATUS(status)));
    else
      log_.info("notify_command: {} handed over", one.kind);
  }
  std::erase_if(running_, [](const Running& one) { return one.pid == 0; });
}

void NotifyProgram::fail(const Message& why) {
  log_.error("notify_command: {}: {}", command_.arguments.front(), english(why));
  if (failed_) failed_(why);
}

}  // namespace patella::runtime
