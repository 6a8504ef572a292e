// patella-emulator: runs a program with emulated exercise devices plugged in.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>
#include <utility>

#include "emulator/catalog.hpp"
#include "mock_bus/mock_bus.hpp"
#include "tool/command_source.hpp"
#include "tool/commands.hpp"
#include "tool/program.hpp"

namespace {

using namespace patella;
using namespace patella::emulator;

constexpr int kLookMs = 20;
constexpr int kCannotStart = 127, kWrongUse = 2;

struct Options {
  std::string kinds, script, control;
  uint64_t seed = 1;
  std::vector<std::string> program;
};

/// One line on stderr, written at once so that lines of the program do not run into it.
void tell(const std::string& text) {
  const std::string line = "patella-emulator: " + text + "\n";
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

NodeKind node_kind(const Wish& wish) {
  const auto node = wish.options.find("node");
  if (node == wish.options.end() || node->second == "fifo") return NodeKind::fifo;
  return node->second == "pty" ? NodeKind::pty : NodeKind::file;
}

Status add_devices(MockBus& bus, const Options& options) {
  std::istringstream kinds(options.kinds);
  uint64_t seed = options.seed * 1000;
  for (std::string text; std::getline(kinds, text, ',');) {
    Result<Wish> wish = parse_wish(text);
    if (!wish) return wish.error();
    Result<Made> made = make_model(*wish, ++seed);
    if (!made) return made.error();
    for (int n = 2; bus.has(wish->name); ++n) wish->name = fmt::format("{}-{}", wish->kind, n);
    const Status added = made->usb ? bus.add(wish->name, std::move(made->usb), node_kind(*wish))
                                   : bus.add(wish->name, std::move(made->serial));
    if (!added) return added;
    const Status plugged = bus.plug(wish->name);
    if (!plugged) return plugged;
    tell(fmt::format("{} is {}", wish->name, bus.node_of(wish->name)));
  }
  return {};
}

class Run {
 public:
  Run(MockBus& bus, Program program, std::vector<CommandSource> sources, int signal_fd)
      : bus_(bus), program_(std::move(program)), sources_(std::move(sources)), signal_fd_(signal_fd) {}

  /// Until the program ends; its exit status.
  int until_end() {
    for (;;) {
      for (CommandSource& source : sources_) serve(source);
      wait();
      take_signals();
      if (const int status = program_.exit_status(); status >= 0) return status;
    }
  }

 private:
  void serve(CommandSource& source) {
    if (source.needs_looking()) source.read_more();
    std::string line;
    while (is_free(source) && source.next_line(line)) one_line(source, line);
    if (source.input_ended()) program_.end_input();
  }

  bool is_free(CommandSource& source) {
    if (MockBus::now_us() < source.sleep_until_us) return false;
    if (source.wait_for_open.empty()) return true;
    if (!bus_.is_open(source.wait_for_open)) return false;
    tell(source.wait_for_open + " is open");
    source.wait_for_open.clear();
    return true;
  }

  void one_line(CommandSource& source, const std::string& line) {
    const std::vector<std::string> words = split_words(line);
    if (words.empty()) return;
    Answer answer = special(source, words);
    if (!answer.text.empty()) tell((answer.ok ? "" : "not done: ") + answer.text);
  }

  Answer special(CommandSource& source, const std::vector<std::string>& words) {
    if (words[0] == "quit") {
      program_.pass_on(SIGTERM);
      return {true, "the program is asked to end"};
    }
    if (words[0] == "sleep") {
      const auto ms = words.size() == 2 ? number(words[1], 0, 86'400'000) : std::nullopt;
      if (!ms) return usage_of("sleep");
      source.sleep_until_us = MockBus::now_us() + static_cast<int64_t>(*ms * 1000);
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

  void wait() {
    std::vector<pollfd> fds = {{signal_fd_, POLLIN, 0}};
    int64_t limit_ms = -1;
    const auto at_most = [&](int64_t ms) { limit_ms = limit_ms < 0 ? ms : std::min(limit_ms, ms); };
    for (const CommandSource& source : sources_) {
      if (source.poll_fd() >= 0) fds.push_back({source.poll_fd(), POLLIN, 0});
      const int64_t pause_us = source.sleep_until_us - MockBus::now_us();
      if (pause_us > 0) at_most(pause_us / 1000 + 1);
      if (!source.wait_for_open.empty() || source.needs_looking()) at_most(kLookMs);
    }
    if (::poll(fds.data(), fds.size(), static_cast<int>(limit_ms)) <= 0) return;
    for (const pollfd& fd : fds)
      for (CommandSource& source : sources_)
        if (fd.revents && fd.fd == source.poll_fd()) source.read_more();
  }

  void take_signals() {
    signalfd_siginfo info{};
    while (::read(signal_fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const int signal = static_cast<int>(info.ssi_signo);
      // What a terminal sends, the program has got as well.
      const bool from_terminal = info.ssi_code == SI_KERNEL;
      if (signal != SIGCHLD && !from_terminal) program_.pass_on(signal);
    }
  }

  MockBus& bus_;
  Program program_;
  std::vector<CommandSource> sources_;
  int signal_fd_;
};

int fail(const Error& error, int status = kWrongUse) {
  tell(error.text());
  return status;
}

int run(const Options& options) {
  // Blocked before any thread starts, so that they all come by the descriptor.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd signal_fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));

  std::vector<CommandSource> sources;
  sources.push_back(CommandSource::standard_input());
  if (!options.script.empty()) {
    Result<CommandSource> script = CommandSource::script(options.script);
    if (!script) return fail(script.error());
    sources.push_back(std::move(*script));
  }
  if (!options.control.empty()) {
    Result<CommandSource> control = CommandSource::control(options.control);
    if (!control) return fail(control.error());
    sources.push_back(std::move(*control));
  }
  Result<std::unique_ptr<MockBus>> bus = MockBus::make();
  if (!bus) return fail(bus.error());
  const Status added = add_devices(**bus, options);
  if (!added) return fail(added.error());
  Result<Program> program = Program::start(options.program);
  if (!program) return fail(program.error(), kCannotStart);
  return Run(**bus, std::move(*program), std::move(sources), signal_fd.get()).until_end();
}

int list() {
  for (const Kind& kind : kinds())
    fmt::print("{:<12} {}  {}\n{:<12} options: name=WORD {}\n", kind.name, kind.ids, kind.about, "",
               kind.options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs a program with emulated exercise devices plugged in: no hardware, no root.");
  app.require_subcommand(1);
  Options options;
  CLI::App* list_command = app.add_subcommand("list", "The kinds of devices and what they are");
  CLI::App* run_command =
      app.add_subcommand("run", "Runs PROGRAM with the devices; commands on stdin (try: help)");
  run_command->add_option("kinds", options.kinds, "KIND[:KEY=VALUE...][,KIND...]")->required();
  run_command->add_option("--script", options.script, "A file of commands");
  run_command->add_option("--control", options.control,
                          "A FIFO (made when missing) or a file that is followed");
  run_command->add_option("--seed", options.seed, "Makes the random parts repeatable");
  run_command->add_option("program", options.program, "-- PROGRAM ARGS...")->required();
  // What follows "--" is the program's, dashes and all; CLI11 is not to look at it.
  int ours = 0;
  while (ours < argc && std::string(argv[ours]) != "--") ++ours;
  if (ours < argc) options.program.assign(argv + ours + 1, argv + argc);
  if (!options.program.empty()) run_command->remove_option(run_command->get_option("program"));
  try {
    app.parse(ours, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : kWrongUse;
  }
  return list_command->parsed() ? list() : run(options);
}
