#include "emulator_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace patella::vm {

EmulatorProcess::EmulatorProcess(const std::string& kinds) {
  int input[2], answers[2];
  if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) return;
  input_.reset(input[1]);
  answers_.reset(answers[0]);
  const UniqueFd child_input(input[0]), child_answers(answers[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, answers[1], STDERR_FILENO);
  std::string program = "patella-emulator", face = "vhci", list = kinds, flag = "--unplugged";
  char* arguments[] = {program.data(), face.data(), list.data(), flag.data(), nullptr};
  if (posix_spawnp(&pid_, program.c_str(), &actions, nullptr, arguments, environ) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
}

EmulatorProcess::~EmulatorProcess() {
  if (pid_ <= 0) return;
  // It may belong to another user by now; the end of its pipe does not end it.
  static_cast<void>(ask("quit"));
  ::waitpid(pid_, nullptr, 0);
}

std::string EmulatorProcess::ask(const std::string& command) {
  const std::string line = command + "\n";
  if (pid_ <= 0 || ::write(input_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) return "";
  for (;;) {
    const std::size_t end = rest_.find('\n');
    if (end != std::string::npos) {
      std::string answer = rest_.substr(0, end);
      rest_.erase(0, end + 1);
      const std::string name = "patella-emulator: ";
      return answer.starts_with(name) ? answer.substr(name.size()) : answer;
    }
    pollfd wait{answers_.get(), POLLIN, 0};
    char chunk[1024];
    if (::poll(&wait, 1, 60'000) <= 0) return "";
    const ssize_t got = ::read(answers_.get(), chunk, sizeof chunk);
    if (got <= 0) return "";
    rest_.append(chunk, static_cast<std::size_t>(got));
  }
}

}  // namespace patella::vm
