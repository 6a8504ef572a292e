// The language of scenarios: one command a line, one answer a command.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emulator/bus.hpp"

namespace patella::emulator {

struct CommandHelp {
  const char* word;
  const char* usage;  ///< with its arguments
  const char* about;
};
std::span<const CommandHelp> command_help();

/// The words of a line; none for an empty line or a comment (#).
std::vector<std::string> split_words(const std::string& line);

struct Answer {
  bool ok = true;
  std::string text;  ///< what was done, or what is wrong and what would be right
};

/// Everything but what takes time of its own (sleep, wait) or ends the run (quit).
Answer obey(Bus& bus, const std::vector<std::string>& words);

/// A whole number, or a number with a point, within [low, high].
std::optional<double> number(const std::string& word, double low, double high);
/// "usage: pull NAME PEAK_N HOLD_S [COUNT]"
Answer usage_of(const std::string& word);

}  // namespace patella::emulator
