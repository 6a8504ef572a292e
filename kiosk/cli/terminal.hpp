// A station in the terminal: one line an occurrence, keys or a script instead of touches.
#pragma once

#include <string>

#include "runtime/assembly.hpp"
#include "runtime/store_thread.hpp"

namespace patella::cli {

using namespace runtime;

struct TerminalOptions {
  std::string station;   ///< "" = the first one that offers the exercise
  std::string exercise;  ///< of those that the station offers; "" = its first
  std::string client = "guest";
  std::string script;     ///< path; "" = keys, or by itself when headless
  bool headless = false;  ///< no keys: answers the questions, starts when the station is ready, ends when it is done
  bool resume = false;    ///< go on with a session that was cut off, if there is one
};

/// Runs one session to its end. Prints "TIME KIND key=value …" lines, each after what it tells is on the disk
/// (readouts apart). Returns the exit status: 0 the session was stored, 1 it could not be.
int run_terminal(const TerminalOptions& options, Assembly assembly, const plugin_link::HostOptions& host, StoreThread& store,
                 const Clock& clock, Log& log);

}  // namespace patella::cli
