// The parent of a kiosk that systemd does not watch: starts it again when it ends without having been asked to.
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/parent.hpp"

extern char** environ;

namespace patella::cli {

namespace {

constexpr int64_t kLivedLongUs = 60'000'000;
constexpr int kMaxFailedStarts = 12;  // five seconds apart: then whoever started the parent shall decide

/// SIGTERM, and SIGKILL to a kiosk that has not ended after 15 s: the store's last tries take 5.
int stop_child(pid_t child, const sigset_t& mask) {
  ::kill(child, SIGTERM);
  const timespec patience{15, 0};
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0)
    if (sigtimedwait(&mask, nullptr, &patience) < 0 && errno == EAGAIN) ::kill(child, SIGKILL);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("died of signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) == kExitCannotStart) return "could not start";
  return fmt::format("ended by itself (status {})", WEXITSTATUS(status));
}

/// What is to be done about a kiosk that has ended.
struct Restarts {
  bool has_run = false;  ///< it was up once
  int deaths = 0, failed_starts = 0;

  /// The parent's exit status, or -1: start it again.
  int judge(int status, int64_t lived_us) {
    const bool exited = WIFEXITED(status);
    if (exited && WEXITSTATUS(status) == kExitWindowClosed) return 0;
    const bool cannot_start = exited && WEXITSTATUS(status) == kExitCannotStart;
    failed_starts = cannot_start ? failed_starts + 1 : 0;
    if (cannot_start && (!has_run || failed_starts >= kMaxFailedStarts)) return 1;
    has_run = has_run || !cannot_start;
    deaths = lived_us > kLivedLongUs ? 1 : deaths + 1;
    return -1;
  }
  /// At once after a first death; slower when it keeps dying, so that the machine stays usable for staff.
  timespec pause() const { return {deaths <= 1 ? 0 : deaths < 5 ? 1 : 5, 0}; }
};

}  // namespace

int child_exit(int status, int parent) {
  if (status == kExitWindowClosed) return parent != 0 ? status : 0;
  return status != 0 && parent != 0 ? int{kExitCannotStart} : status;
}

bool end_with_parent(int parent) {
  if (parent == 0) return true;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return ::getppid() == parent;  // else it died before this was in force
}

int run_parent(int argc, char** argv) {
  sigset_t mask, old;
  sigemptyset(&mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, &old);
  sigset_t stop_signals = mask;
  sigdelset(&stop_signals, SIGCHLD);
  std::vector<char*> arguments(argv, argv + argc);
  std::string child_flag = "--child", parent_flag = "--parent", parent = std::to_string(::getpid());
  for (std::string* word : {&child_flag, &parent_flag, &parent}) arguments.push_back(word->data());
  arguments.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &old);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  Restarts restarts;
  SystemClock clock;
  for (;;) {
    pid_t child = 0;
    int status = 0;
    const int64_t started_us = clock.now_us();
    if (posix_spawn(&child, "/proc/self/exe", nullptr, &attributes, arguments.data(), environ) != 0) return 1;
    for (;;) {
      siginfo_t info{};
      if (sigwaitinfo(&mask, &info) < 0) continue;
      if (info.si_signo != SIGCHLD) return stop_child(child, mask);
      if (::waitpid(child, &status, WNOHANG) == child) break;
    }
    if (const int result = restarts.judge(status, clock.now_us() - started_us); result >= 0) return result;
    fmt::print(stderr, "the kiosk {}; it starts again\n", how_it_ended(status));
    const timespec pause = restarts.pause();
    if (sigtimedwait(&stop_signals, nullptr, &pause) > 0) return 1;
  }
}

}  // namespace patella::cli
