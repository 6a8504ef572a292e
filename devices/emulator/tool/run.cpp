#include "tool/run.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int kLookMs = 20;

int64_t now_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

void tell(const std::string& text) {
  const std::string line = "patella-emulator: " + text + "\n";
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

Run::Run(Bus& bus, std::optional<Program> program, std::vector<CommandSource> sources, int signal_fd)
    : bus_(bus), program_(std::move(program)), sources_(std::move(sources)), signal_fd_(signal_fd) {}

int Run::until_end() {
  for (;;) {
    for (CommandSource& source : sources_) serve(source);
    if (!program_ && quit_) return 0;
    wait();
    take_signals();
    if (!program_) continue;
    if (const int status = program_->exit_status(); status >= 0) return status;
  }
}

void Run::serve(CommandSource& source) {
  if (source.needs_looking()) source.read_more();
  std::string line;
  while (is_free(source) && source.next_line(line)) one_line(source, line);
  if (program_ && source.input_ended()) program_->end_input();
}

bool Run::is_free(CommandSource& source) {
  if (now_us() < source.sleep_until_us) return false;
  if (source.wait_for_open.empty()) return true;
  if (!bus_.is_open(source.wait_for_open)) return false;
  tell(source.wait_for_open + " is open");
  source.wait_for_open.clear();
  return true;
}

void Run::one_line(CommandSource& source, const std::string& line) {
  const std::vector<std::string> words = split_words(line);
  if (words.empty()) return;
  const Answer answer = special(source, words);
  if (!answer.text.empty()) tell((answer.ok ? "" : "not done: ") + answer.text);
}

Answer Run::quit() {
  quit_ = true;
  if (!program_) return {true, "the devices are pulled"};
  program_->pass_on(SIGTERM);
  return {true, "the program is asked to end"};
}

Answer Run::special(CommandSource& source, const std::vector<std::string>& words) {
  if (words[0] == "quit") return quit();
  if (words[0] == "sleep") {
    const auto ms = words.size() == 2 ? number(words[1], 0, 86'400'000) : std::nullopt;
    if (!ms) return usage_of("sleep");
    source.sleep_until_us = now_us() + static_cast<int64_t>(*ms * 1000);
    return {true, fmt::format("sleeps {} ms", words[1])};
  }
  if (words[0] == "wait") {
    if (words.size() != 3 || words[2] != "opened") return usage_of("wait");
    if (!bus_.has(words[1])) return obey(bus_, {"plug", words[1]});  // says which devices there are
    source.wait_for_open = words[1];
    return {true, "waits for " + words[1]};
  }
  return obey(bus_, words);
}

void Run::wait() {
  std::vector<pollfd> fds = {{signal_fd_, POLLIN, 0}};
  int64_t limit_ms = -1;
  const auto at_most = [&](int64_t ms) { limit_ms = limit_ms < 0 ? ms : std::min(limit_ms, ms); };
  for (const CommandSource& source : sources_) {
    if (source.poll_fd() >= 0) fds.push_back({source.poll_fd(), POLLIN, 0});
    const int64_t pause_us = source.sleep_until_us - now_us();
    if (pause_us > 0) at_most(pause_us / 1000 + 1);
    if (!source.wait_for_open.empty() || source.needs_looking()) at_most(kLookMs);
  }
  if (::poll(fds.data(), fds.size(), static_cast<int>(limit_ms)) <= 0) return;
  for (const pollfd& fd : fds)
    for (CommandSource& source : sources_)
      if (fd.revents && fd.fd == source.poll_fd()) source.read_more();
}

void Run::take_signals() {
  signalfd_siginfo info{};
  while (::read(signal_fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGCHLD) continue;
    if (!program_) quit_ = true;
    // What a terminal sends, the program has got as well.
    const bool from_terminal = info.ssi_code == SI_KERNEL;
    if (program_ && !from_terminal) program_->pass_on(signal);
  }
}

}  // namespace patella::emulator
