#include "supervise.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <new>
#include <string_view>

#include "base/unique_fd.hpp"
#include "pulse.hpp"

extern char** environ;

namespace patella::check {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMaxAnswer = 64u << 10;

/// Moves a descriptor out of the way of the fixed numbers the child gets.
UniqueFd high(UniqueFd fd) { return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, 64)); }

std::string last_line(int fd) {
  std::string text(2048, '\0');
  const off_t end = lseek(fd, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, end - static_cast<off_t>(text.size()));
  const ssize_t got = pread(fd, text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text = text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  return text.substr(0, 200);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("died of signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("ended the process with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

std::string in_call(const Pulse& pulse) {
  const std::string call(pulse.call, strnlen(pulse.call, sizeof pulse.call));
  return call.empty() ? " before the first call" : " in " + call;
}

/// Answer of a child: a line each for verdict, digest, detail.
bool parse(const std::string& text, Outcome& outcome) {
  const std::size_t first = text.find('\n'), second = first == std::string::npos ? first : text.find('\n', first + 1);
  if (second == std::string::npos || first != 1 || text.empty() || text.back() != '\n') return false;
  if (text[0] < '1' || text[0] > '3') return false;
  outcome.verdict = static_cast<Verdict>(text[0] - '0');
  outcome.digest = text.substr(first + 1, second - first - 1);
  outcome.detail = text.substr(second + 1, text.size() - second - 2);
  return true;
}

struct Child {
  pid_t pid = -1;
  UniqueFd life, answer, printed;
};

int start(const std::vector<std::string>& arguments, int pulse_fd, Child& child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  child.answer = UniqueFd(ends[0]);
  const UniqueFd write_end = high(UniqueFd(ends[1]));
  child.printed = high(UniqueFd(memfd_create("printed", MFD_CLOEXEC)));
  if (write_end.get() < 0 || child.printed.get() < 0) return errno;

  std::vector<char*> argv;
  std::string self = "/proc/self/exe";
  argv.push_back(self.data());
  std::vector<std::string> copies = arguments;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, child.printed.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, child.printed.get(), 2);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), kAnswerFd);
  posix_spawn_file_actions_adddup2(&actions, pulse_fd, kPulseFd);
  const int failed = posix_spawn(&child.pid, self.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) return failed;
  child.life = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0)));
  return 0;
}

/// Reads what is there; false at the end of the pipe.
bool drain(const UniqueFd& fd, std::string& text) {
  char block[4096];
  const ssize_t got = read(fd.get(), block, sizeof block);
  if (got <= 0) return got < 0 && errno == EINTR;
  text.append(block, static_cast<std::size_t>(got));
  return text.size() < kMaxAnswer;
}

/// Waits until the child is gone. True: it had to be ended.
bool wait_until_gone(Child& child, const Pulse& pulse, double call_timeout_s, std::string& text) {
  const auto started = Clock::now();
  auto last_beat = started;
  uint64_t beats = pulse.beats.load();
  bool open = true;
  for (;;) {
    pollfd fds[] = {{child.life.get(), POLLIN, 0}, {open ? child.answer.get() : -1, POLLIN, 0}};
    poll(fds, 2, 100);
    if (fds[1].revents) open = drain(child.answer, text);
    if (fds[0].revents) break;
    const auto now = Clock::now();
    if (const uint64_t seen = pulse.beats.load(); seen != beats) {
      beats = seen;
      last_beat = now;
    }
    const std::chrono::duration<double> silent = now - last_beat, whole = now - started;
    if (silent.count() > call_timeout_s || whole.count() > 20 * call_timeout_s) {
      kill(child.pid, SIGKILL);
      return true;
    }
  }
  while (open) open = drain(child.answer, text);
  return false;
}

}  // namespace

Outcome run_in_child(const std::vector<std::string>& arguments, double call_timeout_s) {
  const UniqueFd page_fd = high(UniqueFd(memfd_create("pulse", MFD_CLOEXEC)));
  if (page_fd.get() < 0 || ftruncate(page_fd.get(), sizeof(Pulse)) != 0)
    return {Verdict::fail, "no memory for a child process", ""};
  void* page = mmap(nullptr, sizeof(Pulse), PROT_READ | PROT_WRITE, MAP_SHARED, page_fd.get(), 0);
  if (page == MAP_FAILED) return {Verdict::fail, "no memory for a child process", ""};
  const Pulse& pulse = *new (page) Pulse{};

  Outcome outcome;
  Child child;
  if (const int failed = start(arguments, page_fd.get(), child); failed != 0) {
    outcome.detail = fmt::format("the check could not be started: {}", strerror(failed));
  } else {
    std::string text;
    const bool ended = wait_until_gone(child, pulse, call_timeout_s, text);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (ended) {
      outcome.detail = fmt::format("hangs{}: no return within {:g} s", in_call(pulse), call_timeout_s);
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !parse(text, outcome)) {
      outcome = {};
      outcome.detail = how_it_ended(status) + in_call(pulse);
      if (const std::string said = last_line(child.printed.get()); !said.empty()) outcome.detail += ": " + said;
    }
  }
  munmap(page, sizeof(Pulse));
  return outcome;
}

void answer(const Findings& findings) {
  std::string detail = findings.text();
  for (char& c : detail)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  const std::string text = fmt::format("{}\n{}\n{}\n", static_cast<int>(findings.verdict()), findings.digest(),
                                       std::string_view(detail).substr(0, kMaxAnswer / 2));
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(kAnswerFd, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    done += static_cast<std::size_t>(wrote);
  }
}

}  // namespace patella::check
