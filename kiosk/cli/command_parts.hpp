// What the commands do alike: fail with a sentence, end when they are told to, ask the running kiosk, open the
// log themselves when none runs.
#pragma once

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "runtime/assembly.hpp"
#include "store/store.hpp"

namespace patella::cli {

using namespace runtime;

/// Prints the sentence; the exit status.
int failed(const std::string& text);
/// Prints lines for people: what names and devices say in them cannot steer a terminal.
void say(std::FILE* to, std::string_view lines);

/// The answer of the kiosk that runs on this state folder. Error: it refused, or did not answer. nullopt:
/// none runs.
std::optional<Result<nlohmann::json>> ask_running(const Paths& paths, const std::string& request);
/// The same for a question without more to say than its name: "status".
std::optional<Result<nlohmann::json>> ask_running_for(const Paths& paths, const std::string& what);

/// Readable when somebody wants the program to end (Ctrl-C, kill, a closed terminal). Blocks these signals for this thread.
UniqueFd ending_signals();

/// The log of this folder, opened for writing: it may be migrated, or set aside when it is damaged, which is
/// told on the standard error output.
Result<std::unique_ptr<store::Store>> open_log(const Paths& paths);
/// The same for a command that is going to write. Error: a kiosk runs, which has the log and the devices.
Result<std::unique_ptr<store::Store>> own_log(const Paths& paths);
/// What the log had to say meanwhile, to the same place.
void tell_notices(store::Store& log);

/// A list: what the running kiosk answers to `what`, or what `read` finds in the log when none runs. Prints it as it is, or as
/// `table` makes it; the exit status.
int print_rows(const Paths& paths, bool json, const char* what, Result<std::string> (*read)(store::Store&),
               std::string (*table)(const std::string&));

inline constexpr std::size_t kMaxOfName = 60;  ///< letters of a person's name
/// Why a name cannot be stored so that it can be read again; "" = it can.
std::string wrong_with_name(const std::string& name, std::size_t most);

}  // namespace patella::cli
