#include "plugin_link/host_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "wire/message.hpp"
#include "wire/wire.hpp"

namespace patella::plugin_link {
namespace {

constexpr std::size_t kMaxOutput = 1u << 20;
constexpr int64_t kRunLimitUs = 5'000'000;
constexpr int kAboveTheAgreed = 32;  ///< sources are moved up here, so that dup2 onto 3…7 cannot overwrite one

/// posix_spawn's two objects, released together.
struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

void set_attributes(SpawnPlan& plan) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/// Fills in the descriptors. The moved copies must live until the spawn.
Status plan_files(SpawnPlan& plan, const HostOptions& options, const std::vector<std::pair<int, int>>& fds,
                  std::vector<UniqueFd>& moved) {
  for (int fd = 0; fd <= 2; ++fd) {
    const bool given = std::any_of(fds.begin(), fds.end(), [&](const auto& pair) { return pair.second == fd; });
    if (given || (fd == 2 && options.inherit_stderr)) continue;
    posix_spawn_file_actions_addopen(&plan.files, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
  }
  int first_free = wire::kControlFd;
  for (const auto& [here, there] : fds) {
    moved.emplace_back(fcntl(here, F_DUPFD_CLOEXEC, kAboveTheAgreed));
    if (!moved.back()) return Error{fmt::format("A descriptor cannot be copied: {}", std::strerror(errno)), "", ""};
    posix_spawn_file_actions_adddup2(&plan.files, moved.back().get(), there);
    first_free = std::max(first_free, there + 1);
  }
  posix_spawn_file_actions_addclosefrom_np(&plan.files, first_free);
  return {};
}

std::vector<std::string> environment(const HostOptions& options) {
  std::vector<std::string> variables;
  if (!options.under_umockdev) return variables;
  for (const char* name : {"LD_PRELOAD", "UMOCKDEV_DIR"})
    if (const char* value = std::getenv(name)) variables.push_back(fmt::format("{}={}", name, value));
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// By number: the header of glibc 2.36 cannot be used from C++. Close-on-exec by itself.
int open_pidfd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

Ended ended_from(const siginfo_t& info) { return {info.si_code != CLD_EXITED, info.si_status}; }

}  // namespace

Message Ended::message() const {
  if (!by_signal) return Message("Its process ended by itself (exit code {0})", code);
  if (code == SIGSYS) return Message("Its process did what a plugin must not do (forbidden system call, signal 31)");
  if (code == SIGABRT) return Message("Its process gave up (signal 6, abort)");
  if (code == SIGKILL) return Message("Its process was killed (signal 9)");
  return Message("Its process crashed (signal {0}, {1})", code, Name{sigdescr_np(code) ? sigdescr_np(code) : "unknown"});
}

Result<HostProcess> HostProcess::start(const HostOptions& options, std::vector<std::string> arguments,
                                       const std::vector<std::pair<int, int>>& fds) {
  arguments.insert(arguments.begin(), options.host_program.string());
  arguments.push_back("--parent");
  arguments.push_back(std::to_string(getpid()));
  if (!options.confine) arguments.push_back("--unconfined");
  if (options.under_umockdev) arguments.push_back("--under-umockdev");

  SpawnPlan plan;
  std::vector<UniqueFd> moved;
  set_attributes(plan);
  const Status planned = plan_files(plan, options, fds, moved);
  if (!planned) return planned.error();
  std::vector<std::string> variables = environment(options);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, options.host_program.c_str(), &plan.files, &plan.attributes, pointers(arguments).data(),
                                pointers(variables).data());
  if (error != 0)
    return Error{fmt::format("The program for plugins does not start: {}", std::strerror(error)), options.host_program.string(),
                 "Install Patella again"};
  HostProcess process;
  process.pid_ = pid;
  process.pidfd_.reset(open_pidfd(pid));
  if (!process.pidfd_) {
    const int why = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return Error{fmt::format("A child process cannot be watched: {}", std::strerror(why)), "", "Linux 5.4 or newer is needed"};
  }
  return process;
}

void HostProcess::signal(int number) const {
  if (pid_ > 0) syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

std::optional<Ended> HostProcess::reap() {
  if (pid_ == 0) return std::nullopt;
  siginfo_t info{};
  if (waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return std::nullopt;
  pid_ = 0;
  return ended_from(info);
}

std::optional<Ended> HostProcess::wait(int ms) {
  if (pid_ == 0) return std::nullopt;
  pollfd fd{pidfd_.get(), POLLIN, 0};
  poll(&fd, 1, ms);
  return reap();
}

namespace {
/// A file in memory that begins with `text`, at its beginning.
UniqueFd file_with(const std::string& text) {
  UniqueFd file(memfd_create("input", MFD_CLOEXEC));
  if (file &&
      (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) || lseek(file.get(), 0, SEEK_SET) != 0))
    file.reset();
  return file;
}
}  // namespace

Result<std::string> run_host(const HostOptions& options, std::vector<std::string> arguments, const std::string& input) {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  if (pipe2(out, O_CLOEXEC | O_NONBLOCK) != 0) return Error{std::strerror(errno), "pipe", ""};
  UniqueFd out_read(out[0]), out_write(out[1]);
  if (pipe2(err, O_CLOEXEC | O_NONBLOCK) != 0) return Error{std::strerror(errno), "pipe", ""};
  UniqueFd err_read(err[0]), err_write(err[1]);
  fcntl(out_write.get(), F_SETFL, 0);
  std::vector<std::pair<int, int>> child_fds = {{out_write.get(), 1}, {err_write.get(), 2}};
  const UniqueFd in = input.empty() ? UniqueFd() : file_with(input);
  if (!input.empty() && !in) return Error{std::strerror(errno), "memfd_create", ""};
  if (in) child_fds.emplace_back(in.get(), 0);
  Result<HostProcess> process = HostProcess::start(options, std::move(arguments), child_fds);
  if (!process) return process.error();
  out_write.reset();
  err_write.reset();

  const SystemClock clock;
  const int64_t until_us = clock.now_us() + kRunLimitUs;
  std::string printed, complaint;
  std::optional<Ended> ended;
  const auto drain = [](int fd, std::string& into) {
    char bytes[4096];
    for (ssize_t n = 0; (n = read(fd, bytes, sizeof bytes)) > 0 && into.size() < kMaxOutput;)
      into.append(bytes, static_cast<std::size_t>(n));
  };
  while (!ended && clock.now_us() < until_us && printed.size() < kMaxOutput) {
    pollfd fds[] = {{out_read.get(), POLLIN, 0}, {process->pidfd(), POLLIN, 0}};
    poll(fds, 2, static_cast<int>((until_us - clock.now_us()) / 1000 + 1));
    if (fds[1].revents) ended = process->reap();
    drain(out_read.get(), printed);
    drain(err_read.get(), complaint);
    if (fds[0].revents & POLLHUP) ended = ended ? ended : process->wait(static_cast<int>((until_us - clock.now_us()) / 1000 + 1));
  }
  drain(out_read.get(), printed);
  drain(err_read.get(), complaint);
  if (!ended) {
    process->signal(SIGKILL);
    process->wait(500);
    return Error{printed.size() < kMaxOutput ? "It did not answer within 5 s" : "It printed without end", "", ""};
  }
  const std::string words = wire::clean_text(complaint, 600);
  if (ended->by_signal || ended->code != 0) return Error{words.empty() ? english(ended->message()) : words, "", ""};
  return printed;
}

}  // namespace patella::plugin_link
