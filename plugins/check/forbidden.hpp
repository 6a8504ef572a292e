// What a plugin must not call, and why. A plugin gets bytes, samples and time through its interface, so everything by
// which it could get at something else is forbidden:
//   threads and processes   it is called from one thread of a child that may start nothing
//   files, sockets, devices the plugin host owns all of them; the child is confined
//   clocks and sleeping     time comes in as t_us, or a replay would differ; blocking stops the heartbeat
//   randomness              comes from host->random, whose seed is in the log
//   locale, environment     would make the same input give another result on another machine
//   stdout and stderr       belong to the host; say it with host->log
//   libraries               only libc, libm and the compiler's own run-time libraries
// For modules also the transcendental functions of libm: their last bits differ between systems and a replay is
// compared bit for bit. snprintf and strtod are allowed: the child never sets a locale.
#pragma once

#include <string>
#include <string_view>

namespace patella::check {

/// Why this imported symbol is forbidden; "" when it is allowed.
std::string why_forbidden(std::string_view symbol, bool exercise_module);
/// Hint for an import that is allowed but often a mistake; "" when there is none.
std::string why_doubtful(std::string_view symbol, bool exercise_module);
/// Why this needed library is forbidden; "" when it is allowed.
std::string why_forbidden_library(std::string_view library);
/// The compiler's own helpers (sanitizers, profiling) that say nothing about the plugin.
bool belongs_to_compiler(std::string_view symbol);

}  // namespace patella::check
