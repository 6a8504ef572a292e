// The tool's main loop: obeys the command sources until the program below it, if there is one, has ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/bus.hpp"
#include "tool/command_source.hpp"
#include "tool/commands.hpp"
#include "tool/program.hpp"

namespace patella::emulator {

/// One line on stderr, written at once so that lines of a program do not run into it.
void tell(const std::string& text);

class Run {
 public:
  /// program: none = it runs until "quit" or a signal. signal_fd: SIGINT, SIGTERM, SIGHUP and SIGCHLD as a signalfd.
  Run(Bus& bus, std::optional<Program> program, std::vector<CommandSource> sources, int signal_fd);
  /// The program's exit status; without a program 0.
  int until_end();

 private:
  void serve(CommandSource& source);
  bool is_free(CommandSource& source);
  void one_line(CommandSource& source, const std::string& line);
  Answer special(CommandSource& source, const std::vector<std::string>& words);
  Answer quit();
  void wait();
  void take_signals();

  Bus& bus_;
  std::optional<Program> program_;
  std::vector<CommandSource> sources_;
  int signal_fd_;
  bool quit_ = false;
};

}  // namespace patella::emulator
