// The list of checks. Each runs in a child process of its own.
#pragma once

#include <span>

#include "findings.hpp"
#include "plugin.hpp"

namespace patella::check {

enum class Needs {
  file = 1,  ///< looks at the file only
  entry,     ///< the library is loaded
  tables,    ///< … and its tables may be used
  driver,    ///< … and it is a driver
  exercise   ///< … and it is a module
};

struct Case {
  const char* name;
  Needs needs;
  bool twice;  ///< run in two processes; both must give the same digest
  void (*run)(const Plugin&, const Options&, Findings&);
};

std::span<const Case> all_cases();

// file_cases.cpp
void check_symbols(const Plugin&, const Options&, Findings&);
void check_imports(const Plugin&, const Options&, Findings&);
// manifest_case.cpp
void check_manifest(const Plugin&, const Options&, Findings&);
// table_cases.cpp
void check_abi(const Plugin&, const Options&, Findings&);
void check_names(const Plugin&, const Options&, Findings&);
void check_parameters(const Plugin&, const Options&, Findings&);
void check_channels(const Plugin&, const Options&, Findings&);
void check_matches(const Plugin&, const Options&, Findings&);
// driver_cases.cpp
void check_driver_life(const Plugin&, const Options&, Findings&);
void check_driver_wrong_order(const Plugin&, const Options&, Findings&);
void check_driver_no_answer(const Plugin&, const Options&, Findings&);
void check_driver_write_fails(const Plugin&, const Options&, Findings&);
void check_driver_random_bytes(const Plugin&, const Options&, Findings&);
void check_driver_endless_line(const Plugin&, const Options&, Findings&);
void check_driver_slices(const Plugin&, const Options&, Findings&);
void check_driver_time_jumps(const Plugin&, const Options&, Findings&);
void check_driver_commands(const Plugin&, const Options&, Findings&);
void check_driver_limits(const Plugin&, const Options&, Findings&);
void check_driver_many_lives(const Plugin&, const Options&, Findings&);
// module_cases.cpp
void check_module_replay(const Plugin&, const Options&, Findings&);
void check_module_batches(const Plugin&, const Options&, Findings&);
void check_module_view(const Plugin&, const Options&, Findings&);
void check_module_done(const Plugin&, const Options&, Findings&);
void check_module_random_stream(const Plugin&, const Options&, Findings&);
void check_module_missing_channels(const Plugin&, const Options&, Findings&);
void check_module_limits(const Plugin&, const Options&, Findings&);
void check_module_hour(const Plugin&, const Options&, Findings&);
void check_module_many_lives(const Plugin&, const Options&, Findings&);

}  // namespace patella::check
