#include "tool/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "mock_bus/mock_bus.hpp"

namespace patella::emulator {

namespace {

std::vector<std::string> child_environment() {
  static constexpr const char* kPreload = "LD_PRELOAD=";
  const std::string ours = MockBus::preload_library();
  std::string preload = ours;
  std::vector<std::string> out;
  for (char** variable = environ; *variable; ++variable) {
    const std::string text = *variable;
    if (!text.starts_with(kPreload)) {
      out.push_back(text);
      continue;
    }
    // What is there stays first: a sanitizer's library has to be.
    const std::string there = text.substr(std::strlen(kPreload));
    if (there.find(ours) != std::string::npos)
      preload = there;
    else if (!there.empty())
      preload = there + ":" + ours;
  }
  out.push_back(kPreload + preload);
  out.emplace_back("PATELLA_UNDER_UMOCKDEV=1");
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Result<Program> Program::start(const std::vector<std::string>& argv) {
  int input[2];
  if (::pipe2(input, O_CLOEXEC) != 0) return Error{"no pipe: " + std::string(std::strerror(errno)), argv[0], ""};
  Program program;
  program.input_.reset(input[1]);
  const UniqueFd child_input(input[0]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> arguments = argv, environment = child_environment();
  const int failed = posix_spawnp(&program.pid_, argv[0].c_str(), &actions, &attributes, pointers(arguments).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed) return Error{"cannot be started: " + std::string(std::strerror(failed)), argv[0], ""};
  return program;
}

void Program::pass_on(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

int Program::exit_status() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return -1;
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace patella::emulator
