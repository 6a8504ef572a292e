// A program started by a test, its lines, and its end.
#pragma once

#include <spawn.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <csignal>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "mock_bus/mock_bus.hpp"

namespace patella::emulator {

class Child {
 public:
  /// under_emulation: LD_PRELOAD is set for it; UMOCKDEV_DIR is in the environment of a process with a
  /// MockBus.
  explicit Child(std::vector<std::string> argv, bool under_emulation = true) {
    int input[2], output[2];
    if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) return;
    input_.reset(input[1]);
    output_.reset(output[0]);
    const UniqueFd child_input(input[0]), child_output(output[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    std::vector<char*> arguments;
    for (std::string& argument : argv) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    std::vector<std::string> variables;
    for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
    if (under_emulation) {
      variables.push_back(std::string("LD_PRELOAD=") + MockBus::preload_library());
      variables.emplace_back("ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0");
    }
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    if (posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environment.data()) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  void write(const std::string& text) { static_cast<void>(!::write(input_.get(), text.data(), text.size())); }
  void end_input() { input_.reset(); }
  void kill(int signal) const { ::kill(pid_, signal); }

  /// Reads lines until one begins so; false after 20 s or at the end of the output.
  bool wait_line(const std::string& beginning) {
    const int64_t end_us = MockBus::now_us() + 20'000'000;
    for (;;) {
      const std::size_t line_end = rest_.find('\n');
      if (line_end != std::string::npos) {
        line_ = rest_.substr(0, line_end);
        rest_.erase(0, line_end + 1);
        if (line_.starts_with(beginning)) return true;
        continue;
      }
      const int64_t left_ms = (end_us - MockBus::now_us()) / 1000;
      pollfd wait{output_.get(), POLLIN, 0};
      if (left_ms <= 0 || ::poll(&wait, 1, static_cast<int>(left_ms)) <= 0) return false;
      char chunk[4096];
      const ssize_t got = ::read(output_.get(), chunk, sizeof chunk);
      if (got <= 0) return false;
      rest_.append(chunk, static_cast<std::size_t>(got));
    }
  }
  const std::string& line() const { return line_; }
  void forget_lines() {
    char chunk[4096];
    pollfd now{output_.get(), POLLIN, 0};
    while (::poll(&now, 1, 0) > 0 && ::read(output_.get(), chunk, sizeof chunk) > 0) {
    }
    rest_.clear();
  }
  /// The exit status, or minus the signal's number.
  int wait_end() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = -1;
  UniqueFd input_, output_;
  std::string rest_, line_;
};

}  // namespace patella::emulator
